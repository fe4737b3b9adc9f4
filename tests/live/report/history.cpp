// The time of work of a job that has several parts.
#include "bulk/report/run_history.hpp"
#include "temporary_folder.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <cmath>

namespace asio = boost::asio;
using namespace usher;
using namespace usher::tests;
using namespace std::chrono_literals;

namespace {

constexpr bulk::journal_time spring{std::chrono::sys_days(std::chrono::year(2026) / 3 / 1)};

/// The journal of a part that sends 49 a second under a limit of 100, in these seconds after its begin.
std::string part_of(const temporary_folder& folder, const std::string& name, std::chrono::milliseconds begin,
                    std::initializer_list<std::pair<int, int>> seconds)
{
    asio::io_context io(1);
    const auto book = bulk::open_journal(io.get_executor(), folder.file(name));
    for (const auto& [from, to] : seconds)
        for (int second = from; second < to; ++second) {
            bulk::run_sample sample;
            sample.span = 1s;
            sample.sent = 49;
            sample.limit_per_second = 100;
            book->add_sample(spring + begin + std::chrono::seconds(second + 1), to_json(sample));
        }
    return folder.file(name);
}

} // namespace

BOOST_AUTO_TEST_SUITE(history)

BOOST_AUTO_TEST_CASE(parts_that_work_together_share_the_time_and_the_limit)
{
    const temporary_folder folder;
    // The first part rests for 30 s while the second is at work; then both do, for half an hour.
    const auto one = part_of(folder, "one", 0ms, {{0, 10}, {40, 60}, {1860, 1880}});
    const auto two = part_of(folder, "two", 500ms, {{0, 60}, {1860, 1880}});
    bulk::merge_journals({one, two}, folder.file("all"));
    const bulk::journal_reader reader(folder.file("all"));
    const auto all = bulk::read_history(reader);
    BOOST_TEST(all.samples == 130U);
    BOOST_TEST(all.sent == 130U * 49U);
    BOOST_TEST((all.first == spring));
    BOOST_TEST((all.last == spring + 1880500ms));
    BOOST_TEST(all.working.count() == 60'500 + 20'500);
    BOOST_TEST(all.allowed == 8'100.0);
    BOOST_TEST_REQUIRE(all.pauses.size() == 1U);
    BOOST_TEST(all.pauses[0] == 60.5);
    BOOST_TEST_REQUIRE(all.stretches.size() == 81U);
    for (const auto& [at, rate] : {std::pair(5, 98.0), std::pair(20, 49.0), std::pair(50, 98.0), std::pair(70, 98.0)}) {
        const auto& there = all.stretches[static_cast<std::size_t>(at)];
        BOOST_TEST(there.seconds == 1.0);
        BOOST_TEST(std::abs(there.sent - rate) < 0.01, "second " << at << ": " << there.sent);
        BOOST_TEST(there.limit == 100.0);
    }
    const auto html = bulk::report_html(reader);
    BOOST_TEST(html.find("<b>78.6\u202F%</b><span>of the limit used") != std::string::npos);
    BOOST_TEST(html.find("resumed 1 time") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
