#pragma once

#include "sandbox/api.hpp"
#include "sandbox/form.hpp"
#include "sandbox/problem.hpp"

namespace usher::sandbox {

// Holds a value that a client sent against its schema; adds what is wrong with it to `found`, at most a dozen.
void check(const json::value& value, const schema& against, const std::string& name, problems& found);

// Whether a value fits: used to carry a request's members over into an answer.
bool fits(const json::value& value, const schema& against);

struct request {
    request() = default;

    std::string_view method, target; // target: path and query, percent-encoded
    std::string_view authorization, content_type, if_match, expect;
    std::string_view body;
};

// What a request means, once it is known to be valid.
struct call {
    call() = default;

    const operation* of = nullptr;
    std::vector<std::string> captures; // of the path, decoded
    json::object query;                // typed; arrays as arrays
    json::value body;                  // null when there is none
    bool has_body = false;
    std::string_view if_match;
    std::vector<part> parts;
};

// Reads path, query, headers and body as the operation says. What is wrong is added to `found`; `to` is whole if
// nothing is.
void check_request(const request& from, const operation& of, std::string_view query, bool strict_body, call& to,
                   problems& found);

} // namespace usher::sandbox
