#include "cli/progress.hpp"
#include "cli/answer_watch.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

namespace cli = usher::cli;
using namespace std::chrono_literals;

namespace {

cli::progress half_way()
{
    cli::progress now;
    now.counters.records = 1000;
    now.counters.created = 990;
    now.counters.failed = 10;
    now.counters.position = 500'000;
    now.source_size = 1'000'000;
    now.elapsed = 10s;
    now.requests_per_second = 98.1;
    now.quota_per_second = 100;
    now.refused = 2;
    return now;
}

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(progress)

BOOST_AUTO_TEST_CASE(a_bar_shows_rate_share_refusals_failures_and_time_left)
{
    const auto bar = cli::progress_bar(half_way(), 120);
    for (const auto* part : {"[###############---------------]", "50 %", "1,000", "98.1/s", "98 % of quota",
                             "0:10 left", "10 failed", "2 refused"})
        BOOST_TEST(contains(bar, part), bar << " shows " << part);
}

BOOST_AUTO_TEST_CASE(no_bar_is_wider_than_its_terminal)
{
    for (std::size_t width = 1; width < 200; ++width)
        BOOST_TEST(cli::progress_bar(half_way(), width).size() <= width);
}

BOOST_AUTO_TEST_CASE(a_line_for_a_log_says_the_same)
{
    const auto line = cli::progress_line(half_way());
    for (const auto* part : {"0:10", "1,000 records", "(50 %)", "98.1 requests/s", "98 % of the quota", "2 refused",
                             "10 failed", "0:10 left"})
        BOOST_TEST(contains(line, part), line << " shows " << part);
    BOOST_TEST(!contains(line, "\n"));
    BOOST_TEST(!contains(line, "\x1b"));
}

BOOST_AUTO_TEST_CASE(a_source_of_unknown_size_has_no_part_and_no_time_left)
{
    auto now = half_way();
    now.source_size.reset();
    BOOST_TEST(!now.part().has_value());
    BOOST_TEST(!now.time_left().has_value());
    BOOST_TEST(!contains(cli::progress_line(now), "left"));
    BOOST_TEST(!cli::progress_event(now).contains("part"));
}

BOOST_AUTO_TEST_CASE(the_time_left_goes_by_the_last_seconds_where_they_are_known)
{
    auto now = half_way();
    // What an earlier run has finished was passed over in no time: the average says nothing.
    now.elapsed = 2s;
    now.part_per_second = 0.01;
    BOOST_TEST((now.time_left() == 50s));
}

BOOST_AUTO_TEST_CASE(what_only_reads_tells_of_nothing_created)
{
    auto now = half_way();
    now.only_reads = true;
    BOOST_TEST(!cli::progress_event(now).contains("created"));
    BOOST_TEST(cli::progress_event(now).at("finished").to_number<int>() == 1000);
}

BOOST_AUTO_TEST_CASE(the_rate_is_that_of_the_last_seconds)
{
    cli::recent_rate rate(5s);
    const auto start = cli::recent_rate::time_point() + 1h;
    BOOST_TEST(rate.per_second() == 0);
    for (int i = 0; i <= 100; ++i)
        rate.add(static_cast<std::uint64_t>(i < 50 ? i * 10 : 500 + (i - 50) * 2), start + i * 200ms);
    BOOST_TEST(rate.per_second() == 10.0, boost::test_tools::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(the_summary_tells_what_happened_and_how_to_go_on)
{
    cli::import_summary summary;
    summary.last = half_way();
    summary.last.counters.duplicates = 4;
    summary.last.counters.taken = 3;
    summary.end = usher::bulk::import_end::stopped;
    summary.requests = 1010;
    summary.notes[{"picture", "can't be set"}] = 990;
    summary.failures_file = "f.ndjson";
    summary.last.counters.skipped = 7;
    summary.last.counters.organizations = 3;
    summary.last.counters.memberships = 12;
    summary.job = "users.usher";
    summary.next_command = "usher resume users.usher";
    const auto text = cli::summary_text(summary);
    for (const auto* part :
         {"Stopped", "990 created", "10 failed (4 repeated in the source, 3 with an identifier of somebody else)",
          "2 refused (429)", "990 x picture (can't be set)", "f.ndjson (10 lines)", "7 passed over",
          "3 of them organizations; 12 memberships given", "journal: users.usher",
          "to go on: usher resume users.usher"})
        BOOST_TEST(contains(text, part), part);
    const auto json = cli::summary_json(summary);
    BOOST_TEST(json.at("event").as_string() == "summary");
    BOOST_TEST(json.at("end").as_string() == "stopped");
    BOOST_TEST(json.at("created").to_number<int>() == 990);
    BOOST_TEST(json.at("refused").to_number<int>() == 2);
    BOOST_TEST(json.at("next").as_string() == "usher resume users.usher");
}

BOOST_AUTO_TEST_CASE(a_run_that_stands_still_says_why)
{
    cli::answer_watch watch;
    usher::attempt_event lost;
    lost.failure = usher::error_kind::connect;
    lost.stage = usher::call_stage::connect;
    lost.text = "Connection refused";
    watch.on_attempt(lost);
    const auto now = std::chrono::steady_clock::now();
    BOOST_TEST(!watch.trouble(now));
    auto shown = half_way();
    shown.trouble = watch.trouble(now + 12'500ms);
    BOOST_TEST_REQUIRE(shown.trouble.has_value());
    BOOST_TEST(*shown.trouble == "no answer for 0:12: Connection refused");
    BOOST_TEST(contains(cli::progress_line(shown), *shown.trouble));
    BOOST_TEST(contains(cli::progress_bar(shown, 120), *shown.trouble));
    BOOST_TEST(cli::progress_event(shown).at("trouble").as_string() == *shown.trouble);
    usher::attempt_event refused;
    refused.failure = usher::error_kind::service;
    refused.status = 422;
    watch.on_attempt(refused);
    BOOST_TEST(!watch.trouble(now + 60s));
}

BOOST_AUTO_TEST_SUITE_END()
