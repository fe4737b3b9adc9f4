#include "live/checks/fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher::tests;
namespace bulk = usher::bulk;

namespace {

texts a_job(int users)
{
    texts records{whole_organization("o1"), whole_organization("o2")};
    for (int i = 1; i <= users; ++i)
        records.push_back(whole_user(i, {"o1", "o2"}));
    return records;
}

/// Strangers, and one who is ours already: their ids.
void people_before(checks_fixture& at)
{
    at.send("POST", "/users",
            json::parse(R"({"email_address":["stranger@example.com"],"username":"stranger","first_name":"S"})"));
    at.send("POST", "/users",
            json::parse(R"({"external_id":"u3","email_address":["first-u3@example.com"],"username":"name_u3"})"));
    const auto made = at.send("POST", "/organizations", json::parse(R"({"name":"Strangers","slug":"strangers"})"));
    at.send("POST", "/organizations/" + std::string(made.at("id").as_string()) + "/memberships",
            json::object{{"user_id", at.user_id("u3")}, {"role", "org:member"}});
}

/// Without what every change of a user leaves.
std::string without_times(std::string text)
{
    std::string out;
    for (std::size_t from = 0; from < text.size();) {
        const auto at = text.find("\"updated_at\":", from);
        if (at == std::string::npos) {
            out += text.substr(from);
            break;
        }
        out += text.substr(from, at - from);
        from = text.find_first_of(",}", at);
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(undo)

BOOST_AUTO_TEST_CASE(it_leaves_the_target_as_it_was)
{
    checks_fixture at;
    people_before(at);
    const auto before = at.everything();
    at.write_source(a_job(25));
    const auto made = at.import();
    BOOST_TEST(made.created == 26U);
    BOOST_TEST(made.already_there == 1U);
    BOOST_TEST(at.everything() != before);
    const auto undone = at.undo();
    BOOST_TEST(undone.failed == 0U);
    BOOST_TEST(undone.in_use == 0U);
    // 26 entities; of the one who was there: an address, and two memberships; no ban.
    BOOST_TEST(undone.removed + undone.was_gone >= 29U);
    BOOST_TEST(without_times(at.everything()) == without_times(before));
    // Once more there is nothing left to do.
    const auto again = at.undo();
    BOOST_TEST(again.removed == 0U);
    BOOST_TEST(again.was_gone == 0U);
    BOOST_TEST(without_times(at.everything()) == without_times(before));
}

BOOST_AUTO_TEST_CASE(organizations_without_slugs_are_verified_and_taken_back_by_another_process)
{
    checks_fixture at;
    at.send("PATCH", "/instance/organization_settings", json::object{{"slug_disabled", true}});
    at.write_source(a_job(3));
    const auto made = at.import();
    BOOST_TEST(made.created == 5U);
    BOOST_TEST(made.notes == 2U);
    at.restart();
    BOOST_TEST(at.verify() == texts{}, boost::test_tools::per_element());
    BOOST_TEST(at.verified.equal == 5U);
    const auto undone = at.undo();
    BOOST_TEST(undone.removed == 5U);
    BOOST_TEST(at.service.count("organizations") == 0U);
}

BOOST_AUTO_TEST_CASE(who_has_signed_in_since_is_kept_unless_forced)
{
    checks_fixture at;
    at.write_source(a_job(12));
    at.import();
    at.send("POST", "/sessions", json::object{{"user_id", at.user_id("u5")}});
    const auto undone = at.undo();
    // The organizations stay with the one who belongs to them.
    BOOST_TEST(undone.in_use == 3U);
    BOOST_TEST(undone.removed == 11U);
    BOOST_TEST(at.service.count("users") == 1U);
    BOOST_TEST(at.service.count("organizations") == 2U);
    BOOST_TEST(at.get("/users/" + at.user_id("u5")).at("first_name") == "First");
    BOOST_TEST(at.get("/users/" + at.user_id("u5") + "/organization_memberships").at("total_count") == 2);
    const auto forced = at.undo(true);
    BOOST_TEST(forced.removed == 3U);
    BOOST_TEST(at.service.count("users") == 0U);
    BOOST_TEST(at.service.count("organizations") == 0U);
}

BOOST_AUTO_TEST_CASE(an_undo_that_was_interrupted_goes_on)
{
    checks_fixture at;
    people_before(at);
    const auto before = at.everything();
    at.write_source(a_job(40));
    at.import();
    // From the tenth removal on the key is refused.
    usher::sandbox::fault refused(usher::sandbox::fault::kind::answer);
    refused.operation = "DeleteUser";
    refused.status = 401;
    refused.skip = 10;
    at.service.set_faults({refused});
    const auto first = at.undo(false, 4);
    BOOST_TEST(first.removed >= 10U);
    BOOST_TEST(first.failed > 0U);
    BOOST_TEST(first.failed <= 4U);
    BOOST_TEST_REQUIRE(at.undo_failure.has_value());
    BOOST_TEST(at.undo_failure->status() == 401);
    BOOST_TEST(at.service.count("organizations") == 3U);
    BOOST_TEST(at.service.count("users") >= 28U);
    at.service.set_faults({});
    const auto rest = at.undo();
    BOOST_TEST(rest.failed == 0U);
    // Nothing is asked for twice.
    BOOST_TEST(rest.was_gone == 0U);
    BOOST_TEST(without_times(at.everything()) == without_times(before));
}

BOOST_AUTO_TEST_CASE(what_somebody_else_removed_is_gone)
{
    checks_fixture at;
    at.write_source(a_job(5));
    at.import();
    at.send("DELETE", "/users/" + at.user_id("u2"));
    at.send("DELETE", "/organizations/" + at.organization_id("slug-o2"));
    const auto undone = at.undo();
    BOOST_TEST(undone.was_gone == 2U);
    BOOST_TEST(undone.removed == 5U);
    BOOST_TEST(at.service.count("users") == 0U);
    BOOST_TEST(at.service.count("organizations") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
