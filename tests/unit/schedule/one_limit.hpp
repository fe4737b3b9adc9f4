// A scheduler of an instance with one limit.
#ifndef USHER_TESTS_SCHEDULE_ONE_LIMIT_HPP
#define USHER_TESTS_SCHEDULE_ONE_LIMIT_HPP

#include "schedule/scheduler.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace schedule_tests {

/// Every operation draws on the instance alone; the pace is whole from the start.
class one_limit {
public:
    explicit one_limit(usher::quota limit, usher::schedule::duration timeout = std::chrono::seconds(30))
        : all(std::make_shared<usher::schedule::rule_table>(
                  (limit.slow_start = std::chrono::milliseconds(0), std::move(limit))),
              timeout)
    {
    }

    usher::schedule::demand call(std::uint16_t endpoint) const { return {endpoint, all.rules().draws(endpoint, {})}; }
    std::optional<usher::schedule::ticket> try_admit(std::uint16_t endpoint, usher::schedule::time_point now)
    {
        return all.try_admit(call(endpoint), now);
    }
    /// Admits as many as may leave now.
    std::vector<usher::schedule::ticket> drain(usher::schedule::time_point now, std::uint16_t endpoint = 0)
    {
        std::vector<usher::schedule::ticket> passes;
        while (auto pass = try_admit(endpoint, now))
            passes.push_back(std::move(*pass));
        return passes;
    }
    /// When somebody who comes now would start, if not at once.
    usher::schedule::time_point earliest(std::uint16_t endpoint, usher::schedule::time_point now)
    {
        entry one(call(endpoint), usher::schedule::time_point::max());
        all.join(one, now);
        usher::schedule::ticket pass;
        BOOST_REQUIRE(!all.next(now, pass));
        const auto look = all.next_look(now);
        all.leave(one, now);
        return look;
    }

    class entry final : public usher::schedule::waiting_entry {
    public:
        using waiting_entry::waiting_entry;
    };

    usher::schedule::scheduler all;
};

} // namespace schedule_tests

#endif
