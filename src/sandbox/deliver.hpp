#pragma once

#include "usher/sandbox.hpp"

#include <string>
#include <utility>
#include <vector>

namespace usher::sandbox {

// An event as it goes over the wire.
struct message {
    message() = default;

    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
};

// Errors: std::invalid_argument for a type, data or secret that cannot be.
message sign_event(const event& what, std::int64_t wall);

// Posts it, on a connection of its own, and waits.
int deliver(const event& what, const std::string& authority_pem);

} // namespace usher::sandbox
