#pragma once

#include "usher/sandbox.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace usher::sandbox {

// Pages that no API document describes.
enum class builtin : std::uint8_t { none, token, keys, configuration, authorize, logout, clerk_keys };

struct reply {
    reply() = default;

    int status = 200;
    int retry_after = -1;
    std::string body;
    std::string trace_id;                                          // of an error
    std::vector<std::pair<std::string_view, std::string>> headers; // further ones
    const fault* failing = nullptr;                                // what shall go wrong with this answer
    bool refused = false;                                          // by a limit
    service of = service::clerk;                                   // whose error bodies fit
    builtin page = builtin::none;

    void clear()
    {
        status = 200;
        retry_after = -1;
        body.clear();
        trace_id.clear();
        headers.clear();
        failing = nullptr;
        refused = false;
        page = builtin::none;
    }
};

} // namespace usher::sandbox
