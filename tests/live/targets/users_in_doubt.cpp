// What becomes of a user whose creation ended without an answer.
#include "live/targets/fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher::tests;
namespace bulk = usher::bulk;
namespace sandbox = usher::sandbox;

namespace {

/// The creations that a server got, as the answers to them say.
sandbox::options with(const mishap& what, std::chrono::milliseconds lag)
{
    sandbox::options how;
    how.listing_lag = lag;
    how.faults = {once(what, "CreateUser")};
    return how;
}

/// Users of the source's own time without an address or number that comes with their creation: nothing that the
/// service writes and nobody can choose tells when they came.
std::vector<bulk::user> undated_users()
{
    std::vector<bulk::user> all;
    for (const char* name : {"", "ada_l"})
        for (const bool has_address : {false, true}) {
            auto& who = all.emplace_back();
            who.id = "ada";
            who.username = name;
            who.created_at = std::chrono::sys_days(std::chrono::year(2020) / 1 / 2);
            if (has_address)
                who.email_addresses.emplace_back("ada@example.com", false);
            who.private_metadata["crm"] = 7;
        }
    all.erase(all.begin()); // nobody could sign in
    return all;
}

bulk::step_request doubted(const bulk::mapped_record& record, std::chrono::system_clock::time_point since)
{
    bulk::step_request request;
    request.record = &record;
    request.what = create;
    request.in_doubt = true;
    request.in_doubt_since = std::chrono::floor<std::chrono::milliseconds>(since);
    return request;
}

} // namespace

BOOST_AUTO_TEST_SUITE(clerk_users_in_doubt)

BOOST_AUTO_TEST_CASE(a_lost_creation_makes_one_user_whatever_was_lost_and_however_listings_lag)
{
    for (const auto& what : mishaps)
        for (const auto lag : {0ms, 150ms})
            for (const bool dated : {false, true}) {
                BOOST_TEST_CONTEXT(what.name << ", lag " << lag.count() << ", dated " << dated)
                {
                    target_fixture fixture(sandbox::service::clerk, with(what, lag));
                    auto who = ada();
                    if (dated)
                        who.created_at = std::chrono::sys_days(std::chrono::year(2020) / 1 / 2);
                    const auto done = fixture.perform(record_of(who), create);
                    BOOST_TEST(code_of(done) == "");
                    BOOST_TEST(done.made);
                    BOOST_TEST(done.recovered == what.takes_effect);
                    BOOST_TEST(fixture.service.count("users") == 1U);
                    BOOST_TEST(fixture.get("/users/" + done.id).at("external_id").as_string() == "ada");
                }
            }
}

BOOST_AUTO_TEST_CASE(a_run_that_was_ended_in_the_middle_is_taken_up_with_and_without_its_user)
{
    for (const auto lag : {0ms, 150ms})
        for (const bool there : {false, true}) {
            sandbox::options how;
            how.listing_lag = lag;
            target_fixture fixture(sandbox::service::clerk, how);
            const auto record = record_of(ada());
            std::string id;
            if (there)
                id = fixture.perform(record, create).id;
            fixture.restart();
            const auto done = fixture.in_doubt(record, create);
            BOOST_TEST(code_of(done) == "");
            BOOST_TEST(done.made);
            BOOST_TEST(done.recovered == there);
            BOOST_TEST((id.empty() || done.id == id));
            BOOST_TEST(fixture.service.count("users") == 1U);
        }
}

BOOST_AUTO_TEST_CASE(who_was_there_before_is_not_taken_for_made)
{
    for (const bool ended : {false, true}) {
        sandbox::options how;
        how.faults = {once(mishaps.front(), "CreateUser")};
        target_fixture fixture(sandbox::service::clerk, how);
        json::object old{{"external_id", "ada"},
                         {"created_at", "2021-05-06T00:00:00Z"},
                         {"skip_user_requirement", true},
                         {"skip_password_requirement", true}};
        fixture.service.set_faults({});
        fixture.post("/users", old);
        fixture.service.set_faults(how.faults);
        const auto record = record_of(ada());
        const auto done = ended ? fixture.in_doubt(record, create) : fixture.perform(record, create);
        BOOST_TEST(code_of(done) == "");
        BOOST_TEST(!done.made);
        BOOST_TEST(!done.recovered);
        BOOST_TEST(fixture.service.count("users") == 1U);
    }
}

BOOST_AUTO_TEST_CASE(a_user_whom_nothing_else_dates_is_known_as_made_by_when_it_was_sent)
{
    for (const auto& who : undated_users()) {
        target_fixture fixture(sandbox::service::clerk);
        const auto record = record_of(who);
        const auto before = std::chrono::system_clock::now();
        const auto id = fixture.perform(record, create).id;
        // The outcome is lost, and so is that of the run that finds out.
        for (int run = 0; run < 2; ++run) {
            fixture.restart();
            const auto done = fixture.perform(doubted(record, before));
            BOOST_TEST(code_of(done) == "");
            BOOST_TEST(done.id == id);
            BOOST_TEST(done.made);
            BOOST_TEST(done.recovered);
        }
        BOOST_TEST(fixture.service.count("users") == 1U);
        // A later job's doubt explains nothing that was sent before it.
        const auto later = fixture.perform(doubted(record, std::chrono::system_clock::now() + 1h));
        BOOST_TEST(later.id == id);
        BOOST_TEST(!later.made);
    }
}

BOOST_AUTO_TEST_CASE(who_was_there_before_and_was_changed_since_is_not_taken_for_made)
{
    for (const auto& who : undated_users()) {
        target_fixture fixture(sandbox::service::clerk);
        json::object old{{"external_id", "ada"},
                         {"created_at", "2020-01-02T00:00:00Z"},
                         {"skip_user_requirement", true},
                         {"skip_password_requirement", true},
                         {"private_metadata", json::object{{"crm", 7}}}};
        fixture.post("/users", old); // after the doubt began, as a change of it would be
        const auto done = fixture.in_doubt(record_of(who), create);
        BOOST_TEST(code_of(done) == "");
        BOOST_TEST(!done.made);
        BOOST_TEST(fixture.service.count("users") == 1U);
    }
}

BOOST_AUTO_TEST_CASE(what_tells_when_a_user_was_sent_is_none_of_its_metadata)
{
    auto who = undated_users().front();
    for (const bool own : {false, true}) {
        if (own)
            who.private_metadata["usher"] = json::object{{"seat", 4}};
        target_fixture fixture(sandbox::service::clerk);
        const auto id = fixture.bring(record_of(who));
        const auto there = fixture.get("/users/" + id).at("private_metadata").as_object();
        BOOST_TEST((there.at("usher").as_object().contains("sent_at") != own));
        const auto read = fixture.read_users({id}, false).at(0).value();
        BOOST_TEST(json::serialize(read.private_metadata) == json::serialize(who.private_metadata));
        // Whoever is moved on takes no mark along.
        auto moved = who;
        moved.private_metadata = there;
        BOOST_TEST(json::serialize(fixture.target->expected(moved).private_metadata) ==
                   json::serialize(who.private_metadata));
    }
    // One whom an address dates has none.
    auto dated = ada();
    dated.created_at = who.created_at;
    target_fixture fixture(sandbox::service::clerk);
    const auto id = fixture.bring(record_of(dated));
    BOOST_TEST(!fixture.get("/users/" + id).at("private_metadata").as_object().contains("usher"));
}

BOOST_AUTO_TEST_CASE(a_quota_that_the_lost_creation_used_up_does_not_hide_it)
{
    for (const auto lag : {0ms, 150ms}) {
        auto how = with(mishaps.at(1), lag);
        how.max_users = 1;
        target_fixture fixture(sandbox::service::clerk, how);
        const auto done = fixture.perform(record_of(ada()), create);
        BOOST_TEST(code_of(done) == "");
        BOOST_TEST(done.made);
        BOOST_TEST(!done.hopeless.has_value());
    }
}

BOOST_AUTO_TEST_CASE(an_outage_for_good_leaves_the_outcome_unknown)
{
    sandbox::options how;
    how.faults = {answer_with(502, "CreateUser")};
    auto options = target_fixture::quick();
    options.attempts = 2;
    target_fixture fixture(sandbox::service::clerk, how, options);
    const auto done = fixture.perform(record_of(ada()), create);
    BOOST_TEST_REQUIRE(done.failure.has_value());
    BOOST_TEST(done.failure->outcome_unknown);
    BOOST_TEST(done.failure->status == 502);
    BOOST_TEST(fixture.target->counters().repeated == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
