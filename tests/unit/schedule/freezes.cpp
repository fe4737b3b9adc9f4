#include "schedule/freezes.hpp"

#include "schedule/scheduler.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

using namespace std::chrono_literals;
using usher::quota;
using usher::schedule::answer_info;
using usher::schedule::demand;
using usher::schedule::rule_table;
using usher::schedule::scheduler;
using usher::schedule::ticket;
using usher::schedule::time_point;

namespace {

constexpr time_point start{1h};

class instance {
public:
    explicit instance(const quota& limit) : rules_(std::make_shared<rule_table>(limit)), scheduler_(rules_) {}

    std::optional<ticket> try_admit(std::uint16_t endpoint, time_point now)
    {
        return scheduler_.try_admit(demand(endpoint, rules_->draws(endpoint, {})), now);
    }
    bool is_frozen(std::uint16_t endpoint, time_point now) { return earliest(endpoint, now) > now + 50ms; }
    /// But for the pace.
    time_point earliest(std::uint16_t endpoint, time_point now)
    {
        return scheduler_.predicted_start(demand(endpoint, rules_->draws(endpoint, {})), time_point::max(), now);
    }
    void answered(ticket& pass, time_point sent, time_point now, const answer_info& answer)
    {
        scheduler_.answered(pass, sent, now, answer);
    }
    usher::schedule::scheduler_stats stats(time_point now) { return scheduler_.stats(now); }
    scheduler& operator*() { return scheduler_; }

private:
    std::shared_ptr<const rule_table> rules_;
    scheduler scheduler_;
};

/// So much that nothing but freezes holds anything up.
quota plenty()
{
    quota limit(1'000'000, 10s);
    limit.in_flight = 1000;
    limit.slow_start = 0ms;
    return limit;
}

/// One call that is refused.
void refuse(instance& limits, std::uint16_t endpoint, time_point now, std::optional<std::chrono::seconds> retry_after)
{
    auto pass = limits.try_admit(endpoint, now);
    BOOST_REQUIRE(pass);
    limits.answered(*pass, now, now, answer_info(429, retry_after));
}

} // namespace

BOOST_AUTO_TEST_SUITE(freezes)

BOOST_AUTO_TEST_CASE(a_429_freezes_its_endpoint_for_retry_after_and_no_other)
{
    instance limits(plenty());
    refuse(limits, 7, start, 10s);
    BOOST_TEST(limits.is_frozen(7, start + 9900ms));
    BOOST_TEST(!limits.is_frozen(7, start + 10s));
    BOOST_TEST(!limits.try_admit(7, start + 5s));
    BOOST_TEST((limits.earliest(7, start + 1s) == start + 10s));
    BOOST_TEST(limits.try_admit(8, start).has_value());
    BOOST_TEST(limits.stats(start).refused == 1U);
    BOOST_TEST(limits.stats(start).endpoints_frozen == 1U);
    BOOST_TEST(limits.try_admit(7, start + 10s).has_value());
}

BOOST_AUTO_TEST_CASE(a_429_without_retry_after_freezes_for_a_second_and_other_answers_do_not)
{
    instance limits(plenty());
    refuse(limits, 1, start, std::nullopt);
    BOOST_TEST((limits.earliest(1, start) == start + 1s));
    for (const int status : {200, 409, 500, 404}) {
        auto pass = limits.try_admit(2, start);
        BOOST_REQUIRE(pass);
        limits.answered(*pass, start, start, answer_info(status, 30s));
    }
    BOOST_TEST(!limits.is_frozen(2, start));
}

BOOST_AUTO_TEST_CASE(a_503_with_retry_after_freezes_its_endpoint_too)
{
    instance limits(plenty());
    auto pass = limits.try_admit(2, start);
    BOOST_REQUIRE(pass);
    limits.answered(*pass, start, start, answer_info(503, 30s));
    BOOST_TEST((limits.earliest(2, start) == start + 30s));
    BOOST_TEST(!limits.is_frozen(3, start));
}

BOOST_AUTO_TEST_CASE(no_retry_after_is_so_long_that_time_runs_over)
{
    instance limits(plenty());
    refuse(limits, 1, start, std::chrono::seconds::max());
    BOOST_TEST((limits.earliest(1, start) == start + 24h));
}

BOOST_AUTO_TEST_CASE(a_shorter_freeze_does_not_shorten_a_longer_one)
{
    instance limits(plenty());
    auto early = limits.try_admit(1, start);
    refuse(limits, 1, start, 10s);
    BOOST_REQUIRE(early);
    limits.answered(*early, start, start + 1s, answer_info(429, 2s));
    BOOST_TEST((limits.earliest(1, start + 2s) == start + 10s));
}

BOOST_AUTO_TEST_CASE(three_endpoints_within_a_window_freeze_the_instance_and_two_do_not)
{
    instance limits(plenty());
    refuse(limits, 1, start, 8s);
    refuse(limits, 2, start + 1s, 7s);
    refuse(limits, 2, start + 9s, 7s);
    BOOST_TEST(!limits.is_frozen(3, start + 9s));
    refuse(limits, 3, start + 9500ms, 6s);
    BOOST_TEST(limits.is_frozen(200, start + 9500ms)); // 1 and 2 were refused less than 10 s ago
}

BOOST_AUTO_TEST_CASE(refusals_further_apart_than_a_window_freeze_their_endpoints_only)
{
    instance limits(plenty());
    refuse(limits, 1, start, 1s);
    refuse(limits, 2, start + 6s, 1s);
    refuse(limits, 3, start + 12s, 1s);
    BOOST_TEST(limits.is_frozen(3, start + 12s));
    BOOST_TEST(!limits.is_frozen(4, start + 12s));
}

BOOST_AUTO_TEST_CASE(an_hourly_limit_of_one_endpoint_does_not_freeze_the_instance_for_an_hour)
{
    instance limits(plenty());
    refuse(limits, 1, start, 3600s);
    refuse(limits, 2, start, 4s);
    refuse(limits, 3, start, 5s);
    BOOST_TEST(limits.is_frozen(9, start + 3900ms));
    BOOST_TEST(!limits.is_frozen(9, start + 4s));
    BOOST_TEST(limits.is_frozen(1, start + 3599s));
}

BOOST_AUTO_TEST_CASE(an_endpoint_with_the_largest_number_can_be_frozen)
{
    usher::schedule::freezes all(10s);
    all.refused(65535, start, start + 1s);
    BOOST_TEST((all.until(65535) == start + 1s));
    BOOST_TEST((all.until(65534) == time_point::min()));
    BOOST_TEST(all.count(start) == 1U);
    BOOST_TEST(all.count(start + 1s) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
