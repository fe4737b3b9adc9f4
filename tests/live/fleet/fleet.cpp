// Eight processes under one limit of 1000 requests in 10 s: a real Redis, a sandbox that counts, real time.
// Short in itself; with USHER_FLEET_LONG set, each part takes as long as its figure asks for.
#define BOOST_TEST_MODULE live_fleet
#include <boost/test/unit_test.hpp>

#include "limited.hpp"
#include "live/redis/server.hpp"

#include <usher/sandbox.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <numeric>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using fleet_tests::limited;
using usher::tests::process;
using usher::tests::redis_server;
using clock_type = std::chrono::steady_clock;

namespace {

constexpr std::size_t members = 8;
constexpr double per_second = 100;

bool is_long()
{
    return std::getenv("USHER_FLEET_LONG") != nullptr;
}

/// A part of the run: its share of the quota, and what it cost.
struct part {
    double share = 0;
    std::uint64_t requests = 0;
    std::uint64_t refused = 0;
};

/// Waits, and says how long the machine was there for meanwhile: what it stood still for could be used by nobody.
clock_type::duration length_without_standstill(clock_type::time_point end)
{
    const auto begun = clock_type::now();
    clock_type::duration stood_still{0};
    boost::asio::io_context io(1);
    for (boost::asio::steady_timer tick(io); clock_type::now() < end;) {
        tick.expires_after(10ms);
        tick.wait();
        if (const auto late = clock_type::now() - tick.expiry(); late > 50ms)
            stood_still += late;
    }
    return clock_type::now() - begun - stood_still;
}

class fleet {
public:
    explicit fleet(usher::sandbox::algorithm how) : service(limited(how))
    {
        for (std::size_t i = 0; i != members; ++i)
            running.emplace_back(std::vector<std::string>{FLEET_MEMBER, service.url(), redis.url()});
    }

    part run(std::chrono::milliseconds length, const char* name)
    {
        const auto before = service.stats();
        const auto begun = clock_type::now();
        const std::chrono::duration<double> time = length_without_standstill(begun + length);
        const auto after = service.stats();
        part seen;
        seen.requests = after.requests - before.requests;
        seen.refused = after.refused - before.refused;
        seen.share = static_cast<double>(seen.requests - seen.refused) / (per_second * time.count());
        BOOST_TEST_MESSAGE(name << ": " << seen.requests << " requests, " << seen.refused << " refused, "
                                << 100 * seen.share << " % of the quota");
        return seen;
    }

    /// Orders that Redis answered since it was started.
    std::uint64_t round_trips() const
    {
        const auto file = redis.folder().file("stats");
        redis.tell("INFO commandstats | sed -n 's/^cmdstat_evalsha:calls=\\([0-9]*\\).*/\\1/p' > " + file);
        return std::stoull(redis.folder().read("stats"));
    }

    usher::sandbox::server service;
    redis_server redis;
    std::vector<process> running;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_fleet_uses_its_quota_together_without_refusals_whatever_becomes_of_a_member_or_of_redis)
{
    fleet all(usher::sandbox::algorithm::sliding_log);
    all.run(is_long() ? 10s : 2s, "start");

    const auto orders = all.round_trips();
    const auto steady = all.run(is_long() ? 20s : 8s, "steady");
    BOOST_TEST(steady.share >= 0.95);
    const auto per_request = static_cast<double>(all.round_trips() - orders) / static_cast<double>(steady.requests);
    BOOST_TEST_MESSAGE("round trips to Redis for each request: " << per_request);
    BOOST_TEST(per_request <= 0.2);

    all.redis.kill();
    const auto alone = all.run(is_long() ? 30s : 12s, "without Redis");
    BOOST_TEST(alone.share >= 0.5);
    all.redis.start();
    const auto back = all.run(is_long() ? 20s : 4s, "Redis is back");
    BOOST_TEST(back.share >= 0.85);

    all.running[2].stop();
    const auto less = all.run(is_long() ? 20s : 4s, "one was killed");
    BOOST_TEST(less.share >= 0.9);

    if (is_long()) {
        all.redis.freeze();
        const auto frozen = all.run(30s, "Redis stands still");
        BOOST_TEST(frozen.share >= 0.5);
        all.redis.go_on();
        const auto again = all.run(20s, "Redis goes on");
        BOOST_TEST(again.share >= 0.85);
    }
    const auto whole = all.service.stats();
    BOOST_TEST_MESSAGE("refused: " << whole.refused << " of " << whole.requests);
    BOOST_TEST(static_cast<double>(whole.refused) < 0.001 * static_cast<double>(whole.requests));
    BOOST_TEST(whole.requests > 1000U);
}
