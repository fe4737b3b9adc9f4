// The look-ups that creations have ready-made.
#include "live/reconcile/doubt_fixture.hpp"

#include <usher/scalekit/client.hpp>
#include <usher/scalekit/organizations.hpp>
#include <usher/scalekit/users.hpp>
#include <usher/trace.hpp>

#include <algorithm>

using namespace usher;
using namespace usher::tests;

BOOST_FIXTURE_TEST_SUITE(doubt, doubt_fixture)

BOOST_AUTO_TEST_CASE(a_creation_whose_answer_was_lost_ends_with_the_record)
{
    for (const auto kind : {fault::kind::drop_answer, fault::kind::cut_answer, fault::kind::late_answer}) {
        start(with({once(kind, "CreateUser")}));
        call_trace trace;
        call_options how;
        how.trace = &trace;
        create(how);
        BOOST_TEST_REQUIRE(done->has_value(), why());
        BOOST_TEST((*done)->external_id.value() == "ext-1");
        BOOST_TEST((*done)->email_addresses.at(0).email_address == "user1@example.com");
        BOOST_TEST(served->count("users") == 1U);
        BOOST_TEST(on->counters().reconciled == 1U);
        BOOST_TEST(on->counters().answers == on->counters().calls);
        BOOST_TEST(on->counters().attempts == 2U); // the creation and its look-up
        BOOST_TEST(trace.is_reconciled());
        BOOST_TEST(std::any_of(trace.steps().begin(), trace.steps().end(),
                               [](const trace_step& step) { return step.phase == call_phase::look_up; }));
    }
}

BOOST_AUTO_TEST_CASE(a_creation_that_never_arrived_is_sent_again_after_a_look)
{
    start(with({once(fault::kind::drop_request, "CreateUser")}));
    create();
    BOOST_TEST_REQUIRE(done->has_value(), why());
    BOOST_TEST(served->count("users") == 1U);
    BOOST_TEST(on->counters().reconciled == 0U);
    BOOST_TEST(on->counters().attempts == 3U);
}

BOOST_AUTO_TEST_CASE(a_listing_that_lags_leads_to_no_second_record_and_to_no_false_conflict)
{
    fault lagging(fault::kind::answer);
    lagging.operation = "GetUserList";
    lagging.status = 200;
    lagging.body = "[]";
    lagging.count = 2;
    start(with({once(fault::kind::drop_answer, "CreateUser"), lagging}));
    create();
    BOOST_TEST_REQUIRE(done->has_value(), why());
    BOOST_TEST((*done)->external_id.value() == "ext-1");
    BOOST_TEST(served->count("users") == 1U);
    BOOST_TEST(on->counters().reconciled == 1U);
    BOOST_TEST(on->counters().attempts == 6U); // three creations, of which two are refused, and a look after each
}

BOOST_AUTO_TEST_CASE(a_record_that_was_there_before_is_nobodys_success)
{
    fault old(fault::kind::answer);
    old.operation = "GetUserList";
    old.status = 200;
    old.body = R"([{"id":"user_old","external_id":"user-0","created_at":1700000000000}])";
    start(with({once(fault::kind::drop_answer, "CreateUser"), old}));
    served->add_users(1, key);
    auto params = numbered_user(1);
    params.external_id = "user-0";
    auto clerk = client();
    run(create_one(clerk, params, call_options(), done));
    BOOST_TEST_REQUIRE(!done->has_value());
    BOOST_TEST(done->error().is_already_exists(), why());
    BOOST_TEST((done->error().outcome() == call_outcome::answered));
    BOOST_TEST(served->count("users") == 1U);
}

BOOST_AUTO_TEST_CASE(without_a_look_up_the_outcome_stays_unknown)
{
    start(with({once(fault::kind::drop_answer, "CreateUser")}));
    call_options how;
    how.reconcile = reconciler::none();
    create(how);
    BOOST_TEST_REQUIRE(!done->has_value());
    BOOST_TEST(done->error().is_outcome_unknown());
    BOOST_TEST((done->error().stopped() == stop_reason::not_repeatable));
    BOOST_TEST(done->error().attempts() == 1);
    BOOST_TEST(served->count("users") == 1U);
}

BOOST_AUTO_TEST_CASE(without_an_external_id_nothing_is_looked_for)
{
    start(with({once(fault::kind::drop_answer, "CreateUser")}));
    auto params = numbered_user(1);
    params.external_id = clerk::create_user_params().external_id;
    auto clerk = client();
    run(create_one(clerk, params, call_options(), done));
    BOOST_TEST_REQUIRE(!done->has_value());
    BOOST_TEST(done->error().is_outcome_unknown());
    BOOST_TEST(on->counters().attempts == 1U);
}

BOOST_AUTO_TEST_CASE(a_look_up_that_fails_leaves_the_outcome_unknown_and_is_the_cause)
{
    auto lost = once(fault::kind::drop_answer, "CreateUser");
    fault refused(fault::kind::answer);
    refused.operation = "GetUserList";
    refused.status = 403;
    start(with({lost, refused}));
    create();
    BOOST_TEST_REQUIRE(!done->has_value());
    BOOST_TEST(done->error().is_outcome_unknown());
    BOOST_TEST_REQUIRE(done->error().cause() != nullptr);
    BOOST_TEST(done->error().cause()->is_forbidden());
    BOOST_TEST(why().find("could not be found out") != std::string::npos, why());
}

BOOST_AUTO_TEST_CASE(the_last_attempt_is_looked_for_as_well)
{
    start(with({once(fault::kind::drop_answer, "CreateUser")}));
    call_options how;
    how.retry = retry_policy::none();
    create(how);
    BOOST_TEST_REQUIRE(done->has_value(), why());
    BOOST_TEST(on->counters().reconciled == 1U);
}

BOOST_AUTO_TEST_CASE(a_deadline_leaves_no_time_to_look_and_nothing_is_sent_twice)
{
    auto silent = once(fault::kind::silence, "CreateUser");
    start(with({silent}));
    std::optional<result<clerk::user>> nobody;
    run(one_get(client(), "user_1", nobody)); // there is a connection
    call_options how;
    how.deadline = 200ms;
    create(how);
    BOOST_TEST_REQUIRE(!done->has_value());
    BOOST_TEST(done->error().is_timeout());
    BOOST_TEST(done->error().is_outcome_unknown());
    BOOST_TEST(done->error().attempts() == 1);
}

namespace {

asio::awaitable<void> scalekit_creations(scalekit::client kit, std::vector<std::string>& found)
{
    scalekit::create_organization_params acme;
    acme.display_name = "Acme";
    acme.external_id = "acme/1";
    auto organization = co_await kit.organizations().create(acme);
    BOOST_TEST_REQUIRE(organization.has_value(), (organization ? "" : organization.error().message()));
    BOOST_TEST_REQUIRE(organization->organization.has_value());
    found.push_back(organization->organization->external_id.value_or(""));

    const auto id = organization->organization->id.value_or("");
    for (const auto* external_id : {"ada 1&2", "bo"}) {
        scalekit::create_user_and_membership_params ada;
        ada.email = "a" + std::to_string(found.size()) + "@example.com";
        ada.external_id = external_id;
        auto user = co_await kit.users().create(id, ada);
        if (!user) {
            BOOST_TEST(user.error().is_outcome_unknown());
            found.push_back(user.error().message());
            continue;
        }
        BOOST_TEST_REQUIRE(user->user.has_value());
        found.push_back(user->user->external_id.value_or(""));
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(scalekit_finds_its_organizations_and_users)
{
    auto user_lost = once(fault::kind::drop_answer, "UserService_CreateUserAndMembership");
    user_lost.count = 2;
    start(with({once(fault::kind::drop_answer, "OrganizationService_CreateOrganization"), user_lost}));
    client_options options;
    options.retry.initial_backoff = 1ms;
    scalekit::client kit(*on, served->origin(), "skc_1", secret("test_secret"), options);
    std::vector<std::string> found;
    run(scalekit_creations(kit, found));
    BOOST_TEST_REQUIRE(found.size() == 3U);
    BOOST_TEST(found[0] == "acme/1");
    BOOST_TEST(found[1] == "ada 1&2");
    // Two letters are less than the search takes.
    BOOST_TEST(found[2].find("may have taken effect") != std::string::npos, found[2]);
    BOOST_TEST(served->count("organizations") == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
