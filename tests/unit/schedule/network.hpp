// A way to a service that varies and sometimes stands still.
#ifndef USHER_TESTS_SCHEDULE_NETWORK_HPP
#define USHER_TESTS_SCHEDULE_NETWORK_HPP

#include "random.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace schedule_tests {

struct way {
    way() = default;
    way(std::chrono::milliseconds mean_, std::chrono::milliseconds spread_) : mean(mean_), spread(spread_) {}
    /// Log-normal round trips: the median is 80 ms, one of a thousand takes more than 2 s.
    static way heavy_tail()
    {
        way path;
        path.is_log_normal = true;
        return path;
    }
    way with_stalls() const
    {
        auto path = *this;
        path.stall = std::chrono::seconds(2);
        path.every = std::chrono::seconds(37);
        return path;
    }

    std::chrono::milliseconds mean{80};   ///< of the round trip
    std::chrono::milliseconds spread{40}; ///< around the mean, either way
    bool is_log_normal = false;           ///< instead
    double outliers = 0;                  ///< share of round trips that take up to three times as long
    double lost = 0;                      ///< share of requests that get no answer; half of them never arrive
    double failing = 0;                   ///< share of requests that the service answers with 503 or 504
    std::chrono::milliseconds stall{0};   ///< nothing passes for so long …
    std::chrono::milliseconds every{0};   ///< … each time that this is over; 0: never
    std::chrono::microseconds late{0};    ///< the client's timers are late by up to this
};

struct delays {
    duration there;
    duration back;
};

class network {
public:
    network(const way& path, time_point start, chance& dice) : path_(path), start_(start), share_there_(dice.share()) {}

    /// The least round trip has its share on the way there for good; of what comes on top any part may be.
    delays draw(chance& dice) const noexcept
    {
        duration least = path_.mean - path_.spread;
        duration whole{};
        if (path_.is_log_normal) {
            constexpr double sigma = 1.0417; // 80 ms × e^(3.09 σ) = 2 s
            least = std::chrono::milliseconds(5);
            whole = std::max(least, duration(static_cast<duration::rep>(80e6 * std::exp(sigma * dice.normal()))));
        } else {
            whole = dice.within(least, path_.mean + path_.spread);
        }
        if (dice.happens(path_.outliers))
            whole = dice.within(whole, 3 * whole);
        const auto there = duration(static_cast<duration::rep>(static_cast<double>(least.count()) * share_there_)) +
                           dice.within(duration::zero(), whole - least);
        return {there, whole - there};
    }

    /// When what would get through at `when` does: not during a stall.
    time_point passes(time_point when) const noexcept
    {
        if (path_.every == path_.every.zero())
            return when;
        const auto into = (when - start_) % path_.every;
        const auto stall_begins = duration(path_.every - path_.stall);
        return into < stall_begins ? when : when + (path_.every - into);
    }
    /// Share of the time between two moments in which the way was open.
    double open_share(time_point from, time_point to) const noexcept
    {
        if (path_.every == path_.every.zero())
            return 1;
        const auto open_until = [this](time_point when) {
            const duration into = (when - start_) % path_.every;
            const duration open = path_.every - path_.stall;
            return (when - start_) / path_.every * open + std::min(into, open);
        };
        return std::chrono::duration<double>(open_until(to) - open_until(from)) /
               std::chrono::duration<double>(to - from);
    }

    const way& path() const noexcept { return path_; }

private:
    way path_;
    time_point start_;
    double share_there_;
};

} // namespace schedule_tests

#endif
