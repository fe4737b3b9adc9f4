// What a job promises, whatever source, target and journal do.
#include "bulk/job/part.hpp"
#include "unit/job/fakes.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>
#include <set>

namespace asio = boost::asio;
using namespace usher;
using namespace usher::tests;

namespace {

struct heard final : bulk::import_listener {
    void on_failure(const bulk::source_record&, const bulk::import_failure& failure) override
    {
        codes.push_back(failure.code);
    }
    std::vector<std::string> codes;
};

struct job {
    explicit job(std::vector<bulk::source_record> records) : from(std::move(records)) {}

    bulk::import_end run(bulk::import_options options = bulk::import_options())
    {
        io.restart();
        bulk::importer running(io.get_executor(), from, to, book, listener, std::move(options));
        if (watch)
            watch(running);
        std::optional<bulk::import_end> end;
        asio::co_spawn(io, running.run(), [&end](std::exception_ptr thrown, bulk::import_end how) {
            if (thrown)
                std::rethrow_exception(thrown);
            end = how;
        });
        // What is thrown is thrown here, after everything else has ended.
        std::exception_ptr thrown;
        try {
            io.run();
        } catch (...) {
            thrown = std::current_exception();
        }
        counters = running.counters();
        reason = running.reason().message();
        if (thrown)
            std::rethrow_exception(thrown);
        BOOST_REQUIRE(end.has_value());
        return *end;
    }

    /// Where a line stands in the diary; its size if it does not.
    std::size_t at(const std::string& line) const
    {
        return static_cast<std::size_t>(std::find(all.begin(), all.end(), line) - all.begin());
    }
    bool has(const std::string& line) const { return at(line) != all.size(); }

    asio::io_context io{1};
    diary all;
    listed_source from;
    told_target to{io.get_executor(), all};
    told_journal book{io.get_executor(), all};
    heard listener;
    bulk::import_counters counters;
    std::string reason;
    std::function<void(bulk::importer&)> watch;
};

std::vector<bulk::source_record> users(int count, int organizations = 0)
{
    std::vector<bulk::source_record> all;
    for (int i = 0; i < organizations; ++i)
        all.push_back(organization_record("org-" + std::to_string(i), all.size() + 1));
    for (int i = 0; i < count; ++i)
        all.push_back(user_record("u" + std::to_string(i), all.size() + 1, organizations));
    return all;
}

error error_saying(std::string text)
{
    error_details details;
    details.kind = error_kind::connection;
    details.text = std::move(text);
    return error(std::move(details));
}

void fail_with(bulk::step_result& done, std::string code, bool unknown = false)
{
    done = bulk::step_result();
    done.failure.emplace();
    done.failure->code = std::move(code);
    done.failure->outcome_unknown = unknown;
}

} // namespace

BOOST_AUTO_TEST_SUITE(importer)

BOOST_AUTO_TEST_CASE(no_step_is_sent_before_its_intent_is_written_nor_before_the_step_before_it_is)
{
    job work(users(40, 3));
    BOOST_TEST((work.run() == bulk::import_end::finished));
    std::set<std::string> intents, outcomes;
    std::map<std::string, int> next;
    for (const auto& line : work.all) {
        const auto space = line.find(' ');
        const auto what = line.substr(0, space);
        const auto name = line.substr(space + 1, line.find('/') - space - 1);
        if (what == "intent") {
            BOOST_TEST(line == "intent " + name + "/" + std::to_string(next[name]));
            BOOST_TEST((next[name] == 0 || outcomes.contains(name + "/" + std::to_string(next[name] - 1))));
            intents.insert(name + "/" + std::to_string(next[name]++));
        } else if (what == "send") {
            BOOST_TEST(intents.contains(name + "/" + std::to_string(next[name] - 1)));
        } else if (what == "outcome") {
            outcomes.insert(line.substr(space + 1));
        }
    }
    BOOST_TEST(intents.size() == 3U + 40U * 4U);
    BOOST_TEST((intents == outcomes));
    BOOST_TEST(work.all.back() == "flush");
    BOOST_TEST(work.counters.created == 43U);
    BOOST_TEST(work.counters.organizations == 3U);
    BOOST_TEST(work.counters.memberships == 120U);
}

BOOST_AUTO_TEST_CASE(no_user_begins_before_every_organization_is_finished)
{
    job work(users(5, 20));
    work.run();
    std::size_t last_organization = 0;
    std::size_t first_user = work.all.size();
    for (std::size_t i = 0; i < work.all.size(); ++i) {
        if (work.all[i].starts_with("outcome org-"))
            last_organization = i;
        if (work.all[i].starts_with("intent u") && i < first_user)
            first_user = i;
    }
    BOOST_TEST(last_organization > 0U);
    BOOST_TEST(first_user < work.all.size());
    BOOST_TEST(last_organization < first_user);
}

BOOST_AUTO_TEST_CASE(never_more_records_are_under_way_than_allowed_and_as_many_as_that)
{
    job work(users(100));
    bulk::import_options options;
    options.concurrency = 7;
    work.run(options);
    BOOST_TEST(work.to.most_underway == 7U);
}

BOOST_AUTO_TEST_CASE(what_an_earlier_run_finished_costs_nothing)
{
    job work(users(10, 1));
    work.run();
    work.all.clear();
    work.from.taken = 0;
    BOOST_TEST((work.run() == bulk::import_end::finished));
    BOOST_TEST(work.counters.skipped == 11U);
    BOOST_TEST((work.all == diary{"flush"}));
}

BOOST_AUTO_TEST_CASE(a_step_whose_outcome_nobody_wrote_is_done_again_in_doubt_and_those_before_it_are_not)
{
    job work(users(1, 2));
    work.run();
    auto& entry = work.book.entries.back();
    entry.state = bulk::record_state::open;
    entry.steps_done = 1;
    entry.in_doubt = true;
    work.all.clear();
    work.from.taken = 0;
    work.run();
    const diary expected{"intent u0/1", "send u0/membership in doubt", "answer u0/membership", "outcome u0/1",
                         "intent u0/2", "send u0/membership",          "answer u0/membership", "outcome u0/2",
                         "flush"};
    BOOST_TEST(work.all == expected, boost::test_tools::per_element());
    BOOST_TEST(work.counters.resumed == 1U);
    BOOST_TEST((work.book.entries.back().state == bulk::record_state::created));
}

BOOST_AUTO_TEST_CASE(a_record_that_only_lacks_its_last_word_gets_it_without_a_request)
{
    job work(users(1));
    work.run();
    work.book.entries[0].state = bulk::record_state::open;
    work.all.clear();
    work.from.taken = 0;
    work.run();
    BOOST_TEST((work.book.entries[0].state == bulk::record_state::created));
    BOOST_TEST(!work.has("send u0/create"));
}

BOOST_AUTO_TEST_CASE(a_repeated_record_is_buried_under_its_own_line_and_the_first_stays_what_it_is)
{
    auto records = users(2);
    records.push_back(user_record("u0", 3));
    job work(records);
    work.run();
    BOOST_TEST(work.counters.created == 2U);
    BOOST_TEST(work.counters.duplicates == 1U);
    BOOST_TEST(work.has("bury 0 line 3 duplicate_in_source"));
    BOOST_TEST((work.book.entries[0].state == bulk::record_state::created));
    // Also after a restart, when the first one is long finished.
    work.from.taken = 0;
    work.run();
    BOOST_TEST(work.counters.duplicates == 1U);
    BOOST_TEST(work.counters.skipped == 2U);
}

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

BOOST_AUTO_TEST_CASE(a_source_that_breaks_is_told_after_what_is_under_way_is_finished)
{
    job work(users(20));
    work.from.breaks_after = 12;
    BOOST_CHECK_EXCEPTION(work.run(), std::runtime_error, [](const std::runtime_error& thrown) {
        return std::string(thrown.what()) == "line 13: no more of this";
    });
    BOOST_TEST(work.counters.created == 12U);
    BOOST_TEST(work.counters.in_flight == 0U);
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
    for (const auto& entry : work.book.entries)
        BOOST_TEST((entry.state == bulk::record_state::created));
    work.from.cancelled = false;
    work.from.taken = 0;
    work.to.ends = nullptr;
    BOOST_TEST((work.run() == bulk::import_end::finished));
    BOOST_TEST(work.book.entries.size() == 500U);
}

BOOST_AUTO_TEST_CASE(parts_share_a_source_without_overlap_and_organizations_are_everybodys)
{
    std::multiset<std::string> taken;
    for (std::uint32_t part = 0; part < 3; ++part) {
        job work(users(300, 2));
        bulk::import_options options;
        options.part = part;
        options.parts = 3;
        work.run(options);
        std::size_t own = 0;
        for (const auto& entry : work.book.entries)
            if (entry.kind == bulk::entity_kind::user && ++own > 0)
                taken.insert(entry.source_id);
        BOOST_TEST(own > 60U);
        BOOST_TEST(work.counters.organizations == 2U);
        BOOST_TEST(work.counters.skipped == 300 - own);
    }
    BOOST_TEST(taken.size() == 300U);
    BOOST_TEST((std::set<std::string>(taken.begin(), taken.end()).size() == 300U));
    // The division is part of what is kept on disk: it never changes.
    BOOST_TEST(bulk::part_of("auth0|5f7c8ec7c33c6c004bbafe82", 8) == 3U);
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
