// What a journal says of its records, said or written.
#include "job.hpp"

#include <boost/test/unit_test.hpp>

using bulk::record_state;

BOOST_AUTO_TEST_SUITE(promises)

BOOST_AUTO_TEST_CASE(a_record_is_open_and_in_doubt_until_its_outcome_is_said)
{
    temporary_folder folder;
    job all(folder.file("job"));
    const auto begun = all.begin("a", 7);
    BOOST_TEST(!begun.earlier);
    auto entry = all.find("a");
    BOOST_REQUIRE(entry);
    BOOST_TEST(entry->number == begun.number);
    BOOST_TEST(entry->line == 7);
    BOOST_TEST(entry->in_doubt);
    BOOST_TEST((entry->state == record_state::open));
    all.end(begun.number, "user_1");
    for (const bool written : {false, true}) {
        entry = all.find("a");
        BOOST_REQUIRE(entry);
        BOOST_TEST((entry->state == record_state::created));
        BOOST_TEST(entry->target_id == "user_1");
        BOOST_TEST(entry->made);
        BOOST_TEST(!entry->in_doubt);
        BOOST_TEST(entry->steps_done == 1);
        if (!written)
            all.reopen();
    }
    BOOST_TEST(!all.find("b"));
    BOOST_TEST(!all.book->find(bulk::entity_kind::organization, "a"));
}

BOOST_AUTO_TEST_CASE(a_second_record_with_the_same_id_is_told_of_the_first_and_writes_nothing)
{
    for (const bool in_memory : {false, true}) {
        temporary_folder folder;
        job all(folder.file("job"), in_memory);
        const auto first = all.begin("a", 1);
        all.end(first.number, "user_1");
        const auto second = all.begin("a", 2);
        BOOST_REQUIRE(second.earlier);
        BOOST_TEST(second.number == first.number);
        BOOST_TEST(second.earlier->line == 1);
        BOOST_TEST((second.earlier->state == record_state::created));
        const auto organization = all.begin("a", 3, bulk::entity_kind::organization);
        BOOST_TEST(!organization.earlier);
        if (in_memory)
            continue;
        all.reopen();
        const auto third = all.begin("a", 4);
        BOOST_REQUIRE(third.earlier);
        BOOST_TEST(third.earlier->target_id == "user_1");
        all.book.reset();
        int entries = 0;
        bulk::journal_reader(all.path).each_entry([&](const bulk::journal_entry&) { return ++entries > 0; });
        BOOST_TEST(entries == 2);
    }
}

BOOST_AUTO_TEST_CASE(a_step_in_doubt_keeps_the_time_from_which_it_may_have_taken_effect)
{
    for (const bool in_memory : {false, true}) {
        temporary_folder folder;
        job all(folder.file("job"), in_memory);
        const auto number = all.begin("a").number;
        const auto first = all.find("a")->begun;
        const auto later = [&first] {
            while (std::chrono::system_clock::now() < first + std::chrono::milliseconds(3))
                continue;
        };
        later();
        await(all.io, all.book->begin_step(number, 0)); // by a second run, which is killed before it knows
        if (!in_memory) {
            all.reopen();
            BOOST_TEST((all.find("a")->begun == first));
        }
        all.step(number, 0, bulk::import_step::create, "user_1");
        await(all.io, all.book->begin_step(number, 1));
        if (!in_memory)
            BOOST_TEST((all.find("a")->begun > first));
    }
}

BOOST_AUTO_TEST_CASE(later_steps_are_counted_from_the_first_that_is_not_done)
{
    temporary_folder folder;
    job all(folder.file("job"));
    const auto number = all.begin("a").number;
    all.step(number, 0, bulk::import_step::create, "user_1");
    BOOST_TEST(all.find("a")->steps_done == 1);
    BOOST_TEST(!all.find("a")->in_doubt);
    await(all.io, all.book->begin_step(number, 1)); // nothing is said of it: it stays in doubt
    await(all.io, all.book->begin_step(number, 2));
    all.step(number, 2, bulk::import_step::membership, "member_2");
    all.reopen();
    auto entry = all.find("a");
    BOOST_TEST(entry->steps_done == 1);
    BOOST_TEST(entry->in_doubt);
    BOOST_TEST((entry->state == record_state::open));
    all.step(number, 1, bulk::import_step::email_address, "mail_1", record_state::created);
    all.reopen();
    entry = all.find("a");
    BOOST_TEST(entry->steps_done == 2);
    BOOST_TEST((entry->state == record_state::created));
    // The last word again, without an id: what was made stays made.
    all.step(number, 2, bulk::import_step::membership, "", record_state::adopted);
    all.book.reset();
    std::string made;
    bulk::journal_reader(all.path).each_made([&](std::uint64_t, std::uint16_t, const bulk::made_thing& thing) {
        made += thing.id + " ";
        return true;
    });
    BOOST_TEST(made == "member_2 mail_1 user_1 ");
}

BOOST_AUTO_TEST_CASE(a_failed_record_has_one_dead_letter_until_it_succeeds)
{
    temporary_folder folder;
    job all(folder.file("job"));
    const auto number = all.begin("a", 3).number;
    all.bury(number, "a", 3, "first", true);
    BOOST_TEST((all.find("a")->state == record_state::failed)); // said and not written
    BOOST_TEST(all.find("a")->in_doubt);
    all.bury(number, "a", 3, "second");
    all.bury(0, "unknown", 4, "refused");
    BOOST_REQUIRE(all.find("unknown"));
    BOOST_TEST((all.find("unknown")->state == record_state::failed));
    BOOST_TEST(!all.find("unknown")->in_doubt);
    all.bury(0, "a", 9, "repeated"); // another line: a letter of its own
    all.bury(0, "", 5, "unreadable");
    all.bury(0, "", 5, "unreadable_again");
    all.flush();
    const auto letters = [&] {
        std::string found;
        bulk::journal_reader(all.path).each_dead_letter([&](const bulk::dead_letter& letter) {
            BOOST_TEST(letter.text.find(letter.code) != std::string::npos);
            found += std::to_string(letter.number) + ":" + std::to_string(letter.line) + ":" + letter.code + " ";
            return true;
        });
        return found;
    };
    BOOST_TEST(letters() == "1:3:second 2:4:refused 0:5:unreadable_again 0:9:repeated ");
    all.reopen();
    await(all.io, all.book->begin_step(number, 0)); // it is tried again
    BOOST_TEST((all.find("a")->state == record_state::failed));
    all.end(number, "user_1");
    all.book->settle(5);
    all.flush();
    BOOST_TEST(letters() == "2:4:refused 0:9:repeated ");
    BOOST_TEST((all.find("a")->state == record_state::created));
}

BOOST_AUTO_TEST_CASE(a_refusal_does_not_speak_for_what_was_created)
{
    temporary_folder folder;
    job all(folder.file("job"));
    all.end(all.begin("a", 3).number, "user_1");
    all.bury(0, "a", 3, "refused_now");
    BOOST_TEST((all.find("a")->state == record_state::created));
}

BOOST_AUTO_TEST_CASE(kinds_of_notes_are_bounded_and_counted)
{
    temporary_folder folder;
    job all(folder.file("job"));
    for (int i = 0; i < 1000; ++i)
        all.book->add_note(bulk::note("field" + std::to_string(i % 500), "why"), "id" + std::to_string(i));
    all.reopen();
    all.book->add_note(bulk::note("field1", "why"), "later");
    all.book->add_note(bulk::note("another", "why"), "later");
    all.flush();
    const auto notes = bulk::journal_reader(all.path).notes();
    BOOST_TEST(notes.size() == 201);
    std::uint64_t sum = 0;
    for (const auto& each : notes) {
        sum += each.count;
        if (each.what.field == "field1") {
            BOOST_TEST(each.count == 3);
            BOOST_TEST(each.example == "id1");
        }
    }
    BOOST_TEST(sum == 1002);
    BOOST_TEST(notes.front().count == 601);
}

BOOST_AUTO_TEST_CASE(settings_and_samples_are_kept)
{
    temporary_folder folder;
    job all(folder.file("job"));
    all.book->set_setting("source", "a file");
    all.book->set_setting("source", "another file");
    BOOST_TEST(all.book->setting("source").value() == "another file");
    all.book->add_sample(bulk::journal_time(std::chrono::milliseconds(5)), "{}");
    all.reopen();
    BOOST_TEST(all.book->setting("source").value() == "another file");
    BOOST_TEST(!all.book->setting("other"));
    int samples = 0;
    bulk::journal_reader(all.path).each_sample([&](const bulk::journal_sample& sample) {
        BOOST_TEST(sample.at.time_since_epoch().count() == 5);
        BOOST_TEST(sample.json == "{}");
        return ++samples > 0;
    });
    BOOST_TEST(samples == 1);
}

BOOST_AUTO_TEST_CASE(an_unknown_number_is_refused)
{
    temporary_folder folder;
    job all(folder.file("job"));
    BOOST_CHECK_THROW(all.end(5, "x"), std::invalid_argument);
    BOOST_CHECK_THROW(all.bury(5, "x", 1, "code"), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
