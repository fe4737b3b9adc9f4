// The parts of one job, joined.
#include "job.hpp"

#include <boost/test/unit_test.hpp>

using bulk::record_state;

namespace {

struct parts {
    temporary_folder folder;
    std::vector<std::string> paths{folder.file("one"), folder.file("two")};
    std::string whole = folder.file("whole");

    template <typename Write>
    void write(std::size_t index, const Write& use)
    {
        job all(paths[index]);
        all.book->set_setting("source", "users.ndjson");
        all.book->set_setting("part", std::to_string(index));
        use(all);
    }
    std::string merge_trouble() const
    {
        return trouble_of([&] { bulk::merge_journals(paths, whole); });
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(merging)

BOOST_AUTO_TEST_CASE(parts_become_one_journal_that_can_be_gone_on_with)
{
    parts all;
    for (const std::size_t part : {0U, 1U})
        all.write(part, [part](job& one) {
            const auto own = std::to_string(part);
            one.end(one.begin("org", 1, bulk::entity_kind::organization).number, "org_1",
                    part == 1 ? record_state::created : record_state::adopted);
            const auto number = one.begin("user" + own, 2 + part).number;
            one.step(number, 0, bulk::import_step::create, "user_" + own);
            one.step(number, 1, bulk::import_step::membership, "member_" + own, record_state::created);
            one.bury(0, "bad" + own, 10 + part, "bad_code");
            one.bury(0, "", 20 + part, "unreadable");
            one.book->add_note(bulk::note("field", "reason"), "user" + own);
            one.book->add_note(bulk::note("field" + own, "reason"), "user" + own);
            for (const int at : {1, 3})
                one.book->add_sample(bulk::journal_time(std::chrono::milliseconds(at + static_cast<int>(part))), own);
        });
    BOOST_REQUIRE_EQUAL(all.merge_trouble(), "");
    {
        const bulk::journal_reader read(all.whole);
        BOOST_TEST(read.find(bulk::entity_kind::organization, "org").value().made);
        BOOST_TEST((read.find(bulk::entity_kind::organization, "org")->state == record_state::created));
        BOOST_TEST(read.find(bulk::entity_kind::user, "user1").value().target_id == "user_1");
        BOOST_TEST(read.totals().dead_letters == 4);
        BOOST_TEST(read.totals().records.at(bulk::entity_kind::user).at(record_state::created) == 2);
        BOOST_TEST(read.setting("source").value() == "users.ndjson");
        BOOST_TEST(!read.setting("part"));
        BOOST_TEST(read.notes().size() == 3);
        BOOST_TEST(read.notes().front().count == 2);
        std::string samples;
        read.each_sample([&](const bulk::journal_sample& sample) {
            samples += sample.json;
            return true;
        });
        BOOST_TEST(samples == "0101");
        std::string made;
        read.each_made([&](std::uint64_t, std::uint16_t, const bulk::made_thing& thing) {
            made += thing.id + " ";
            return true;
        });
        BOOST_TEST(made == "member_0 user_0 member_1 user_1 org_1 ");
        read.each_dead_letter([&](const bulk::dead_letter& letter) {
            if (letter.number != 0)
                BOOST_TEST(read.find(bulk::entity_kind::user, letter.line == 10 ? "bad0" : "bad1").value().number ==
                           letter.number);
            return true;
        });
    }
    job again(all.whole);
    BOOST_TEST(again.begin("user0").earlier.has_value());
    BOOST_TEST(!again.begin("new").earlier);
}

BOOST_AUTO_TEST_CASE(contradictions_name_the_record_and_leave_no_file)
{
    parts all;
    for (const std::size_t part : {0U, 1U})
        all.write(part, [part](job& one) {
            one.end(one.begin("org", 1, bulk::entity_kind::organization).number, "org_" + std::to_string(part));
        });
    const auto trouble = all.merge_trouble();
    BOOST_TEST(trouble.find(all.paths[1] + ": the organization org is org_1 here") == 0U);
    for (const auto& each : std::filesystem::directory_iterator(all.folder.file(".")))
        BOOST_TEST((each.path().filename() == "whole-lock" || each.path().filename().string().find("whole") != 0));
}

BOOST_AUTO_TEST_CASE(only_parts_of_one_job_that_nobody_works_on_are_merged)
{
    parts all;
    all.write(0, [](job&) {});
    all.write(1, [](job& one) { one.book->set_setting("source", "others.ndjson"); });
    BOOST_TEST(all.merge_trouble().find("'source' differs") != std::string::npos);
    all.write(1, [](job&) {});
    {
        job open(all.paths[0]);
        BOOST_TEST(all.merge_trouble().find(all.paths[0] + ": the journal is in use") == 0U);
    }
    BOOST_TEST(all.merge_trouble() == "");
    BOOST_TEST(all.merge_trouble().find("there is a journal already") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(parts_of_different_instances_are_not_merged_and_one_that_knows_none_is_the_others)
{
    parts all;
    all.write(0, [](job&) {});
    all.write(1, [](job& one) { one.book->set_setting("instance", "ins_2"); });
    BOOST_REQUIRE_EQUAL(all.merge_trouble(), "");
    BOOST_TEST(bulk::journal_reader(all.whole).setting("instance").value() == "ins_2");
    all.write(0, [](job& one) { one.book->set_setting("instance", "ins_1"); });
    all.whole += "_again";
    BOOST_TEST(all.merge_trouble().find("'instance' differs") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
