#pragma once

#include "usher/sandbox.hpp"

#include <chrono>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace usher::sandbox {

// Rate limits as services count them. Pure: time is an argument, and never goes backwards.
//
// A request draws on several buckets at once (instance, endpoint, entity). It is admitted when every one of them has
// room and then counts in all of them; a refused one counts in none, unless the rules charge refused requests too.

using instant = std::chrono::steady_clock::time_point;
using span = std::chrono::steady_clock::duration;

class bucket {
public:
    bucket(algorithm how, allowance rule, std::uint32_t burst, instant start, span phase);

    // How long until one request fits; zero when it fits now.
    [[nodiscard]] span wait(instant now);
    void charge(instant now);

    // Nothing is counted any more: the bucket may be forgotten.
    [[nodiscard]] bool idle(instant now);

private:
    void advance(instant now);

    algorithm how_;
    std::uint32_t requests_;
    span window_;
    std::uint32_t burst_;
    instant window_start_; // of the fixed and the counted window
    std::uint32_t counted_ = 0;
    std::uint32_t before_ = 0; // in the window before
    std::deque<instant> log_;
    instant arrival_; // gcra: the theoretical arrival time
};

// The limits of one instance, which its secret key identifies.
class limiter {
public:
    limiter(const limits& rules, bool production, instant start);

    // `path` is the operation's template ("/users/{}"), `captures` what stands in its place.
    // Zero: admitted. Otherwise refused, and the time after which it would be admitted.
    span admit(std::string_view method, std::string_view path, const std::vector<std::string>& captures, instant now);

private:
    bucket& get(const std::string& name, allowance rule, instant now);

    limits rules_;
    allowance instance_;
    instant start_;
    std::unordered_map<std::string, bucket> buckets_;
    std::size_t sweep_at_ = 10'000;
};

// Whole seconds for Retry-After: rounded up, at least one.
int retry_after_seconds(span wait);

} // namespace usher::sandbox
