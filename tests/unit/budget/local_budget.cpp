// The budget of one process, from many threads.
#include "orders.hpp"

#include <usher/budget.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace {

std::uint32_t ask(usher::budget& from, const usher::lease_request& request)
{
    std::uint32_t granted = 0;
    int answers = 0;
    from.lease(request, [&](const usher::lease_grant& grant) {
        granted = grant.granted;
        answers += grant.is_reachable;
    });
    BOOST_TEST(answers == 1);
    return granted;
}

} // namespace

BOOST_AUTO_TEST_SUITE(local)

BOOST_AUTO_TEST_CASE(members_on_many_threads_get_exactly_the_limit_together)
{
    const usher::local_budget shared;
    std::atomic<std::uint32_t> sum = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i != 4; ++i)
        threads.emplace_back([&sum, mine = shared.member()] {
            for (int round = 0; round != 300; ++round) {
                std::uint32_t granted = 0;
                mine->lease(budget_tests::unpaced(3, 1000),
                            [&](const usher::lease_grant& grant) { granted = grant.granted; });
                if (granted == 3 && round % 5 == 0) {
                    mine->give_back("instance:invitations", 1);
                    granted = 2;
                }
                sum += granted;
            }
        });
    for (auto& one : threads)
        one.join();
    BOOST_TEST(sum == 1000U);
}

BOOST_AUTO_TEST_CASE(a_member_outlives_its_budget_and_the_counts_outlive_a_member)
{
    auto shared = std::make_unique<usher::local_budget>();
    const auto one = shared->member();
    auto two = shared->member();
    shared.reset();
    BOOST_TEST(ask(*two, budget_tests::unpaced(900, 1000)) == 900U);
    two.reset();
    BOOST_TEST(ask(*one, budget_tests::unpaced(900, 1000)) == 100U);
    BOOST_TEST(one->round_trips() == 0U);
}

BOOST_AUTO_TEST_CASE(a_handler_may_ask_again)
{
    const usher::local_budget shared;
    const auto one = shared.member();
    std::uint32_t sum = 0;
    one->lease(budget_tests::unpaced(10, 1000), [&](const usher::lease_grant& grant) {
        sum += grant.granted;
        sum += ask(*one, budget_tests::unpaced(10, 1000));
    });
    BOOST_TEST(sum == 20U);
}

BOOST_AUTO_TEST_SUITE_END()
