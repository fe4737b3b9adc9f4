#include "bulk/check/identity_join.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace bulk = usher::bulk;

namespace {

using bulk::conflict_kind;
using bulk::mark_kind;

/// "3 repeated email_address 1": line, what, which member, line of the holder (of the target: its id).
class told_conflicts final : public bulk::identity_join::listener {
public:
    explicit told_conflicts(bulk::identity_join& join) : join_(join) { join.join(*this); }

    void on_conflicts(const bulk::record_facts& record, std::span<const bulk::conflict> conflicts) override
    {
        static constexpr std::array<const char*, 4> names{"repeated", "there", "taken", "missing"};
        for (const auto& each : conflicts) {
            const auto holder = join_.facts(each.holder);
            all.push_back(std::to_string(record.line) + ' ' + names[static_cast<std::size_t>(each.what)] + ' ' +
                          std::string(bulk::field_of(each.mark)) + ' ' +
                          (holder.at_target ? holder.id : std::to_string(holder.line)));
        }
    }
    void on_overfull(const bulk::record_facts& organization, std::uint64_t limit, std::uint64_t memberships) override
    {
        overfull.push_back(organization.id + ' ' + std::to_string(limit) + ' ' + std::to_string(memberships));
    }

    std::vector<std::string> all, overfull;

private:
    bulk::identity_join& join_;
};

std::uint64_t add(bulk::identity_join& join, std::uint64_t line, const std::string& id,
                  bulk::entity_kind kind = bulk::entity_kind::user, std::uint32_t limit = 0)
{
    bulk::record_facts facts;
    facts.kind = kind;
    facts.line = line;
    facts.id = id;
    const auto number = join.add(facts);
    join.mark(number, kind == bulk::entity_kind::user ? mark_kind::user : mark_kind::organization, id, limit);
    return number;
}

using texts = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(identity_join)

BOOST_AUTO_TEST_CASE(what_is_repeated_is_told_with_the_earlier_line)
{
    bulk::identity_join join("");
    const auto a = add(join, 10, "a");
    join.mark(a, mark_kind::email_address, "Ada@Example.com");
    join.mark(a, mark_kind::phone_number, "+15550100");
    const auto b = add(join, 20, "b");
    join.mark(b, mark_kind::email_address, "ada@example.COM");
    const auto c = add(join, 30, "c");
    join.mark(c, mark_kind::phone_number, "+15550100");
    const auto d = add(join, 40, "d");
    join.mark(d, mark_kind::username, "ada@example.com");
    add(join, 50, "A");
    add(join, 60, "a");
    const told_conflicts told(join);
    BOOST_TEST(told.all == (texts{"20 repeated email_address 10", "30 repeated phone_number 10", "60 repeated id 10"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_record_that_is_kept_out_holds_nothing_against_later_ones)
{
    bulk::identity_join join("");
    add(join, 1, "a");
    const auto again = add(join, 2, "a");
    join.mark(again, mark_kind::email_address, "x@example.com");
    for (std::uint64_t line = 3; line < 6; ++line)
        join.mark(add(join, line, std::to_string(line)), mark_kind::email_address, "x@example.com");
    const told_conflicts told(join);
    BOOST_TEST(told.all == (texts{"2 repeated id 1", "4 repeated email_address 3", "5 repeated email_address 3"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(one_record_may_name_an_address_twice)
{
    bulk::identity_join join("");
    const auto a = add(join, 1, "a");
    join.mark(a, mark_kind::email_address, "a@example.com");
    join.mark(a, mark_kind::email_address, "A@example.com");
    join.mark(a, mark_kind::username, "");
    join.mark(add(join, 2, "b"), mark_kind::username, "");
    const told_conflicts told(join);
    BOOST_TEST(told.all.empty());
}

BOOST_AUTO_TEST_CASE(who_is_at_the_target_is_ours_by_id_and_a_stranger_by_address)
{
    bulk::identity_join join("");
    bulk::known_entity ours;
    ours.id = "user_1";
    ours.source_id = "a";
    ours.email_addresses = {"a@example.com"};
    join.add_known(bulk::entity_kind::user, ours);
    const auto a = add(join, 1, "a");
    join.mark(a, mark_kind::email_address, "a@example.com");
    const auto b = add(join, 2, "b");
    join.mark(b, mark_kind::email_address, "A@example.com");
    join.mark(b, mark_kind::username, "bob");
    bulk::known_entity stranger;
    stranger.id = "user_2";
    stranger.username = "Bob";
    join.add_known(bulk::entity_kind::user, stranger);
    const told_conflicts told(join);
    BOOST_TEST(told.all == (texts{"1 there id user_1", "2 repeated email_address 1", "2 taken email_address user_1",
                                  "2 taken username user_2"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(memberships_need_an_organization_that_is_somewhere)
{
    bulk::identity_join join("");
    add(join, 1, "acme", bulk::entity_kind::organization, 2);
    add(join, 2, "open", bulk::entity_kind::organization, 0);
    bulk::known_entity there;
    there.id = "org_1";
    there.source_id = "old";
    join.add_known(bulk::entity_kind::organization, there);
    for (std::uint64_t line = 3; line < 6; ++line) {
        const auto user = add(join, line, "u" + std::to_string(line));
        for (const char* each : {"acme", "open", "old"})
            join.mark(user, mark_kind::membership, each);
        if (line == 4)
            join.mark(user, mark_kind::membership, "Acme");
    }
    // A user may have the id of an organization.
    add(join, 6, "acme");
    const told_conflicts told(join);
    BOOST_TEST(told.all == (texts{"4 missing membership 4"}), boost::test_tools::per_element());
    BOOST_TEST(told.overfull == (texts{"acme 2 3"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(whatever_the_records_it_tells_what_taking_them_one_after_the_other_would)
{
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        std::mt19937_64 dice(seed);
        const std::uint64_t pool = 3 + dice() % 400;
        const std::size_t count = 1 + dice() % 600;
        bulk::identity_join join("");
        std::map<std::tuple<mark_kind, std::string>, std::uint64_t> holders;
        texts expected;
        for (std::uint64_t line = 1; line <= count; ++line) {
            std::vector<std::pair<mark_kind, std::string>> marks;
            const auto id = std::to_string(dice() % pool);
            marks.emplace_back(mark_kind::user, id);
            for (const auto kind : {mark_kind::email_address, mark_kind::phone_number, mark_kind::username})
                if (dice() % 2 == 0)
                    marks.emplace_back(kind, std::to_string(dice() % pool));
            const auto number = add(join, line, id);
            texts found;
            for (std::size_t i = 0; i < marks.size(); ++i) {
                if (i > 0)
                    join.mark(number, marks[i].first, marks[i].second);
                const auto holder = holders.find(marks[i]);
                if (holder == holders.end())
                    continue;
                found.push_back(std::to_string(line) + " repeated " + std::string(bulk::field_of(marks[i].first)) +
                                ' ' + std::to_string(holder->second));
                if (i == 0)
                    break;
            }
            if (found.empty())
                for (const auto& each : marks)
                    holders.emplace(each, line);
            else if (found.front().find(" id ") != std::string::npos)
                // Its other marks are not looked at, but they were added.
                for (std::size_t i = 1; i < marks.size(); ++i)
                    join.mark(number, marks[i].first, marks[i].second);
            expected.insert(expected.end(), found.begin(), found.end());
        }
        const told_conflicts told(join);
        BOOST_TEST_CONTEXT("seed " << seed)
        BOOST_TEST_REQUIRE(told.all == expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_SUITE_END()
