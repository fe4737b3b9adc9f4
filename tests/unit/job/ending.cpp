// How a run ends before its source does, and what the next one makes of it.
#include "unit/job/one_job.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

using namespace usher;
using namespace usher::tests;
namespace asio = boost::asio;

namespace {

/// Ends a run after so many steps, by `how`.
void after_steps(job& work, int steps, std::function<void()> how)
{
    auto left = std::make_shared<int>(steps);
    work.to.ends = [left, how = std::move(how)](const bulk::step_request&, bulk::step_result&) {
        if (--*left == 0)
            how();
    };
}

} // namespace

BOOST_AUTO_TEST_SUITE(ending)

BOOST_AUTO_TEST_CASE(a_run_that_is_stopped_finishes_the_step_that_is_on_its_way_and_sends_no_further_one)
{
    job work(users(20, 5));
    bulk::importer* running = nullptr;
    work.watch = [&running](bulk::importer& one) { running = &one; };
    bulk::import_options options;
    options.concurrency = 4;
    after_steps(work, 5 + 2, [&] {
        running->stop();
        work.all.push_back("stopped");
    });
    BOOST_TEST((work.run(options) == bulk::import_end::stopped));
    const auto stop = work.at("stopped");
    BOOST_REQUIRE(stop < work.all.size());
    for (std::size_t i = stop; i < work.all.size(); ++i)
        BOOST_TEST(!work.all[i].starts_with("send "), work.all[i] << " after the stop");
    BOOST_TEST(work.counters.left_open > 0U);
    BOOST_TEST(work.counters.created + work.counters.left_open == work.book.entries.size());
    for (const auto& entry : work.book.entries)
        BOOST_TEST(!entry.in_doubt);
    // The next run does the rest.
    work.from.cancelled = false;
    work.from.taken = 0;
    work.to.ends = nullptr;
    BOOST_TEST((work.run(options) == bulk::import_end::finished));
    for (const auto& entry : work.book.entries)
        BOOST_TEST((entry.state == bulk::record_state::created));
    BOOST_TEST(work.book.entries.size() == 25U);
}

BOOST_AUTO_TEST_CASE(a_run_that_is_cancelled_ends_after_everything_that_uses_its_journal)
{
    job work(users(200));
    asio::cancellation_signal signal;
    auto running = std::make_unique<bulk::importer>(work.io.get_executor(), work.from, work.to, work.book,
                                                    work.listener, bulk::import_options());
    after_steps(work, 10, [&] { signal.emit(asio::cancellation_type::terminal); });
    std::optional<bulk::import_end> end;
    std::size_t underway = 1;
    const auto ended = [&](std::exception_ptr thrown, bulk::import_end how) {
        BOOST_TEST(!thrown);
        end = how;
        underway = work.to.underway + running->counters().in_flight;
    };
    asio::co_spawn(work.io, running->run(), asio::bind_cancellation_slot(signal.slot(), ended));
    work.io.run();
    BOOST_REQUIRE(end.has_value());
    BOOST_TEST((*end == bulk::import_end::stopped));
    BOOST_TEST(underway == 0U);
    BOOST_TEST(running->counters().created >= 10U);
    BOOST_TEST(running->counters().created < 200U);
    BOOST_TEST(running->counters().created + running->counters().left_open == work.book.entries.size());
}

BOOST_AUTO_TEST_CASE(what_was_begun_is_finished_alone_where_only_that_is_asked_for)
{
    job work(users(10));
    work.run();
    auto& entry = work.book.entries[3];
    entry.state = bulk::record_state::open;
    entry.steps_done = 0;
    entry.in_doubt = true;
    work.book.entries.resize(5); // of the other five nothing is known
    work.all.clear();
    work.from.taken = 0;
    bulk::import_options options;
    options.only_begun = true;
    BOOST_TEST((work.run(options) == bulk::import_end::finished));
    BOOST_TEST(work.has("send u3/create in doubt"));
    BOOST_TEST(work.book.entries.size() == 5U);
    BOOST_TEST(work.counters.skipped == 9U);
}

BOOST_AUTO_TEST_CASE(a_source_whose_lines_moved_is_known_by_its_ids)
{
    job first(users(5));
    first.run();
    first.book.entries[4].state = bulk::record_state::open;
    first.book.entries[4].steps_done = 0;
    std::vector<bulk::source_record> moved{user_record("new", 1)};
    for (int i = 0; i < 5; ++i)
        moved.push_back(user_record("u" + std::to_string(i), static_cast<std::uint64_t>(i + 2)));
    job second(moved);
    second.book.entries = first.book.entries;
    bulk::import_options options;
    options.lines_moved = true;
    second.run(options);
    BOOST_TEST(second.counters.skipped == 4U);
    BOOST_TEST(second.counters.created == 2U);
    BOOST_TEST(second.counters.duplicates == 0U);
    BOOST_TEST((second.book.entries[4].state == bulk::record_state::created));

    job unaware(moved);
    unaware.book.entries = first.book.entries;
    unaware.run();
    BOOST_TEST(unaware.counters.duplicates == 5U);
}

BOOST_AUTO_TEST_CASE(the_letter_under_a_line_is_settled_once_its_record_has_an_entry)
{
    bulk::import_options again;
    again.retry_failed = true;
    job work(users(3));
    work.run(again);
    for (const char* line : {"settle 1", "settle 2", "settle 3"})
        BOOST_TEST(work.has(line));
    // Also when an earlier retry was killed in between.
    work.all.clear();
    work.from.taken = 0;
    work.run(again);
    for (const char* line : {"settle 1", "settle 2", "settle 3"})
        BOOST_TEST(work.has(line));
    // A refusal that comes later has an entry too; a repetition keeps its line's letter.
    job refused({user_record("u0", 1), user_record("refused-1", 2), user_record("u0", 3)});
    refused.run(again);
    BOOST_TEST(refused.at("settle 2") < refused.at("bury 0 line 2 no_identifier"));
    BOOST_TEST(!refused.has("settle 3"));
}

BOOST_AUTO_TEST_SUITE_END()
