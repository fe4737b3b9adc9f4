// Thousands of seeds of the whole simulation. `test_schedule_seeds -- 4711` runs one alone, `-- 1 500` a range.
#define BOOST_TEST_MODULE schedule_seeds
#include "amount.hpp"
#include "parallel.hpp"
#include "scenario.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <string>
#include <vector>

using namespace schedule_tests;

namespace {

constexpr std::uint64_t seeds = amount(10'000, 600);

struct range {
    std::uint64_t first = 1;
    std::uint64_t last = seeds;
};

range wanted()
{
    const auto& suite = boost::unit_test::framework::master_test_suite();
    range all;
    if (suite.argc > 1)
        all.first = all.last = std::strtoull(suite.argv[1], nullptr, 10);
    if (suite.argc > 2)
        all.last = std::strtoull(suite.argv[2], nullptr, 10);
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(whatever_happens_every_promise_is_kept)
{
    const auto all = wanted();
    BOOST_REQUIRE(all.first <= all.last);
    struct failure {
        std::uint64_t seed;
        std::string broken;
    };
    std::vector<failure> failures;
    std::uint64_t sent = 0;
    std::uint64_t refused = 0;
    std::uint64_t given_up = 0;
    std::uint64_t calm = 0;
    std::mutex guard;
    in_parallel(all.last - all.first + 1, [&](std::size_t i) {
        const scenario what(all.first + i);
        const auto found = run(what);
        const std::lock_guard lock(guard);
        sent += found.sent;
        refused += found.refused;
        given_up += found.given_up;
        calm += what.is_calm() ? 1U : 0U;
        if (!found.broken.empty())
            failures.push_back({what.seed, found.broken});
    });
    BOOST_TEST_MESSAGE(all.last - all.first + 1 << " seeds, " << calm << " of them calm: " << sent << " requests, "
                                                << refused << " refused, " << given_up << " given up in line");
    BOOST_TEST(sent > 100 * (all.last - all.first));
    std::size_t shown = 0;
    for (const auto& one : failures) {
        if (++shown <= 10)
            BOOST_ERROR("seed " << one.seed << ": " << one.broken << "\n  " << scenario(one.seed).text()
                                << "\n  alone: test_schedule_seeds -- " << one.seed);
    }
    BOOST_TEST(failures.size() == 0U);
}

BOOST_AUTO_TEST_CASE(the_same_seed_takes_the_same_course)
{
    std::uint64_t before = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const scenario what(seed);
        const auto first = run(what);
        const auto second = run(what);
        BOOST_TEST(first.sent != 0U);
        BOOST_TEST(first.trace == second.trace, "seed " << seed);
        BOOST_TEST(first.trace != before);
        before = first.trace;
    }
}
