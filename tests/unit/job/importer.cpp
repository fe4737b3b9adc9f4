// What a job promises, whatever source, target and journal do.
#include "bulk/job/part.hpp"
#include "unit/job/one_job.hpp"

#include <map>
#include <set>

using namespace usher;
using namespace usher::tests;

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

BOOST_AUTO_TEST_CASE(what_came_along_with_the_creation_is_written_down_and_not_sent)
{
    job work(users(1, 2));
    work.to.first_comes_along = true;
    work.run();
    BOOST_TEST(work.counters.created == 3U);
    BOOST_TEST(work.counters.memberships == 2U);
    BOOST_TEST(!work.has("intent u0/1"));
    BOOST_TEST(work.at("outcome u0/1") < work.at("intent u0/2"));
    BOOST_TEST(std::count(work.all.begin(), work.all.end(), "send u0/membership") == 1);
    BOOST_TEST(work.book.entries.back().steps_done == 3U);

    // As the last step it is the record's last word.
    job one(users(1, 1));
    one.to.first_comes_along = true;
    one.run();
    BOOST_TEST(!one.has("send u0/membership"));
    BOOST_TEST((one.book.entries.back().state == bulk::record_state::created));
    BOOST_TEST(one.counters.left_open == 0U);
}

BOOST_AUTO_TEST_CASE(who_was_there_before_or_was_found_again_takes_every_step)
{
    for (const bool recovered : {false, true}) {
        job work(users(1, 1));
        work.to.first_comes_along = true;
        work.to.ends = [recovered](const bulk::step_request& asked, bulk::step_result& done) {
            if (asked.what.kind != bulk::import_step::create)
                return;
            done.made = recovered;
            done.recovered = recovered;
        };
        work.run();
        BOOST_TEST(work.has("intent u0/1"));
        BOOST_TEST(work.has("send u0/membership"));
        BOOST_TEST(work.book.entries.back().steps_done == 2U);
        const auto end = recovered ? bulk::record_state::created : bulk::record_state::adopted;
        BOOST_TEST((work.book.entries.back().state == end));
    }
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

BOOST_AUTO_TEST_SUITE_END()
