// What a job does when source, target or journal fail.
#include "unit/job/one_job.hpp"

using namespace usher;
using namespace usher::tests;

BOOST_AUTO_TEST_SUITE(trouble)

BOOST_AUTO_TEST_CASE(a_later_step_that_fails_hinders_no_further_one_and_the_next_run_begins_at_it)
{
    job work(users(1, 3));
    work.to.ends = [](const bulk::step_request& request, bulk::step_result& done) {
        if (request.what.kind == bulk::import_step::membership && request.what.index == 1)
            fail_with(done, "role_unknown");
    };
    work.run();
    BOOST_TEST(work.counters.failed == 1U);
    BOOST_TEST(work.counters.incomplete == 1U);
    BOOST_TEST(work.counters.memberships == 2U);
    BOOST_TEST(work.has("outcome u0/3 undone"));
    BOOST_TEST(work.book.entries.back().steps_done == 2);
    work.to.ends = nullptr;
    work.from.taken = 0;
    work.run();
    BOOST_TEST(work.counters.skipped == 4U);
    work.from.taken = 0;
    work.all.clear();
    bulk::import_options again;
    again.retry_failed = true;
    work.run(again);
    BOOST_TEST(work.has("intent u0/2"));
    BOOST_TEST(!work.has("intent u0/1"));
    BOOST_TEST((work.book.entries.back().state == bulk::record_state::created));
    BOOST_TEST(work.counters.created == 1U);
}

BOOST_AUTO_TEST_CASE(a_creation_that_fails_ends_its_record_and_no_other)
{
    job work(users(5, 1));
    work.to.ends = [](const bulk::step_request& request, bulk::step_result& done) {
        if (request.record->id() == "u2")
            fail_with(done, "identifier_taken");
    };
    BOOST_TEST((work.run() == bulk::import_end::finished));
    BOOST_TEST(work.counters.created == 5U);
    BOOST_TEST(work.counters.taken == 1U);
    BOOST_TEST(!work.has("intent u2/1"));
    BOOST_TEST((work.listener.codes == std::vector<std::string>{"identifier_taken"}));
}

BOOST_AUTO_TEST_CASE(a_creation_that_is_there_and_not_complete_keeps_its_id_and_its_further_steps_are_done)
{
    job work(users(1, 1));
    work.to.ends = [](const bulk::step_request& request, bulk::step_result& done) {
        if (request.record->id() != "u0" || request.what.kind != bulk::import_step::create)
            return;
        fail_with(done, "limit_not_set");
        done.id = "made-u0";
        done.made = true;
    };
    work.run();
    BOOST_TEST(work.counters.incomplete == 1U);
    BOOST_TEST(work.book.entries.back().target_id == "made-u0");
    BOOST_TEST(work.book.entries.back().made);
    BOOST_TEST(work.has("answer u0/membership"));
    BOOST_TEST(work.book.entries.back().steps_done == 0);
}

BOOST_AUTO_TEST_CASE(of_a_step_that_may_have_taken_effect_no_outcome_is_written)
{
    job work(users(1));
    work.to.ends = [](const bulk::step_request&, bulk::step_result& done) { fail_with(done, "connection", true); };
    work.run();
    BOOST_TEST(!work.has("outcome u0/0 undone"));
    BOOST_TEST(work.book.entries[0].in_doubt);
    BOOST_TEST(work.counters.failed == 1U);
}

BOOST_AUTO_TEST_CASE(a_hopeless_answer_ends_the_run_and_leaves_what_is_under_way_to_the_next)
{
    job work(users(1000));
    work.to.ends = [](const bulk::step_request&, bulk::step_result& done) {
        fail_with(done, "authentication_invalid");
        done.hopeless = error_saying("the key was revoked");
    };
    bulk::import_options options;
    options.concurrency = 4;
    BOOST_TEST((work.run(options) == bulk::import_end::given_up));
    BOOST_TEST(work.reason.find("the key was revoked") != std::string::npos);
    BOOST_TEST(work.counters.failed == 0U);
    BOOST_TEST(work.counters.left_open == work.book.entries.size());
    BOOST_TEST(work.book.entries.size() <= 8U);
    for (const auto& entry : work.book.entries)
        BOOST_TEST((entry.state == bulk::record_state::open));
    BOOST_TEST(work.from.cancelled);
}

BOOST_AUTO_TEST_CASE(a_target_that_is_not_ready_is_sent_nothing)
{
    job work(users(3));
    work.to.not_ready = error_saying("no such environment");
    BOOST_TEST((work.run() == bulk::import_end::given_up));
    BOOST_TEST(work.reason.find("no such environment") != std::string::npos);
    BOOST_TEST(work.counters.records == 0U);
    BOOST_TEST(work.all.empty());
}

BOOST_AUTO_TEST_CASE(a_journal_that_cannot_be_written_stops_everything_and_nothing_is_sent_without_it)
{
    job work(users(50));
    work.book.full_after = 10;
    BOOST_CHECK_EXCEPTION(work.run(), std::runtime_error, [](const std::runtime_error& thrown) {
        return std::string(thrown.what()) == "job.journal: no space left";
    });
    BOOST_TEST(std::count_if(work.all.begin(), work.all.end(),
                             [](const std::string& line) { return line.starts_with("send "); }) == 10);
    BOOST_TEST(std::count_if(work.all.begin(), work.all.end(),
                             [](const std::string& line) { return line.starts_with("outcome "); }) == 10);
}

BOOST_AUTO_TEST_CASE(a_source_that_breaks_is_told_after_what_is_on_its_way_has_ended)
{
    job work(users(20));
    work.from.breaks_after = 12;
    BOOST_CHECK_EXCEPTION(work.run(), std::runtime_error, [](const std::runtime_error& thrown) {
        return std::string(thrown.what()) == "line 13: no more of this";
    });
    BOOST_TEST(work.counters.in_flight == 0U);
    BOOST_TEST(work.to.underway == 0U);
    BOOST_TEST(work.book.entries.size() == 12U);
    BOOST_TEST(work.counters.created + work.counters.left_open == 12U);
    for (const auto& entry : work.book.entries)
        BOOST_TEST(!entry.in_doubt);
}

BOOST_AUTO_TEST_CASE(a_run_that_is_stopped_finishes_what_it_has_begun)
{
    job work(users(500));
    int sent = 0;
    bulk::importer* running = nullptr;
    work.watch = [&running](bulk::importer& one) { running = &one; };
    work.to.ends = [&](const bulk::step_request&, bulk::step_result&) {
        if (++sent == 30)
            running->stop();
    };
    BOOST_TEST((work.run() == bulk::import_end::stopped));
    BOOST_TEST(work.counters.created >= 30U);
    BOOST_TEST(work.counters.created < 120U);
    BOOST_TEST(work.counters.created + work.counters.left_open == work.book.entries.size());
    for (const auto& entry : work.book.entries)
        BOOST_TEST(!entry.in_doubt);
    work.from.cancelled = false;
    work.from.taken = 0;
    work.to.ends = nullptr;
    BOOST_TEST((work.run() == bulk::import_end::finished));
    BOOST_TEST(work.book.entries.size() == 500U);
}

BOOST_AUTO_TEST_CASE(a_plan_that_is_refused_and_a_record_that_cannot_be_read_become_dead_letters_with_their_line)
{
    auto records = users(1);
    records.push_back(user_record("refused-1", 2));
    bulk::source_record torn;
    torn.line = 3;
    torn.format = bulk::source_format::usher;
    torn.problem = "not a JSON object";
    torn.text = "{";
    records.push_back(torn);
    job work(records);
    BOOST_TEST((work.run() == bulk::import_end::finished));
    BOOST_TEST(work.counters.created == 1U);
    BOOST_TEST(work.counters.failed == 2U);
    BOOST_TEST(work.has("bury 0 line 2 no_identifier"));
    BOOST_TEST(work.has("bury 0 line 3 unreadable_record"));
}

BOOST_AUTO_TEST_CASE(options_out_of_range_are_told)
{
    job work(users(1));
    const auto refuses = [&work](bulk::import_options options) {
        BOOST_CHECK_THROW(work.run(std::move(options)), std::invalid_argument);
    };
    bulk::import_options none;
    none.concurrency = 0;
    refuses(none);
    bulk::import_options beyond;
    beyond.part = 2;
    beyond.parts = 2;
    refuses(beyond);
    bulk::import_options nobody;
    nobody.parts = 0;
    refuses(nobody);
}

BOOST_AUTO_TEST_SUITE_END()
