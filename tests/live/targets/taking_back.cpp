// What a step did is taken back, and nothing that is in use.
#include "live/targets/fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher::tests;
namespace bulk = usher::bulk;
namespace sandbox = usher::sandbox;
using bulk::import_step;
using bulk::removal;

namespace {

bulk::made_thing thing(import_step kind, std::string entity_id, std::string id = std::string())
{
    bulk::made_thing what;
    what.kind = kind;
    what.id = id.empty() ? entity_id : std::move(id);
    what.entity_id = std::move(entity_id);
    what.made_at = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    return what;
}

bulk::made_thing organization_made(std::string id)
{
    auto what = thing(import_step::create, std::move(id));
    what.of = bulk::entity_kind::organization;
    return what;
}

bulk::user full_user()
{
    auto who = ada();
    who.email_addresses.emplace_back("later@example.com", false);
    who.phone_numbers.emplace_back("+4915112345678", false);
    who.memberships.emplace_back().organization = "acme-1";
    return who;
}

} // namespace

BOOST_AUTO_TEST_SUITE(clerk_taking_back)

BOOST_AUTO_TEST_CASE(each_step_is_undone_and_then_it_was_gone)
{
    target_fixture fixture(sandbox::service::clerk);
    fixture.organizations["acme-1"] = fixture.bring(record_of(acme()));
    auto record = record_of(full_user());
    const auto id = fixture.perform(record, create).id;
    const auto before = fixture.get("/users/" + id);
    const auto email = fixture.perform(record, bulk::step(import_step::email_address, 1), id);
    const auto phone = fixture.perform(record, bulk::step(import_step::phone_number, 0), id);
    const auto member = fixture.perform(record, bulk::step(import_step::membership, 0), id);
    (void)fixture.perform(record, bulk::step(import_step::ban, 0), id);
    (void)fixture.perform(record, bulk::step(import_step::lock, 0), id);

    BOOST_TEST((fixture.remove(thing(import_step::lock, id)) == removal::removed));
    BOOST_TEST((fixture.remove(thing(import_step::ban, id)) == removal::removed));
    BOOST_TEST((fixture.remove(thing(import_step::membership, id, member.id)) == removal::removed));
    BOOST_TEST((fixture.remove(thing(import_step::membership, id, member.id)) == removal::was_gone));
    BOOST_TEST((fixture.remove(thing(import_step::phone_number, id, phone.id)) == removal::removed));
    BOOST_TEST((fixture.remove(thing(import_step::phone_number, id, phone.id)) == removal::was_gone));
    BOOST_TEST((fixture.remove(thing(import_step::email_address, id, email.id)) == removal::removed));
    BOOST_TEST((fixture.remove(thing(import_step::email_address, id, email.id)) == removal::was_gone));
    auto after = fixture.get("/users/" + id);
    for (const auto* name : {"email_addresses", "phone_numbers", "banned", "locked", "primary_email_address_id"})
        BOOST_TEST(json::serialize(after.at(name)) == json::serialize(before.at(name)), name);

    BOOST_TEST((fixture.remove(thing(import_step::create, id)) == removal::removed));
    BOOST_TEST((fixture.remove(thing(import_step::create, id)) == removal::was_gone));
    const auto organization = fixture.organizations.at("acme-1");
    BOOST_TEST((fixture.remove(organization_made(organization)) == removal::removed));
    BOOST_TEST((fixture.remove(organization_made(organization)) == removal::was_gone));
    BOOST_TEST(fixture.service.count("users") == 0U);
    BOOST_TEST(fixture.service.count("organizations") == 0U);
}

BOOST_AUTO_TEST_CASE(who_has_signed_in_stays_with_all_that_was_given_unless_forced)
{
    target_fixture fixture(sandbox::service::clerk);
    fixture.organizations["acme-1"] = fixture.bring(record_of(acme()));
    const auto record = record_of(full_user());
    const auto id = fixture.bring(record);
    const auto organization = fixture.organizations.at("acme-1");
    const auto email = fixture.get("/users/" + id).at("email_addresses").at(1).at("id").as_string();
    fixture.post("/sessions", {{"user_id", id}});
    for (const auto& what :
         {thing(import_step::membership, id, organization), thing(import_step::email_address, id, std::string(email)),
          thing(import_step::ban, id), thing(import_step::create, id)})
        BOOST_TEST((fixture.remove(what) == removal::in_use));
    BOOST_TEST(fixture.service.count("users") == 1U);
    BOOST_TEST(fixture.get("/users/" + id).at("email_addresses").as_array().size() == 2U);
    // Its organization stays with it.
    BOOST_TEST((fixture.remove(organization_made(organization)) == removal::in_use));
    BOOST_TEST((fixture.remove(thing(import_step::create, id), true) == removal::removed));
    BOOST_TEST((fixture.remove(organization_made(organization)) == removal::removed));
}

BOOST_AUTO_TEST_CASE(a_sign_in_before_a_step_does_not_keep_the_step)
{
    target_fixture fixture(sandbox::service::clerk);
    const auto record = record_of(full_user());
    const auto id = fixture.perform(record, create).id;
    fixture.post("/sessions", {{"user_id", id}});
    const auto email = fixture.perform(record, bulk::step(import_step::email_address, 1), id);
    auto what = thing(import_step::email_address, id, email.id);
    what.made_at += 1h;
    BOOST_TEST((fixture.remove(what) == removal::removed));
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_lost_takes_back_once)
{
    target_fixture fixture(sandbox::service::clerk);
    const auto id = fixture.bring(record_of(ada()));
    fixture.service.set_faults({once(mishaps.at(3), "DeleteUser")});
    const auto removed = fixture.remove(thing(import_step::create, id));
    BOOST_TEST(removed.has_value());
    BOOST_TEST((removed != removal::in_use));
    BOOST_TEST(fixture.service.count("users") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
