// Admission and its bookkeeping cost no allocation once they are warm.
#include "limiter_time.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace {

std::atomic<std::size_t> allocations{0};

} // namespace

// Kept out of line: GCC 12 takes an inlined half of a replaced pair for a mismatch.
#define USHER_OUT_OF_LINE __attribute__((noinline))

USHER_OUT_OF_LINE void* operator new(std::size_t size)
{
    ++allocations;
    if (void* memory = std::malloc(size ? size : 1))
        return memory;
    throw std::bad_alloc();
}
USHER_OUT_OF_LINE void operator delete(void* memory) noexcept
{
    std::free(memory);
}
USHER_OUT_OF_LINE void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}

using namespace std::chrono_literals;
using usher::lane;
using usher::quota;
using usher::schedule::answer_info;
using usher::schedule::pacer;
using usher::schedule::ticket;

BOOST_AUTO_TEST_SUITE(allocation)

BOOST_AUTO_TEST_CASE(the_count_counts)
{
    const auto before = allocations.load();
    auto one = std::make_unique<std::vector<int>>(10);
    BOOST_TEST(one->size() == 10U);
    BOOST_TEST(allocations.load() >= before + 2);
}

BOOST_AUTO_TEST_CASE(the_pacer_allocates_nothing_in_steady_state)
{
    pacer limits(quota::clerk_production());
    auto now = schedule_tests::begin;
    std::vector<ticket> open(20);
    std::size_t admitted = 0;
    std::size_t before = 0;
    while (admitted != 20'000) {
        if (admitted == 8000)
            before = allocations.load();
        now = std::max(now, limits.earliest(0, now));
        auto pass = limits.try_admit(static_cast<std::uint16_t>(admitted % 200), now);
        BOOST_REQUIRE(pass);
        auto& place = open[admitted++ % open.size()];
        if (place.valid()) {
            if (admitted % 100 == 0)
                limits.unanswered(place, now, admitted % 200 == 0);
            else
                limits.answered(place, place.admitted(), now, answer_info(200));
        }
        place = std::move(*pass);
    }
    const auto after = allocations.load();
    BOOST_TEST(after == before);
}

BOOST_AUTO_TEST_CASE(a_ticket_had_at_once_costs_no_allocation)
{
    schedule_tests::virtual_time time;
    const auto limits =
        std::make_shared<schedule_tests::limiter>(time.context().get_executor(), quota::clerk_production());
    std::size_t before = 0;
    for (int i = 0; i != 5000; ++i) {
        if (i == 2000)
            before = allocations.load();
        schedule_tests::virtual_clock::current += 12ms;
        auto pass = limits->try_admit(3, i % 2 ? lane::bulk : lane::interactive);
        if (!pass)
            BOOST_FAIL("not admitted");
        limits->answered(*pass, schedule_tests::virtual_clock::now(), answer_info(200));
    }
    BOOST_TEST(allocations.load() == before);
}

BOOST_AUTO_TEST_SUITE_END()
