#include "cli/sandbox_report.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

namespace cli = usher::cli;

namespace {

void add(std::vector<std::uint32_t>& arrivals, std::size_t pieces, std::uint32_t each)
{
    arrivals.insert(arrivals.end(), pieces, each);
}

} // namespace

BOOST_AUTO_TEST_SUITE(sandbox_report)

BOOST_AUTO_TEST_CASE(steady_traffic_begins_after_two_seconds_and_ends_with_the_longest_stretch)
{
    std::vector<std::uint32_t> arrivals;
    add(arrivals, 30, 0);
    add(arrivals, 1, 1); // somebody looked whether it is there
    add(arrivals, 15, 0);
    add(arrivals, 20, 3); // finding the pace
    add(arrivals, 100, 10);
    add(arrivals, 1, 4); // cut short
    add(arrivals, 20, 0);
    add(arrivals, 2, 1);
    const auto steady = cli::find_steady(arrivals);
    BOOST_TEST(steady.seconds == 10.0, boost::test_tools::tolerance(1e-6));
    BOOST_TEST(steady.requests == 1000U);
    BOOST_TEST(steady.per_second() == 100.0, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(pauses_below_a_second_belong_to_the_traffic)
{
    std::vector<std::uint32_t> arrivals;
    for (int i = 0; i < 20; ++i) {
        add(arrivals, 1, 10);
        add(arrivals, 9, 0);
    }
    const auto steady = cli::find_steady(arrivals);
    BOOST_TEST(steady.per_second() == 10.0, boost::test_tools::tolerance(0.1));
}

BOOST_AUTO_TEST_CASE(little_traffic_is_not_steady)
{
    BOOST_TEST(cli::find_steady({}).seconds == 0);
    const std::vector<std::uint32_t> arrivals(20, 5);
    BOOST_TEST(cli::find_steady(arrivals).seconds == 0);
    BOOST_TEST(cli::find_steady(arrivals).per_second() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
