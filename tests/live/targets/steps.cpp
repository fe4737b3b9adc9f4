// What follows the creation of a user at Clerk.
#include "live/targets/fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher::tests;
namespace bulk = usher::bulk;
namespace sandbox = usher::sandbox;
using bulk::import_step;

namespace {

struct member_of_user {
    import_step kind;
    const char* operation;
    const char* list;
    const char* other; ///< a body that gives the same to somebody else
};

const std::vector<member_of_user> added = {
    {import_step::email_address, "CreateEmailAddress", "email_addresses",
     R"({"email_address":["Later@Example.com"],"skip_password_requirement":true})"},
    {import_step::phone_number, "CreatePhoneNumber", "phone_numbers",
     R"({"phone_number":["+4915112345678"],"skip_password_requirement":true})"}};

bulk::user with_unverified()
{
    auto who = ada();
    who.email_addresses.emplace_back("later@example.com", false);
    who.phone_numbers.emplace_back("+4915112345678", false);
    return who;
}

bulk::step step_of(import_step kind)
{
    return bulk::step(kind, kind == import_step::email_address ? 1 : 0);
}

std::size_t count_of(target_fixture& fixture, const std::string& id, const char* list)
{
    return fixture.get("/users/" + id).at(list).as_array().size();
}

} // namespace

BOOST_AUTO_TEST_SUITE(clerk_steps)

BOOST_AUTO_TEST_CASE(an_unverified_one_is_added_once_whatever_is_lost)
{
    for (const auto& one : added)
        for (const auto& what : mishaps)
            BOOST_TEST_CONTEXT(one.operation << ": " << what.name)
            {
                target_fixture fixture(sandbox::service::clerk);
                const auto record = record_of(with_unverified());
                const auto id = fixture.perform(record, create).id;
                const auto before = count_of(fixture, id, one.list);
                fixture.service.set_faults({once(what, one.operation)});
                const auto done = fixture.perform(record, step_of(one.kind), id);
                BOOST_TEST(code_of(done) == "");
                BOOST_TEST(done.made);
                BOOST_TEST(done.recovered == what.takes_effect);
                BOOST_TEST(!done.id.empty());
                BOOST_TEST(count_of(fixture, id, one.list) == before + 1);
                BOOST_TEST(fixture.get("/users/" + id).at(one.list).at(before).at("verification").is_null());

                const auto resumed = fixture.in_doubt(record, step_of(one.kind), id);
                BOOST_TEST(code_of(resumed) == "");
                BOOST_TEST(resumed.id == done.id);
                BOOST_TEST(count_of(fixture, id, one.list) == before + 1);
            }
}

BOOST_AUTO_TEST_CASE(one_that_is_there_is_not_made_and_one_of_a_stranger_is_taken)
{
    for (const auto& one : added) {
        target_fixture fixture(sandbox::service::clerk);
        const auto record = record_of(with_unverified());
        const auto id = fixture.perform(record, create).id;
        const auto made = fixture.perform(record, step_of(one.kind), id);
        const auto again = fixture.perform(record, step_of(one.kind), id);
        BOOST_TEST(code_of(again) == "");
        BOOST_TEST(again.id == made.id);
        BOOST_TEST(!again.made);
        BOOST_TEST(fixture.service.count("users") == 1U);

        target_fixture taken(sandbox::service::clerk);
        taken.post("/users", json::parse(one.other));
        const auto own = taken.perform(record, create).id;
        const auto refused = taken.perform(record, step_of(one.kind), own);
        BOOST_TEST_REQUIRE(refused.failure.has_value());
        BOOST_TEST(refused.failure->code == "identifier_taken");
        BOOST_TEST(!refused.hopeless.has_value());
    }
}

BOOST_AUTO_TEST_CASE(a_ban_and_a_lock_are_set_whatever_is_lost)
{
    for (const auto kind : {import_step::ban, import_step::lock})
        for (const auto& what : mishaps)
            BOOST_TEST_CONTEXT(bulk::to_string(kind) << ": " << what.name)
            {
                target_fixture fixture(sandbox::service::clerk);
                const auto record = record_of(ada());
                const auto id = fixture.perform(record, create).id;
                const bool ban = kind == import_step::ban;
                fixture.service.set_faults({once(what, ban ? "BanUser" : "LockUser")});
                const auto done = fixture.perform(record, bulk::step(kind, 0), id);
                BOOST_TEST(code_of(done) == "");
                BOOST_TEST(done.made);
                BOOST_TEST(fixture.get("/users/" + id).at(ban ? "banned" : "locked").as_bool());
                // Who was banned before is not this step's.
                BOOST_TEST(!fixture.perform(record, bulk::step(kind, 0), id).made);
            }
}

BOOST_AUTO_TEST_CASE(a_feature_that_a_plan_lacks_concerns_those_users_only)
{
    target_fixture fixture(sandbox::service::clerk);
    const auto record = record_of(ada());
    const auto id = fixture.perform(record, create).id;
    fixture.service.set_faults({answer_with(402, "BanUser", clerk_error("subscription_required"))});
    const auto refused = fixture.perform(record, bulk::step(import_step::ban, 0), id);
    BOOST_TEST_REQUIRE(refused.failure.has_value());
    BOOST_TEST(!refused.hopeless.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
