// A scheduler, those who wait for it, and its answers: in virtual time, without an executor.
#ifndef USHER_TESTS_SCHEDULE_WAITING_INSTANCE_HPP
#define USHER_TESTS_SCHEDULE_WAITING_INSTANCE_HPP

#include "schedule/scheduler.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>
#include <set>
#include <utility>
#include <vector>

namespace waiting_tests {

using namespace std::chrono_literals;
using namespace usher::schedule;
using usher::lane;
using usher::quota;
using usher::quota_key;

inline constexpr time_point start{1h};

/// One every 10 ms, no burst, no cap that matters.
inline quota one_per_10_ms()
{
    quota limit(101, 1s);
    limit.burst = 1;
    limit.least_spread = limit.most_spread = limit.slow_start = 0ms;
    limit.in_flight = 1'000'000;
    return limit;
}

class entry final : public waiting_entry {
public:
    entry(const demand& what, time_point deadline, int place) : waiting_entry(what, deadline), number(place) {}
    int number;
};

class instance {
public:
    explicit instance(const quota& limit = one_per_10_ms())
        : rules(std::make_shared<rule_table>(limit)), all(std::make_unique<scheduler>(rules))
    {
    }

    demand what(std::uint16_t endpoint, lane priority = lane::interactive, std::uint16_t tenant = 0)
    {
        return {endpoint, rules->draws(endpoint, {}), priority, tenant};
    }
    /// As if it named a record.
    demand with_record(std::uint16_t rule, std::uint64_t record, lane priority = lane::interactive)
    {
        auto made = what(0, priority);
        draw one;
        one.rule = rule;
        one.key = record;
        made.draws.add(one);
        return made;
    }
    entry& join(const demand& which, time_point deadline = time_point::max())
    {
        auto& one = entries.emplace_back(which, deadline, static_cast<int>(entries.size()));
        all->join(one, now);
        return one;
    }
    /// The numbers of those that start until then, in their order; each is answered `answered_after` its start.
    std::vector<int> run_until(time_point end)
    {
        std::vector<int> order;
        for (;;) {
            ticket pass;
            while (auto* one = all->next(now, pass)) {
                order.push_back(static_cast<entry*>(one)->number);
                if (pass.valid())
                    open.push_back({now, std::move(pass)});
                else
                    expired.insert(order.back());
            }
            auto next = std::min(all->next_look(now), end);
            if (!open.empty())
                next = std::min(next, open.front().first + answered_after);
            if (next >= end) {
                now = end;
                return order;
            }
            BOOST_REQUIRE((next >= now));
            now = std::max(next, now + 1ns);
            while (!open.empty() && open.front().first + answered_after <= now) {
                all->answered(open.front().second, open.front().first, now, answer_info(200));
                open.pop_front();
            }
        }
    }
    std::vector<int> run(duration length) { return run_until(now + length); }

    std::deque<entry> entries; // gone after those who know them
    std::shared_ptr<const rule_table> rules;
    std::unique_ptr<scheduler> all;
    std::deque<std::pair<time_point, ticket>> open;
    std::set<int> expired;
    duration answered_after = 1ms;
    time_point now = start;
};

inline quota with_records(std::uint32_t requests, std::chrono::milliseconds window)
{
    auto limit = one_per_10_ms();
    auto& record = limit.rules.emplace_back("record", requests, window);
    record.key = quota_key::entity;
    record.paths = {"/things/{id}"};
    return limit;
}

} // namespace waiting_tests

#endif
