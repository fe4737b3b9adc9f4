#include "usher/sandbox.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher::sandbox;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(options_from_text)

BOOST_AUTO_TEST_CASE(every_option_can_be_set)
{
    options o;
    const std::pair<const char*, const char*> all[] = {
        {"services", "clerk,scalekit"},
        {"address", "::1"},
        {"port", "4711"},
        {"tls", "false"},
        {"keys", "sk_test_a,sk_live_b"},
        {"seed", "42"},
        {"latency", "80ms"},
        {"jitter", "40ms"},
        {"limits", "true"},
        {"quota", "25/500ms"},
        {"algorithm", "gcra"},
        {"burst", "5"},
        {"endpoint_limits", "no"},
        {"entity_limits", "off"},
        {"charge_refused", "yes"},
        {"phase", "3s"},
        {"listing_lag", "2s"},
        {"mode", "nulls"},
        {"max_body", "1000"},
        {"keep_alive", "5s"},
        {"max_users", "7"},
        {"max_organizations", "8"},
        {"max_memberships", "9"},
        {"password_required", "true"},
        {"record", "0"},
        {"fault", "answer:status=503:every=10:retry_after=2:operation=GetUser"},
        {"fault", "cut_answer:bytes=7:reset"}};
    for (const auto& [name, value] : all)
        set_option(o, name, value);
    BOOST_TEST((o.services == std::vector{service::clerk, service::scalekit}));
    BOOST_TEST(o.address == "::1");
    BOOST_TEST(o.port == 4711);
    BOOST_TEST(!o.tls);
    BOOST_TEST(o.keys.size() == 2u);
    BOOST_TEST(o.seed == 42u);
    BOOST_TEST((o.delay.mean == 80ms && o.delay.jitter == 40ms));
    BOOST_TEST(o.quota.enabled);
    BOOST_TEST((o.quota.instance->requests == 25 && o.quota.instance->window == 500ms));
    BOOST_TEST((o.quota.how == algorithm::gcra && o.quota.burst == 5 && !o.quota.endpoints && !o.quota.entities &&
                o.quota.charge_refused && o.quota.phase == 3s));
    BOOST_TEST((o.listing_lag == 2s && o.mode == answers::nulls && o.max_body == 1000 && o.keep_alive == 5s));
    BOOST_TEST(
        (o.max_users == 7 && o.max_organizations == 8 && o.max_memberships == 9 && o.password_required && !o.record));
    BOOST_TEST(o.faults.size() == 2u);
    BOOST_TEST((o.faults[0].status == 503 && o.faults[0].every == 10 && o.faults[0].retry_after == 2 &&
                o.faults[0].operation == "GetUser"));
    BOOST_TEST((o.faults[1].what == fault::kind::cut_answer && o.faults[1].bytes == 7 && o.faults[1].reset));
    for (const auto& [name, value] : all)
        BOOST_TEST(option_help().find(std::string(name) + "=") != std::string_view::npos, name);
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_is_refused_with_what_would)
{
    options o;
    for (const auto& [name, value] : {std::pair{"port", "70000"},
                                      {"port", "x"},
                                      {"latency", "80 parsecs"},
                                      {"mode", "odd"},
                                      {"quota", "many"},
                                      {"tls", "maybe"},
                                      {"colour", "red"},
                                      {"fault", "answer:when=now"}})
        BOOST_CHECK_THROW(set_option(o, name, value), std::invalid_argument);
    o.services.clear();
    BOOST_CHECK_THROW(server{o}, std::invalid_argument);
    options elsewhere;
    elsewhere.address = "example.com";
    BOOST_CHECK_THROW(server{elsewhere}, std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
