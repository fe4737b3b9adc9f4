// Killed at any moment and started again, an undo leaves what was there before the import, and nothing else.
#include "live/migrate/place.hpp"

#include <usher/bulk/journal_reader.hpp>

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <vector>

using namespace usher;
using namespace usher::tests;
using bulk::entity_kind;
using bulk::record_state;
using sandbox::service;

namespace {

constexpr int kills_of_each_kind = 8;
constexpr int kills_before = 4;

const people& everybody()
{
    static const people all(200, 12);
    return all;
}

/// Of the source's users these are there before, as ours: without what the source adds to them. One belongs to a
/// stranger's organization.
const std::vector<int>& ours()
{
    static const std::vector<int> numbers{7, 20, 21, 140, 199};
    return numbers;
}

void add_before_at_clerk(const place& here, bool with_ours)
{
    const auto strangers = here.call("CreateOrganization", {{"name", "Strangers"}, {"slug", "strangers"}});
    const auto stranger = here.call("CreateUser", {{"email_address", {"stranger@example.com"}}, {"first_name", "S"}});
    auto member = stranger;
    if (with_ours)
        for (const int number : ours())
            member =
                here.call("CreateUser", {{"external_id", user_id(number)}, {"email_address", {address_of(number)}}});
    here.call("CreateOrganizationMembership",
              {{"organization_id", strangers.at("id")}, {"user_id", member.at("id")}, {"role", "org:member"}});
}

void add_before_at_scalekit(const place& here, bool with_ours)
{
    const auto strangers = here.call("OrganizationService_CreateOrganization", {{"display_name", "Strangers"}});
    const auto at = strangers.at("organization").at("id");
    const auto add = [&](boost::json::object user) {
        user["organization_id"] = at;
        user["send_invitation_email"] = false;
        here.call("UserService_CreateUserAndMembership", user);
    };
    add({{"email", "stranger@example.com"}});
    if (with_ours)
        for (const int number : ours())
            add({{"external_id", user_id(number)}, {"email", address_of(number)}});
}

void check_undone(const place& here, std::size_t adopted)
{
    const bulk::journal_reader book(here.journal());
    int left = 0;
    book.each_made([&](std::uint64_t, std::uint16_t, const bulk::made_thing&) {
        ++left;
        return true;
    });
    BOOST_TEST(left == 0);
    auto records = book.totals().records;
    BOOST_TEST(records[entity_kind::user][record_state::removed] == static_cast<std::size_t>(here.all.users) - adopted);
    BOOST_TEST(records[entity_kind::user][record_state::adopted] == adopted);
    BOOST_TEST(records[entity_kind::organization][record_state::removed] ==
               static_cast<unsigned>(here.all.organizations));
    BOOST_TEST(book.totals().in_doubt == 0U);
}

class undo_campaign {
public:
    explicit undo_campaign(service of) : of_(of)
    {
        place undisturbed(of, everybody());
        undisturbed.run_whole(worker(undisturbed, "import"));
        when_.emplace(undisturbed.run_whole(worker(undisturbed, "undo")), 0.5);
    }

    void run()
    {
        // An import that is killed may take for its own what somebody made a moment ago under one of its ids.
        for (const bool with_ours : {true, false}) {
            int kills = 0;
            int jobs = 0;
            for (; kills < kills_of_each_kind; ++jobs)
                kills += undo_once(with_ours, kills_of_each_kind - kills);
            BOOST_TEST_MESSAGE(kills << " kills over " << jobs << " undos");
        }
    }

private:
    int undo_once(bool with_ours, int at_most)
    {
        place here(of_, everybody());
        if (of_ == service::clerk)
            add_before_at_clerk(here, with_ours);
        else
            add_before_at_scalekit(here, with_ours);
        const auto before = here.state();
        here.lag();
        if (!with_ours) {
            here.trouble();
            kill_until_done(here, worker(here, "import"), *when_, kills_before);
        }
        here.run_whole(worker(here, "import"));
        here.trouble();
        const auto kills = kill_until_done(here, worker(here, "undo"), *when_, at_most);
        const auto last = here.run(worker(here, "undo"));
        BOOST_TEST(last.status == 0, when_->seed() << ": " << last.err);
        const auto differences = first_differences(before, here.state());
        BOOST_TEST(differences.empty(), when_->seed() << ":\n" << differences);
        BOOST_TEST_INFO(when_->seed());
        check_undone(here, with_ours ? ours().size() : 0);
        return kills;
    }

    service of_;
    std::optional<moments> when_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(undone)

BOOST_AUTO_TEST_CASE(an_undo_that_is_killed_at_clerk_takes_back_everything_of_the_job_and_nothing_else)
{
    undo_campaign(service::clerk).run();
}

BOOST_AUTO_TEST_CASE(nor_does_one_at_scalekit_take_more_or_less)
{
    undo_campaign(service::scalekit).run();
}

BOOST_AUTO_TEST_SUITE_END()
