// What a record asks for, and what is refused before anything is sent.
#include "live/targets/fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher::tests;
namespace bulk = usher::bulk;
namespace sandbox = usher::sandbox;
using bulk::import_step;

namespace {

std::string steps_of(const target_fixture& fixture, bulk::mapped_record record)
{
    const auto steps = fixture.target->plan(record);
    if (!steps)
        return steps.error().code + ' ' + steps.error().field;
    std::string text;
    for (const auto& one : *steps)
        text += std::string(bulk::to_string(one.kind)) + std::to_string(one.index) + (one.comes_along ? "* " : " ");
    return text;
}

std::string notes_of(const target_fixture& fixture, bulk::mapped_record record)
{
    (void)fixture.target->plan(record);
    std::string text;
    for (const auto& one : record.notes)
        text += one.field + ' ';
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(planning)

BOOST_AUTO_TEST_CASE(clerk_takes_a_user_step_by_step)
{
    target_fixture fixture(sandbox::service::clerk);
    auto who = ada();
    BOOST_TEST(steps_of(fixture, record_of(who)) == "create0 ");
    who.email_addresses.emplace_back("later@example.com", false);
    who.email_addresses.emplace_back("later@example.com", false);
    who.email_addresses.emplace_back("ada@example.com", false);
    who.phone_numbers.emplace_back("+4915112345678", false);
    who.memberships.resize(2);
    who.banned = who.locked = true;
    BOOST_TEST(steps_of(fixture, record_of(who)) ==
               "create0 email_address1 phone_number0 membership0 membership1 ban0 lock0 ");
    BOOST_TEST(fixture.service.stats().requests == 0U);
}

BOOST_AUTO_TEST_CASE(clerk_refuses_what_can_not_be_there)
{
    target_fixture fixture(sandbox::service::clerk);
    auto who = ada();
    who.email_addresses.clear();
    BOOST_TEST(steps_of(fixture, record_of(who)) == "no_identifier ");
    who = ada();
    who.unsafe_metadata["text"] = std::string(8193, 'x');
    BOOST_TEST(steps_of(fixture, record_of(who)) == "metadata_too_large unsafe_metadata");
    who = ada();
    who.memberships.emplace_back().private_metadata["text"] = std::string(8193, 'x');
    BOOST_TEST(steps_of(fixture, record_of(who)) == "metadata_too_large memberships/0/private_metadata");
    who = ada();
    who.first_name = "\xff";
    BOOST_TEST(steps_of(fixture, record_of(who)) == "invalid_request /first_name");
    auto which = acme();
    which.name.clear();
    BOOST_TEST(steps_of(fixture, record_of(which)) == "no_name name");
    which = acme();
    which.private_metadata["text"] = std::string(8180, 'x');
    BOOST_TEST(steps_of(fixture, record_of(which)) == "metadata_too_large private_metadata");
}

BOOST_AUTO_TEST_CASE(scalekit_makes_the_first_membership_with_the_user)
{
    target_fixture fixture(sandbox::service::scalekit);
    auto who = ada();
    BOOST_TEST(steps_of(fixture, record_of(who)) == "no_organization memberships");
    for (const char* id : {"one", "two", "one"})
        who.memberships.emplace_back().organization = id;
    BOOST_TEST(steps_of(fixture, record_of(who)) == "create0 membership0* membership1 ");
    who.email_addresses.clear();
    BOOST_TEST(steps_of(fixture, record_of(who)) == "no_identifier email_addresses");
    auto which = acme();
    which.name.assign(201, 'x');
    BOOST_TEST(steps_of(fixture, record_of(which)) == "invalid_request /display_name");
    BOOST_TEST(fixture.service.stats().requests == 0U);
    auto options = target_fixture::quick();
    options.default_organization = "org_1";
    fixture.restart(options);
    BOOST_TEST(steps_of(fixture, record_of(ada())) == "create0 ");
}

BOOST_AUTO_TEST_CASE(what_scalekit_can_not_hold_is_noted)
{
    target_fixture fixture(sandbox::service::scalekit);
    auto who = ada();
    who.memberships.emplace_back().organization = "one";
    BOOST_TEST(notes_of(fixture, record_of(who)) == "");
    who.email_addresses.front().verified = false;
    who.email_addresses.emplace_back("second@example.com", true);
    who.phone_numbers.emplace_back("+4915112345678", true);
    who.phone_numbers.emplace_back("+4915112345679", true);
    who.password.emplace("bcrypt", "x");
    who.totp_secret = "x";
    who.backup_codes = {"x"};
    who.username = "ada_l";
    who.banned = who.locked = true;
    who.public_metadata["text"] = std::string(300, 'x');
    who.private_metadata["text"] = "short";
    BOOST_TEST(notes_of(fixture, record_of(who)) ==
               "email_addresses email_addresses.verified phone_numbers phone_numbers.verified password totp_secret "
               "backup_codes username banned locked public_metadata ");
}

BOOST_AUTO_TEST_SUITE_END()
