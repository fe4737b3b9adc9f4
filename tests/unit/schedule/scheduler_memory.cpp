// Limits with long windows, over a restart.
#include "schedule/scheduler.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace usher::schedule;
using usher::quota;
using usher::quota_key;

namespace {

constexpr time_point start{1h};
constexpr std::chrono::system_clock::time_point wall{1'700'000'000s};

quota hourly(std::uint32_t requests)
{
    quota limit(100'000, 10s);
    limit.slow_start = 0ms;
    limit.in_flight = 1000;
    auto& rule = limit.rules.emplace_back("invitations", requests, 1h);
    rule.key = quota_key::endpoint;
    rule.operations = {};
    return limit;
}

class life {
public:
    explicit life(std::uint32_t requests = 20)
        : rules(std::make_shared<rule_table>(hourly(requests))), all(std::make_unique<scheduler>(rules))
    {
    }

    /// Calls, one after the other, until it is refused.
    std::size_t use_up(time_point& now, std::size_t most = 1000)
    {
        std::size_t used = 0;
        while (used != most) {
            auto pass = all->try_admit(demand(3, rules->draws(3, {})), now);
            if (!pass)
                break;
            ++used;
            now += 1ms;
            all->answered(*pass, now, now, answer_info(200));
        }
        return used;
    }

    std::shared_ptr<const rule_table> rules;
    std::unique_ptr<scheduler> all;
};

auto wall_at(time_point now)
{
    return wall + std::chrono::duration_cast<std::chrono::system_clock::duration>(now - start);
}

} // namespace

BOOST_AUTO_TEST_SUITE(scheduler_memory)

BOOST_AUTO_TEST_CASE(ten_lives_within_an_hour_use_a_limit_per_hour_once)
{
    auto now = start;
    std::size_t used = 0;
    std::string kept;
    for (int i = 0; i != 10; ++i) {
        life one;
        // The first life has nothing to remember: it starts almost empty, and the rest comes evenly.
        one.all->restore(
            kept.empty() ? R"({"version":1,"buckets":[{"rule":"invitations","key":"4","burst":0,"tried":2,"free":[]}]})"
                         : kept,
            now, wall_at(now));
        used += one.use_up(now, 7);
        kept = one.all->save(now, wall_at(now));
        now += 5min;
    }
    BOOST_TEST(used == 20U);
    // An hour after the first ones they are free again.
    now = start + 61min;
    life last;
    last.all->restore(kept, now, wall_at(now));
    BOOST_TEST(last.use_up(now) == 7U); // those of the second life are not an hour old
}

BOOST_AUTO_TEST_CASE(what_is_on_its_way_when_the_process_dies_counts)
{
    auto now = start;
    life one(10);
    one.all->restore(R"({"version":1,"buckets":[{"rule":"invitations","key":"4","burst":0,"tried":10,"free":[]}]})",
                     now, wall);
    BOOST_TEST(!one.all->take_unsaved());
    auto pass = one.all->try_admit(demand(3, one.rules->draws(3, {})), now);
    BOOST_REQUIRE(pass);
    BOOST_TEST(one.all->take_unsaved());
    BOOST_TEST(!one.all->take_unsaved());
    const auto kept = one.all->save(now, wall);
    life other(10);
    other.all->restore(kept, now, wall);
    BOOST_TEST(other.use_up(now) == 9U);
    one.all->unanswered(*pass, now, true);
}

BOOST_AUTO_TEST_CASE(without_a_memory_a_twentieth_may_leave_at_once_and_the_rest_evenly)
{
    auto now = start;
    life one(100);
    BOOST_TEST(one.use_up(now) == 5U);
    std::size_t used = 5;
    for (int i = 0; i != 59; ++i) {
        now += 1min;
        used += one.use_up(now);
    }
    BOOST_TEST(used >= 97U);
    BOOST_TEST(used <= 100U);
}

BOOST_AUTO_TEST_CASE(what_was_before_a_first_life_stays_unknown_for_the_lives_after_it)
{
    auto now = start;
    std::string kept;
    std::size_t used = 0;
    for (int i = 0; i != 10; ++i) {
        life one(100);
        if (!kept.empty())
            one.all->restore(kept, now, wall_at(now));
        used += one.use_up(now);
        kept = one.all->save(now, wall_at(now));
        now += 1min;
    }
    // A twentieth, and what an even pace gives in ten minutes.
    BOOST_TEST(used >= 5U);
    BOOST_TEST(used <= 5U + 17U);
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_set_back_closes_a_limit_for_no_longer_than_its_window)
{
    auto now = start;
    life one(10);
    one.use_up(now);
    const auto kept = one.all->save(now, wall + 1000h);
    life other(10);
    other.all->restore(kept, now, wall);
    const auto open = other.all->predicted_start(demand(3, other.rules->draws(3, {})), time_point::max(), now);
    BOOST_TEST((open <= now + 62min));
}

BOOST_AUTO_TEST_CASE(what_was_not_written_by_save_is_refused_and_other_rules_are_passed_over)
{
    life one;
    for (const auto* text :
         {"", "[]", "{", R"({"version":2,"buckets":[]})", R"({"version":1})",
          R"({"version":1,"buckets":[{"rule":"invitations"}]})",
          R"({"version":1,"buckets":[{"rule":"invitations","key":"x","burst":0,"tried":0,"free":[]}]})",
          R"({"version":1,"buckets":[{"rule":"invitations","key":"4","burst":0,"tried":0,"free":[[1]]}]})"})
        BOOST_CHECK_THROW(one.all->restore(text, start, wall), std::runtime_error);
    one.all->restore(R"({"version":1,"buckets":[{"rule":"another","key":"1"}]})", start, wall);
}

BOOST_AUTO_TEST_SUITE_END()
