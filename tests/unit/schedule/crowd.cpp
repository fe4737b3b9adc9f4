// A hundred thousand in line: what that costs those who start.
#include "crowd.hpp"
#include "amount.hpp"
#include "counted_new.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

using namespace schedule_tests;

BOOST_AUTO_TEST_SUITE(crowd_)

BOOST_AUTO_TEST_CASE(the_count_counts)
{
    const auto before = counted_new::allocations.load();
    const auto one = std::make_unique<std::vector<int>>(10);
    BOOST_TEST(one->size() == 10U);
    BOOST_TEST(counted_new::allocations.load() >= before + 2);
}

BOOST_AUTO_TEST_CASE(admission_takes_less_than_50_microseconds_with_100_000_waiting)
{
    constexpr std::size_t admissions = amount(50'000, 2000);
    crowd all(100'000);
    all.run(2000);
    std::array<std::vector<double>, crowd::steps> times;
    for (auto& one : times)
        one.reserve(8 * admissions);
    all.run(admissions, &times);
    BOOST_TEST(all.admitted() == 2000 + admissions);
    BOOST_TEST(all.denied() == all.admitted()); // those in line go first
    BOOST_TEST(all.waiting() == 100'000U);
    BOOST_TEST((all.predicted() > all.now()));
    for (std::size_t i = 0; i != crowd::steps; ++i) {
        BOOST_REQUIRE(!times[i].empty());
        const auto p99 = percentile(times[i], 0.99);
        BOOST_TEST_MESSAGE(crowd::names[i] << ": p99 " << p99 << " us");
        if (!is_slow_build)
            BOOST_TEST(p99 < 50, crowd::names[i]);
    }
}

BOOST_AUTO_TEST_CASE(admission_allocates_nothing_while_100_000_wait)
{
    constexpr std::size_t admissions = amount(20'000, 2000);
    crowd all(100'000);
    all.run(20'000);
    const auto before = counted_new::allocations.load();
    all.run(admissions);
    const auto after = counted_new::allocations.load();
    BOOST_TEST(all.admitted() == 20'000 + admissions);
    BOOST_TEST(after == before);
}

BOOST_AUTO_TEST_SUITE_END()
