#include "net/race_plan.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace usher::detail;
using namespace std::chrono_literals;
using boost::asio::ip::make_address;
using boost::asio::ip::tcp;

namespace {

const time_point start = time_point() + 1h;

std::vector<tcp::endpoint> endpoints(std::initializer_list<const char*> addresses)
{
    std::vector<tcp::endpoint> made;
    for (const auto* one : addresses)
        made.emplace_back(make_address(one), std::uint16_t{443});
    return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(the_race_of_addresses)

BOOST_AUTO_TEST_CASE(takes_the_families_in_turn_from_the_resolvers_first)
{
    BOOST_TEST((in_turn(endpoints({"2001:db8::1", "2001:db8::2", "2001:db8::3", "192.0.2.1", "192.0.2.2"})) ==
                endpoints({"2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2", "2001:db8::3"})));
    BOOST_TEST((in_turn(endpoints({"192.0.2.1", "2001:db8::1", "2001:db8::2"})) ==
                endpoints({"192.0.2.1", "2001:db8::1", "2001:db8::2"})));
    BOOST_TEST((in_turn(endpoints({"192.0.2.1", "192.0.2.2"})) == endpoints({"192.0.2.1", "192.0.2.2"})));
    BOOST_TEST(in_turn({}).empty());
}

BOOST_AUTO_TEST_CASE(begins_each_attempt_250_ms_after_the_one_before_it)
{
    race_plan plan(3, start);
    BOOST_TEST(plan.begin_one(start));
    BOOST_TEST(!plan.begin_one(start));
    BOOST_TEST((plan.next_at() == start + 250ms));
    BOOST_TEST(!plan.begin_one(start + 249'999'999ns));
    BOOST_TEST(plan.begin_one(start + 250ms));
    // One that begins late puts the next one off as well.
    BOOST_TEST(plan.begin_one(start + 600ms));
    BOOST_TEST(plan.begun() == 3U);
    BOOST_TEST(!plan.begin_one(start + 10h));
    BOOST_TEST((plan.next_at() == time_point::max()));
    BOOST_TEST(!plan.is_lost());
}

BOOST_AUTO_TEST_CASE(goes_on_at_once_when_the_youngest_attempt_fails)
{
    race_plan plan(4, start);
    BOOST_TEST(plan.begin_one(start));
    plan.failed(0);
    BOOST_TEST(plan.begin_one(start + 1ms));
    BOOST_TEST(!plan.begin_one(start + 2ms));
    BOOST_TEST(plan.begin_one(start + 251ms));
    // The second still hangs; the third was refused: the fourth need not wait for either.
    plan.failed(2);
    BOOST_TEST(plan.begin_one(start + 252ms));
    BOOST_TEST(!plan.is_lost());
    plan.failed(1);
    plan.failed(3);
    BOOST_TEST(plan.is_lost());
}

BOOST_AUTO_TEST_CASE(an_older_attempt_that_fails_does_not_hurry_the_next)
{
    race_plan plan(3, start);
    BOOST_TEST(plan.begin_one(start));
    BOOST_TEST(plan.begin_one(start + 250ms));
    plan.failed(0);
    BOOST_TEST(!plan.begin_one(start + 499ms));
    BOOST_TEST(plan.begin_one(start + 500ms));
}

BOOST_AUTO_TEST_CASE(tries_every_address_once_whatever_fails_when)
{
    for (unsigned seed = 1; seed <= 2000; ++seed) {
        std::mt19937 random(seed);
        const std::size_t count = 1 + random() % 6;
        std::vector<time_point> began;
        std::vector<time_point> fails;
        race_plan plan(count, start);
        std::vector<bool> failed(count, false);
        for (auto now = start; now < start + 3s; now += 10ms) {
            for (std::size_t i = 0; i < began.size(); ++i)
                if (!failed[i] && now >= fails[i]) {
                    failed[i] = true;
                    plan.failed(i);
                }
            while (plan.begin_one(now)) {
                BOOST_TEST_REQUIRE(plan.begun() == began.size() + 1, "seed " << seed);
                if (!began.empty())
                    BOOST_TEST((now - began.back() >= 250ms || failed[began.size() - 1]), "seed " << seed);
                began.push_back(now);
                fails.push_back(now + std::chrono::milliseconds(random() % 800));
            }
            // Nobody waits longer than the stagger while an address is left.
            if (began.size() < count)
                BOOST_TEST((now - began.back() < 250ms), "seed " << seed);
        }
        BOOST_TEST(began.size() == count, "seed " << seed);
        BOOST_TEST(plan.is_lost(), "seed " << seed);
    }
}

BOOST_AUTO_TEST_SUITE_END()
