#include "schedule/quota_json.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using usher::quota;
using usher::quota_amount;
using usher::quota_key;
using usher::quota_rule;

namespace {

std::string complaint(const std::string& text)
{
    try {
        quota::from_json(text);
    } catch (const std::invalid_argument& refused) {
        return refused.what();
    }
    return "accepted";
}

/// In the second rule.
std::string rule_complaint(const std::string& members)
{
    return complaint(R"({"rules": [{"name": "all", "requests": 1}, )" + members + "]}");
}

} // namespace

BOOST_AUTO_TEST_SUITE(quota_json)

BOOST_AUTO_TEST_CASE(what_is_written_is_read_back_the_same)
{
    quota rich(700, 90s);
    rich.burst = 3;
    rich.in_flight = 12;
    rich.least_spread = 0ms;
    rich.most_spread = 1500ms;
    rich.slow_start = 250ms;
    quota_rule records("a \"record\"\n", 5, 150ms);
    records.operations = {"One", "Two"};
    records.methods = {"PATCH", "PUT"};
    records.paths = {"/a/{id}", "/a/{id}/**"};
    records.key = quota_key::entity;
    records.entity = {"id"};
    records.burst = 1;
    rich.rules.push_back(records);
    quota_rule learned("learned", 60, 1min);
    learned.key = quota_key::endpoint;
    learned.amount = quota_amount::unknown;
    rich.rules.push_back(learned);
    quota_rule free("free", 0, 10s);
    free.paths = {"/free"};
    free.amount = quota_amount::unlimited;
    rich.rules.push_back(free);
    for (const auto& one : {rich, quota::clerk_production(), quota::clerk_development(), quota::unknown(),
                            quota::unknown(1ms), quota::unlimited(), quota(1, 25h)}) {
        const auto text = one.to_json();
        BOOST_CHECK_MESSAGE(quota::from_json(text) == one, text);
    }
}

BOOST_AUTO_TEST_CASE(times_are_written_in_their_largest_whole_unit)
{
    const auto text_of = [](std::chrono::milliseconds window) {
        const auto text = quota(1, window).to_json();
        const auto begin = text.find("\"window\": ") + 10;
        return text.substr(begin, text.find('}', begin) - begin);
    };
    BOOST_TEST(text_of(150ms) == "\"150ms\"");
    BOOST_TEST(text_of(10s) == "\"10s\"");
    BOOST_TEST(text_of(90s) == "\"90s\"");
    BOOST_TEST(text_of(5min) == "\"5m\"");
    BOOST_TEST(text_of(24h) == "\"24h\"");
}

BOOST_AUTO_TEST_CASE(what_is_left_out_has_its_default)
{
    BOOST_CHECK(quota::from_json("{}") == quota());
    const auto read = quota::from_json(R"({"rules": [{"name": "instance", "requests": 1000}], "burst": 2})");
    quota expected(1000, 10s);
    expected.burst = 2;
    BOOST_CHECK(read == expected);
}

BOOST_AUTO_TEST_CASE(each_member_is_read)
{
    const auto read = quota::from_json(R"({
        "rules": [{"name": "n", "operations": ["A", "B"], "methods": ["GET"], "paths": ["/p/{q}"], "key": "entity",
                   "entity": ["q"], "amount": "unknown", "requests": 7, "window": "2m", "burst": 3}],
        "burst": 9, "in_flight": 8, "least_spread": "5ms", "most_spread": "1s"})");
    BOOST_REQUIRE_EQUAL(read.rules.size(), 1U);
    const auto& rule = read.rules.front();
    BOOST_TEST(rule.name == "n");
    BOOST_TEST(rule.operations == (std::vector<std::string>{"A", "B"}), boost::test_tools::per_element());
    BOOST_TEST(rule.methods == (std::vector<std::string>{"GET"}), boost::test_tools::per_element());
    BOOST_TEST(rule.paths == (std::vector<std::string>{"/p/{q}"}), boost::test_tools::per_element());
    BOOST_TEST((rule.key == quota_key::entity && rule.amount == quota_amount::unknown));
    BOOST_TEST(rule.entity == (std::vector<std::string>{"q"}), boost::test_tools::per_element());
    BOOST_TEST(rule.requests == 7U);
    BOOST_TEST((rule.window == 2min));
    BOOST_TEST(rule.burst.value() == 3U);
    BOOST_TEST(read.burst == 9U);
    BOOST_TEST(read.in_flight == 8U);
    BOOST_TEST((read.least_spread == 5ms && read.most_spread == 1s));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_refused_and_its_place_named)
{
    const std::vector<std::pair<std::string, std::string>> of_rules = {
        {R"(7)", "rules[1]: has to be an object"},
        {R"({"requests": 1})", "rules[1].name: a rule needs a name"},
        {R"({"name": 7, "requests": 1})", "rules[1].name: has to be a text"},
        {R"({"name": "all", "requests": 1})", R"(rules[1].name: "all" is the name of another rule)"},
        {R"({"name": "b"})", "rules[1].requests: has to be at least 1 where the amount is known"},
        {R"({"name": "b", "requests": -1})", "rules[1].requests: has to be a whole number from 0 to 4294967295"},
        {R"({"name": "b", "requests": 1.5})", "rules[1].requests: has to be a whole number from 0 to 4294967295"},
        {R"({"name": "b", "requests": 4294967296})",
         "rules[1].requests: has to be a whole number from 0 to 4294967295"},
        {R"({"name": "b", "requests": 18446744073709551615})",
         "rules[1].requests: has to be a whole number from 0 to 4294967295"},
        {R"({"name": "b", "requests": 1, "windw": "1s"})", R"(rules[1]: there is no member "windw")"},
        {R"({"name": "b", "requests": 1, "window": 10})", "rules[1].window: has to be a text"},
        {R"({"name": "b", "requests": 1, "window": "0s"})", "rules[1].window: has to be above zero"},
        {R"({"name": "b", "requests": 1, "methods": "GET"})", "rules[1].methods: has to be an array of texts"},
        {R"({"name": "b", "requests": 1, "paths": ["/a", null]})", "rules[1].paths[1]: has to be a text"},
        {R"({"name": "b", "requests": 1, "key": "user"})",
         R"(rules[1].key: "user" is none of instance, endpoint, entity)"},
        {R"({"name": "b", "amount": "much"})", R"(rules[1].amount: "much" is none of known, unknown, unlimited)"},
        {R"({"name": "b", "requests": 1, "burst": null})",
         "rules[1].burst: has to be a whole number from 0 to 4294967295"},
        {R"({"name": "b", "requests": 1, "burst": 0})", "rules[1].burst: has to be at least 1"},
    };
    for (const auto& [members, expected] : of_rules)
        BOOST_TEST(rule_complaint(members) == expected, members);
    const std::vector<std::pair<std::string, std::string>> others = {
        {"[]", "has to be an object"},
        {R"({"rules": {}})", "rules: has to be an array"},
        {R"({"rule": []})", R"(there is no member "rule")"},
        {R"({"burst": 0})", "burst: has to be at least 1"},
        {R"({"in_flight": "all"})", "in_flight: has to be a whole number from 0 to 4294967295"},
        {R"({"least_spread": "1s"})", "least_spread: is above most_spread"},
    };
    for (const auto& [text, expected] : others)
        BOOST_TEST(complaint(text) == expected, text);
}

BOOST_AUTO_TEST_CASE(a_time_without_its_unit_or_beyond_all_bounds_is_refused)
{
    for (const std::string time : {"", "s", "10", "-1s", "1.5s", " 1s", "1s ", "1 s", "1d", "1S", "1h30m", "0x1s",
                                   "9223372036854775807h", "9223372036854775808ms", "9223372036854776ms", "2562048h"})
        BOOST_TEST(rule_complaint(R"({"name": "b", "requests": 1, "window": ")" + time + "\"}") ==
                   "rules[1].window: \"" + time + R"(" is no time such as "150ms", "10s", "5m" or "1h")");
}

BOOST_AUTO_TEST_CASE(what_is_no_json_is_refused_with_its_line_and_column)
{
    BOOST_TEST(complaint("{\n  \"burst\": 5,\n  nonsense\n}").starts_with("line 3, column 3: "));
    BOOST_TEST(complaint("").starts_with("line 1, column 1: "));
    BOOST_TEST(complaint("{\"rules\": [").starts_with("line 1, column 12: "));
    BOOST_TEST(complaint("{} {}").starts_with("line 1, column "));
}

BOOST_AUTO_TEST_SUITE_END()
