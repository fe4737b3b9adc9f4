#pragma once

#include "sandbox/api.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace usher::sandbox {

// From method and path to an operation: a tree of segments, literals before captures. A segment of a template may be a
// literal, a whole capture, or a capture with text around it ("organizations:external", "{id}:enable").
class router {
public:
    void add(const operation& o);

    struct match {
        const operation* found = nullptr; // nothing: no such method here
        bool path_known = false;
    };

    // `captures` gets the values in the order of the path, still percent-encoded.
    match find(std::string_view method, std::string_view path, std::vector<std::string_view>& captures) const;

private:
    struct node {
        std::map<std::string, std::unique_ptr<node>, std::less<>> literals;
        struct capture {
            std::string prefix, suffix;
            std::unique_ptr<node> next;
        };
        std::vector<capture> captures; // the longest fixed text first
        std::map<std::string, const operation*, std::less<>> methods;
    };

    static const node* descend(const node& from, std::string_view rest, std::string_view method,
                               std::vector<std::string_view>& captures, const node*& other);

    node root_;
};

} // namespace usher::sandbox
