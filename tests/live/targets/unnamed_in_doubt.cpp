// Organizations without slugs whose creation ended without an answer: nothing refuses a second one.
#include "live/targets/fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher::tests;
namespace bulk = usher::bulk;
namespace sandbox = usher::sandbox;

namespace {

constexpr auto lag = 400ms;

/// Few looks, which end long before the listing shows anything; and a listing that never lags so long.
bulk::target_options hasty()
{
    auto options = target_fixture::quick();
    options.pause = 5ms;
    options.attempts = 2;
    options.longest_lag = 600ms;
    return options;
}

struct hidden : target_fixture {
    explicit hidden(bool with_slugs = false) : target_fixture(sandbox::service::clerk, lagging(), hasty())
    {
        if (!with_slugs)
            BOOST_TEST_REQUIRE(http.patch("/instance/organization_settings", {{"slug_disabled", true}}).status == 200);
    }
    static sandbox::options lagging()
    {
        sandbox::options how;
        how.listing_lag = lag;
        return how;
    }
};

bulk::organization other(const std::string& id)
{
    auto which = acme(id);
    which.slug = "slug-" + id;
    return which;
}

} // namespace

BOOST_AUTO_TEST_SUITE(clerk_unnamed_in_doubt)

BOOST_AUTO_TEST_CASE(a_listing_that_lags_longer_than_all_looks_makes_none_twice)
{
    for (const bool slugs_known : {false, true})
        for (const auto& what : mishaps)
            BOOST_TEST_CONTEXT(what.name << ", known " << slugs_known)
            {
                hidden fixture;
                if (slugs_known)
                    (void)fixture.perform(record_of(other("first")), create);
                fixture.service.set_faults({once(what, "CreateOrganization")});
                const auto done = fixture.perform(record_of(other("a")), create);
                BOOST_TEST(code_of(done) == "");
                BOOST_TEST(done.made);
                BOOST_TEST(done.recovered == what.takes_effect);
                BOOST_TEST(fixture.service.count("organizations") == (slugs_known ? 2U : 1U));
            }
}

BOOST_AUTO_TEST_CASE(nor_does_a_run_that_is_taken_up_at_once)
{
    hidden fixture;
    const auto record = record_of(other("a"));
    const auto id = fixture.perform(record, create).id;
    fixture.restart(hasty());
    const auto resumed = fixture.in_doubt(record, create);
    BOOST_TEST(code_of(resumed) == "");
    BOOST_TEST(resumed.id == id);
    BOOST_TEST(resumed.made);
    BOOST_TEST(fixture.service.count("organizations") == 1U);
}

BOOST_AUTO_TEST_CASE(a_service_that_asks_to_come_back_is_not_believed_that_nothing_was_done)
{
    for (const bool slugs_known : {false, true}) {
        hidden fixture;
        if (slugs_known)
            (void)fixture.perform(record_of(other("first")), create);
        auto busy = once(mishaps.at(1), "CreateOrganization");
        busy.status = 503;
        busy.retry_after = 0;
        fixture.service.set_faults({busy});
        const auto done = fixture.perform(record_of(other("a")), create);
        BOOST_TEST(code_of(done) == "");
        BOOST_TEST(done.made);
        BOOST_TEST(fixture.service.count("organizations") == (slugs_known ? 2U : 1U));
    }
}

BOOST_AUTO_TEST_CASE(where_slugs_are_known_to_be_there_nothing_is_waited_for)
{
    hidden fixture(true);
    (void)fixture.perform(record_of(other("first")), create);
    fixture.service.set_faults({once(mishaps.front(), "CreateOrganization")});
    const auto before = fixture.target->counters().lookups;
    BOOST_TEST(code_of(fixture.perform(record_of(other("a")), create)) == "");
    // By its slug, and by nothing else.
    BOOST_TEST(fixture.target->counters().lookups == before + 1);
    BOOST_TEST(fixture.service.count("organizations") == 2U);
}

BOOST_AUTO_TEST_CASE(a_page_that_is_shorter_than_asked_for_is_not_the_last)
{
    target_fixture fixture(sandbox::service::clerk);
    BOOST_TEST_REQUIRE(fixture.http.patch("/instance/organization_settings", {{"slug_disabled", true}}).status == 200);
    const auto record = record_of(other("a"));
    const auto id = fixture.perform(record, create).id;
    fixture.post("/organizations", {{"name", "Acme Works"}});
    const auto page = fixture.get("/organizations?limit=1&order_by=-created_at");
    BOOST_TEST_REQUIRE(page.at("total_count").as_int64() == 2);
    BOOST_TEST_REQUIRE(page.at("data").at(0).at("id").as_string() != id);
    auto capped = answer_with(200, "ListOrganizations", json::serialize(page));
    capped.count = 1;
    // One look alone.
    auto options = target_fixture::quick();
    options.longest_lag = 0ms;
    fixture.restart(options);
    fixture.service.set_faults({capped});
    BOOST_TEST(fixture.in_doubt(record, create).id == id);
    BOOST_TEST(fixture.service.count("organizations") == 2U);
}

BOOST_AUTO_TEST_CASE(a_slug_that_gets_lost_is_noted)
{
    hidden fixture;
    const auto lost = fixture.perform(record_of(other("a")), create);
    BOOST_TEST_REQUIRE(lost.notes.size() == 1U);
    BOOST_TEST(lost.notes.front().field == "slug");
    auto without = acme("b");
    without.slug.clear();
    BOOST_TEST(fixture.perform(record_of(without), create).notes.empty());
}

BOOST_AUTO_TEST_CASE(one_that_an_earlier_job_made_is_not_called_made_whatever_changed_it_since)
{
    target_fixture fixture(sandbox::service::clerk);
    const auto an_hour_ago = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) - 1h;
    for (const bool stamped : {true, false}) {
        auto which = other(stamped ? "a" : "b");
        which.created_at = std::chrono::sys_days(std::chrono::year(2020) / 1 / 2);
        json::object marker{{"source_id", which.id}};
        if (stamped)
            marker["sent_at"] = an_hour_ago.time_since_epoch().count();
        // Its `updated_at` is of this moment.
        const auto there = fixture.post("/organizations", {{"name", which.name},
                                                           {"slug", which.slug},
                                                           {"created_at", "2020-01-02T00:00:00Z"},
                                                           {"private_metadata", json::object{{"usher", marker}}}});
        const auto done = fixture.in_doubt(record_of(which), create);
        BOOST_TEST(code_of(done) == "");
        BOOST_TEST(done.id == std::string(there.at("id").as_string()));
        BOOST_TEST(!done.made);
    }
}

BOOST_AUTO_TEST_SUITE_END()
