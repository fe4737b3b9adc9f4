// Reading a journal, also while it is written.
#include "job.hpp"

#include <boost/test/unit_test.hpp>

using bulk::record_state;

BOOST_AUTO_TEST_SUITE(reading)

BOOST_AUTO_TEST_CASE(a_reader_sees_what_is_written_meanwhile)
{
    temporary_folder folder;
    job all(folder.file("job"));
    const bulk::journal_reader read(all.path);
    BOOST_TEST(read.is_in_use());
    BOOST_TEST(!read.find(bulk::entity_kind::user, "a"));
    for (int i = 0; i < 5; ++i) {
        const auto id = "id" + std::to_string(i);
        all.end(all.begin(id).number, "user_" + std::to_string(i));
        all.flush();
        BOOST_REQUIRE(read.find(bulk::entity_kind::user, id));
        BOOST_TEST(read.find(bulk::entity_kind::user, id)->target_id == "user_" + std::to_string(i));
        BOOST_TEST(read.totals().records.at(bulk::entity_kind::user).at(record_state::created) ==
                   static_cast<std::uint64_t>(i) + 1);
    }
    // It may be written while the reader is in the middle of a list.
    int seen = 0;
    read.each_entry([&](const bulk::journal_entry&) {
        all.begin("during" + std::to_string(seen));
        return ++seen < 3;
    });
    BOOST_TEST(seen == 3);
    BOOST_TEST(read.totals().in_doubt == 3);
}

BOOST_AUTO_TEST_CASE(totals_count_records_steps_and_letters)
{
    temporary_folder folder;
    job all(folder.file("job"));
    all.end(all.begin("o", 1, bulk::entity_kind::organization).number, "org_1", record_state::adopted);
    const auto number = all.begin("u").number;
    all.step(number, 0, bulk::import_step::create, "user_1");
    all.step(number, 1, bulk::import_step::membership, "m", record_state::created);
    all.begin("open");
    all.bury(0, "bad", 8, "code_a");
    all.bury(0, "worse", 9, "code_b");
    all.bury(0, "worst", 10, "code_b");
    all.flush();
    const bulk::journal_reader read(all.path);
    const auto totals = read.totals();
    BOOST_TEST(totals.records.at(bulk::entity_kind::organization).at(record_state::adopted) == 1);
    BOOST_TEST(totals.records.at(bulk::entity_kind::user).at(record_state::created) == 1);
    BOOST_TEST(totals.records.at(bulk::entity_kind::user).at(record_state::open) == 1);
    BOOST_TEST(totals.records.at(bulk::entity_kind::user).at(record_state::failed) == 3);
    BOOST_TEST(totals.in_doubt == 1);
    BOOST_TEST(totals.dead_letters == 3);
    BOOST_TEST(totals.steps.at("create") == 2);
    BOOST_TEST(totals.steps.at("membership") == 1);
    const auto kinds = read.failure_kinds();
    BOOST_REQUIRE(kinds.size() == 2);
    BOOST_TEST(kinds[0].code == "code_b");
    BOOST_TEST(kinds[0].count == 2);
    BOOST_TEST(kinds[0].example.find("worse") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_was_made_comes_in_the_order_in_which_it_can_be_undone_and_what_was_undone_does_not_come)
{
    temporary_folder folder;
    job all(folder.file("job"));
    const auto organization = all.begin("o", 1, bulk::entity_kind::organization).number;
    all.end(organization, "org_1");
    const auto first = all.begin("u1").number;
    all.step(first, 0, bulk::import_step::create, "user_1");
    all.step(first, 1, bulk::import_step::email_address, "mail_1");
    all.step(first, 2, bulk::import_step::membership, "member_1", record_state::created);
    const auto second = all.begin("u2").number;
    all.end(second, "user_2", record_state::adopted);
    all.step(second, 1, bulk::import_step::membership, "member_2", record_state::adopted);
    all.flush();
    const auto made = [&] {
        std::string found;
        bulk::journal_reader(all.path).each_made([&](std::uint64_t, std::uint16_t, const bulk::made_thing& thing) {
            found += thing.entity_id + "/" + thing.id + " ";
            return true;
        });
        return found;
    };
    BOOST_TEST(made() == "user_1/member_1 user_1/mail_1 user_1/user_1 user_2/member_2 org_1/org_1 ");
    all.step(first, 2, bulk::import_step::remove, "");
    all.flush();
    BOOST_TEST(made() == "user_1/mail_1 user_1/user_1 user_2/member_2 org_1/org_1 ");
    all.step(first, 0, bulk::import_step::remove, "", record_state::removed);
    all.step(second, 1, bulk::import_step::remove, "");
    all.flush();
    BOOST_TEST(made() == "org_1/org_1 ");
    all.reopen();
    BOOST_TEST((all.find("u1")->state == record_state::removed));
    int users = 0;
    bulk::journal_reader(all.path).each_made(
        bulk::entity_kind::user, [&](std::uint64_t, std::uint16_t, const bulk::made_thing&) { return ++users > 0; });
    BOOST_TEST(users == 0);
}

BOOST_AUTO_TEST_CASE(lists_end_when_told_and_go_on_where_they_ended)
{
    temporary_folder folder;
    job all(folder.file("job"));
    for (int i = 0; i < 700; ++i)
        all.bury(0, "id" + std::to_string(i), static_cast<std::uint64_t>(i) + 1, "code");
    all.flush();
    const bulk::journal_reader read(all.path);
    std::uint64_t entries = 0;
    for (bool more = true; more;) {
        int taken = 0;
        read.each_entry(
            [&](const bulk::journal_entry& entry) {
                BOOST_REQUIRE_EQUAL(entry.number, ++entries);
                return ++taken < 100;
            },
            entries);
        more = taken == 100;
    }
    BOOST_TEST(entries == 700);
    std::uint64_t letters = 0;
    std::uint64_t place = 0;
    read.each_dead_letter([&](const bulk::dead_letter& letter) {
        place = letter.place;
        return ++letters < 300;
    });
    read.each_dead_letter([&](const bulk::dead_letter&) { return ++letters > 0; }, place);
    BOOST_TEST(letters == 700);
}

BOOST_AUTO_TEST_SUITE_END()
