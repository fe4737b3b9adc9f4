// Organizations without slugs, which nothing but their mark tells apart; and what is refused after a creation.
#include "live/targets/fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

using namespace usher::tests;
namespace bulk = usher::bulk;
namespace sandbox = usher::sandbox;

namespace {

struct unnamed_fixture : target_fixture {
    explicit unnamed_fixture(std::vector<sandbox::fault> faults = {}, std::chrono::milliseconds lag = 0ms)
        : target_fixture(sandbox::service::clerk, lagging(lag))
    {
        BOOST_TEST_REQUIRE(http.patch("/instance/organization_settings", {{"slug_disabled", true}}).status == 200);
        service.set_faults(std::move(faults));
    }
    static sandbox::options lagging(std::chrono::milliseconds lag)
    {
        sandbox::options how;
        how.listing_lag = lag;
        return how;
    }
    void restart_as_part(std::uint32_t part)
    {
        auto options = quick();
        options.part = part;
        restart(options);
    }
    /// Two at once, in this order.
    std::vector<bulk::step_result> both(const bulk::mapped_record& first, const bulk::mapped_record& second)
    {
        std::vector<bulk::step_result> results(2);
        io.restart();
        std::size_t index = 0;
        for (const auto* record : {&first, &second}) {
            bulk::step_request request;
            request.record = record;
            request.what = create;
            asio::co_spawn(
                io, target->perform(std::move(request)),
                [&results, index](std::exception_ptr, bulk::step_result done) { results[index] = std::move(done); });
            index += 1;
        }
        io.run();
        return results;
    }
};

bulk::organization other(const std::string& id)
{
    auto which = acme(id);
    which.slug = "slug-" + id;
    return which;
}

} // namespace

BOOST_AUTO_TEST_SUITE(clerk_unnamed)

BOOST_AUTO_TEST_CASE(one_whose_answer_is_lost_while_another_tells_that_there_are_no_slugs_is_made_once)
{
    for (const bool second : {false, true})
        for (const auto lag : {0ms, 150ms}) {
            // The answer of one of two that are under way is lost.
            auto lost = once(mishaps.at(3), "CreateOrganization");
            lost.skip = second ? 1 : 0;
            unnamed_fixture fixture({lost}, lag);
            const auto a = record_of(other("a")), b = record_of(other("b"));
            const auto done = fixture.both(a, b);
            for (const auto& each : done) {
                BOOST_TEST(code_of(each) == "");
                BOOST_TEST(each.made);
            }
            BOOST_TEST(fixture.service.count("organizations") == 2U);
        }
}

BOOST_AUTO_TEST_CASE(a_resumed_one_is_found_though_another_has_told_that_there_are_no_slugs)
{
    unnamed_fixture fixture;
    const auto b = record_of(other("b"));
    const auto id = fixture.perform(b, create).id;
    fixture.restart();
    (void)fixture.perform(record_of(other("a")), create);
    const auto resumed = fixture.in_doubt(b, create);
    BOOST_TEST(code_of(resumed) == "");
    BOOST_TEST(resumed.id == id);
    BOOST_TEST(resumed.made);
    BOOST_TEST(fixture.service.count("organizations") == 2U);
}

BOOST_AUTO_TEST_CASE(of_several_parts_the_first_one_alone_creates_them)
{
    unnamed_fixture fixture;
    const auto a = record_of(other("a")), b = record_of(other("b"));
    fixture.restart_as_part(1);
    const auto early = fixture.perform(a, create);
    BOOST_TEST_REQUIRE(early.failure.has_value());
    BOOST_TEST(early.failure->code == "first_part_first");
    BOOST_TEST(early.hopeless.has_value());
    BOOST_TEST(fixture.service.count("organizations") == 0U);
    fixture.restart();
    const auto id = fixture.perform(a, create).id;
    fixture.restart_as_part(1);
    const auto done = fixture.perform(a, create);
    BOOST_TEST(code_of(done) == "");
    BOOST_TEST(done.id == id);
    BOOST_TEST(!done.made);
    const auto missing = fixture.perform(b, create);
    BOOST_TEST_REQUIRE(missing.failure.has_value());
    BOOST_TEST(missing.failure->code == "no_slugs");
    BOOST_TEST(!missing.hopeless.has_value());
    BOOST_TEST(fixture.service.count("organizations") == 1U);
}

BOOST_AUTO_TEST_CASE(a_later_part_waits_for_what_the_first_one_has_just_made_though_it_knows_that_there_are_no_slugs)
{
    unnamed_fixture fixture;
    const auto a = record_of(other("a")), b = record_of(other("b"));
    fixture.perform(a, create);
    fixture.restart_as_part(1);
    BOOST_TEST(code_of(fixture.perform(a, create)) == "");
    fixture.service.set_listing_lag(60ms);
    const json::object mark{{"source_id", "b"}};
    const json::object theirs{{"name", "Acme Works"}, {"private_metadata", json::object{{"usher", mark}}}};
    const auto made = fixture.post("/organizations", theirs);
    const auto done = fixture.perform(b, create);
    BOOST_TEST(code_of(done) == "");
    BOOST_TEST(done.id == made.at("id").as_string());
    BOOST_TEST(!done.made);
    BOOST_TEST(fixture.service.count("organizations") == 2U);
}

BOOST_AUTO_TEST_CASE(where_there_are_slugs_every_part_creates_once_the_first_has)
{
    target_fixture fixture(sandbox::service::clerk);
    const auto a = record_of(other("a"));
    const auto id = fixture.perform(a, create).id;
    auto options = target_fixture::quick();
    options.part = 1;
    fixture.restart(options);
    BOOST_TEST(fixture.perform(a, create).id == id);
    const auto done = fixture.perform(record_of(other("b")), create);
    BOOST_TEST(code_of(done) == "");
    BOOST_TEST(done.made);
    BOOST_TEST(fixture.service.count("organizations") == 2U);
}

BOOST_AUTO_TEST_CASE(one_that_is_old_by_its_source_is_found_among_many_younger_ones)
{
    unnamed_fixture fixture;
    auto which = other("a");
    which.created_at = std::chrono::sys_days(std::chrono::year(2020) / 1 / 2);
    const auto record = record_of(which);
    const auto id = fixture.perform(record, create).id;
    for (int i = 0; i < 510; ++i)
        fixture.post("/organizations", {{"name", "Acme Works"}});
    fixture.restart();
    const auto again = fixture.in_doubt(record, create);
    BOOST_TEST(again.id == id);
    BOOST_TEST(fixture.service.count("organizations") == 511U);
}

BOOST_AUTO_TEST_CASE(a_setting_that_is_refused_after_the_creation_fails_one_record_alone)
{
    target_fixture fixture(sandbox::service::clerk);
    fixture.service.set_faults({answer_with(403, "UpdateOrganization", clerk_error("not_allowed"))});
    auto which = acme();
    which.admin_delete_enabled = false;
    const auto record = record_of(which);
    const auto done = fixture.perform(record, create);
    BOOST_TEST_REQUIRE(done.failure.has_value());
    BOOST_TEST(done.failure->status == 403);
    BOOST_TEST(!done.failure->outcome_unknown);
    BOOST_TEST(!done.hopeless.has_value());
    BOOST_TEST(done.made);
    BOOST_TEST(!done.id.empty());
    // Once it may, the same one is completed.
    fixture.service.set_faults({});
    bulk::step_request request;
    request.record = &record;
    request.what = create;
    request.target_id = done.id;
    request.made_entity = true;
    const auto retried = fixture.perform(request);
    BOOST_TEST(code_of(retried) == "");
    BOOST_TEST(retried.id == done.id);
    BOOST_TEST(retried.made);
    BOOST_TEST(!fixture.get("/organizations/" + done.id).at("admin_delete_enabled").as_bool());
    BOOST_TEST(fixture.service.count("organizations") == 1U);
}

BOOST_AUTO_TEST_CASE(members_who_did_not_come_with_the_job_keep_an_organization_forced_or_not)
{
    target_fixture fixture(sandbox::service::clerk);
    const auto id = fixture.bring(record_of(acme()));
    const auto stranger = fixture.bring(record_of(ada("stranger")));
    fixture.post("/organizations/" + id + "/memberships", {{"user_id", stranger}, {"role", "org:member"}});
    bulk::made_thing what;
    what.of = bulk::entity_kind::organization;
    what.entity_id = what.id = id;
    for (const bool force : {false, true})
        BOOST_TEST((fixture.remove(what, force) == bulk::removal::in_use));
    BOOST_TEST(fixture.service.count("organizations") == 1U);
    // Without a count it is not known that there is nobody.
    auto shown = fixture.get("/organizations/" + id);
    fixture.service.set_faults({answer_with(200, "GetOrganization", json::serialize(shown))});
    BOOST_TEST((fixture.remove(what) == bulk::removal::in_use));
}

BOOST_AUTO_TEST_CASE(a_user_whom_nothing_dates_is_not_called_made)
{
    target_fixture fixture(sandbox::service::clerk);
    const auto there = fixture.post("/users", {{"external_id", "ada"},
                                               {"username", "ada_l"},
                                               {"created_at", "2021-05-06T00:00:00Z"},
                                               {"skip_password_requirement", true}});
    bulk::user who;
    who.id = "ada";
    who.username = "ada_l";
    who.created_at = std::chrono::sys_days(std::chrono::year(2021) / 5 / 6);
    const auto record = record_of(who);
    // Changed since the intent was written: its `updated_at` says nothing.
    const auto done = fixture.in_doubt(record, create);
    BOOST_TEST(code_of(done) == "");
    BOOST_TEST(done.id == std::string(there.at("id").as_string()));
    BOOST_TEST(!done.made);
}

BOOST_AUTO_TEST_SUITE_END()
