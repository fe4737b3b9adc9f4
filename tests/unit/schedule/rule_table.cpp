#include "schedule/rule_table.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using usher::quota;
using usher::quota_amount;
using usher::quota_key;
using usher::quota_rule;
using usher::detail::operation_info;
using usher::detail::path_parameter;
using usher::schedule::draw;
using usher::schedule::most_draws;
using usher::schedule::rule_table;

namespace {

constexpr std::array<path_parameter, 1> a{{{"a", nullptr}}};
constexpr std::array<path_parameter, 2> a_and_b{{{"a", nullptr}, {"b", nullptr}}};

operation_info operation(std::string_view id, std::string_view method, std::string_view path,
                         std::span<const path_parameter> parameters = {})
{
    operation_info made{};
    made.id = id;
    made.method = method;
    made.path = path;
    made.path_parameters = parameters;
    return made;
}

struct service {
    std::array<operation_info, 6> all{
        operation("List", "GET", "/things"),
        operation("Create", "POST", "/things"),
        operation("Get", "GET", "/things/{a}", a),
        operation("Change", "PATCH", "/things/{a}", a),
        operation("ChangePart", "PATCH", "/things/{a}/parts/{b}", a_and_b),
        operation("Resend", "POST", "/things/{a}:resend", a),
    };
    std::vector<const operation_info*> operations;

    service()
    {
        for (std::size_t i = 0; i < all.size(); ++i) {
            all[i].index = static_cast<std::uint16_t>(i);
            operations.push_back(&all[i]);
        }
    }

    rule_table table(const std::vector<quota_rule>& rules) const
    {
        quota limits;
        limits.rules = rules;
        return rule_table(limits, operations);
    }
    /// The operations that a rule applies to, by id.
    std::set<std::string> matched(const quota_rule& rule) const
    {
        const auto one = table({rule});
        const std::array<std::string_view, 2> path{"x", "y"};
        std::set<std::string> ids;
        for (const auto* each : operations)
            if (one.draws(each->index, std::span(path).first(each->path_parameters.size())).size() == 1)
                ids.insert(std::string(each->id));
        return ids;
    }
    std::string complaint(const std::vector<quota_rule>& rules) const
    {
        try {
            table(rules);
        } catch (const std::invalid_argument& refused) {
            return refused.what();
        }
        return "accepted";
    }
    draw first(const rule_table& of, std::string_view id, const std::vector<std::string_view>& path = {}) const
    {
        for (const auto* each : operations)
            if (each->id == id) {
                const auto list = of.draws(each->index, path);
                BOOST_REQUIRE_GE(list.size(), 1U);
                return list[0];
            }
        throw std::out_of_range(std::string(id));
    }
};

quota_rule with_paths(std::vector<std::string> paths)
{
    quota_rule rule("r", 1, 1s);
    rule.paths = std::move(paths);
    return rule;
}

quota_rule by_entity(std::vector<std::string> paths, std::vector<std::string> entity = {})
{
    auto rule = with_paths(std::move(paths));
    rule.key = quota_key::entity;
    rule.entity = std::move(entity);
    return rule;
}

using ids = std::set<std::string>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(rules, service)

BOOST_AUTO_TEST_CASE(a_rule_without_matchers_applies_to_everything_known_or_not)
{
    BOOST_TEST(matched(quota_rule("r", 1, 1s)).size() == all.size());
    const auto one = table({quota_rule("r", 1, 1s)});
    BOOST_TEST(one.draws(static_cast<std::uint16_t>(all.size()), {}).size() == 1U);
    BOOST_TEST(one.draws(65535, {}).size() == 1U);
    BOOST_TEST(rule_table(quota(1, 1s)).draws(3, {}).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_rule_with_matchers_applies_to_nothing_that_is_not_known)
{
    const auto one = table({with_paths({"/things/**"})});
    BOOST_TEST(one.draws(static_cast<std::uint16_t>(all.size()), {}).size() == 0U);
}

BOOST_AUTO_TEST_CASE(operations_methods_and_paths_have_to_match_all)
{
    quota_rule rule("r", 1, 1s);
    rule.methods = {"PATCH", "POST"};
    BOOST_TEST((matched(rule) == ids{"Create", "Change", "ChangePart", "Resend"}));
    rule.paths = {"/things", "/things/{x}"};
    BOOST_TEST((matched(rule) == ids{"Create", "Change"}));
    rule.operations = {"Create", "Get"};
    BOOST_TEST((matched(rule) == ids{"Create"}));
}

BOOST_AUTO_TEST_CASE(paths_match_by_segment)
{
    BOOST_TEST((matched(with_paths({"/things"})) == ids{"List", "Create"}));
    BOOST_TEST((matched(with_paths({"/things/{whatever}"})) == ids{"Get", "Change"}));
    BOOST_TEST((matched(with_paths({"/things/{a}:resend"})) == ids{"Resend"}));
    BOOST_TEST((matched(with_paths({"/things/*"})) == ids{"Get", "Change", "Resend"}));
    BOOST_TEST((matched(with_paths({"/*/{a}/parts/*"})) == ids{"ChangePart"}));
    BOOST_TEST((matched(with_paths({"/things/{a}/**"})) == ids{"Get", "Change", "ChangePart"}));
    BOOST_TEST(matched(with_paths({"/**"})).size() == all.size());
}

BOOST_AUTO_TEST_CASE(an_instance_has_one_bucket_and_each_operation_of_an_endpoint_rule_its_own)
{
    auto rule = with_paths({"/things/*"});
    const auto together = table({rule});
    BOOST_CHECK(first(together, "Get", {"x"}) == (draw{0, 0}));
    BOOST_CHECK(first(together, "Change", {"y"}) == (draw{0, 0}));
    rule.key = quota_key::endpoint;
    const auto apart = table({rule});
    BOOST_CHECK(first(apart, "Get", {"x"}) == (draw{0, 3}));
    BOOST_CHECK(first(apart, "Get", {"y"}) == (draw{0, 3}));
    BOOST_CHECK(first(apart, "Change", {"x"}) == (draw{0, 4}));
}

BOOST_AUTO_TEST_CASE(a_record_is_known_by_the_parameters_that_name_it)
{
    const auto one = table({by_entity({"/things/{a}", "/things/{a}/parts/{b}"}, {"a"})});
    BOOST_CHECK(first(one, "Get", {"x"}) == first(one, "Change", {"x"}));
    BOOST_CHECK(first(one, "Get", {"x"}) == first(one, "ChangePart", {"x", "y"}));
    BOOST_CHECK(first(one, "Get", {"x"}) != first(one, "Get", {"y"}));
    const auto other = table({by_entity({"/things/{a}/parts/{b}"}, {"b"})});
    BOOST_CHECK(first(other, "ChangePart", {"x", "y"}) == first(other, "ChangePart", {"z", "y"}));
    BOOST_CHECK(first(other, "ChangePart", {"x", "y"}) != first(other, "ChangePart", {"x", "z"}));
}

BOOST_AUTO_TEST_CASE(a_record_without_named_parameters_is_known_by_all_and_where_each_ends)
{
    const auto one = table({by_entity({"/things/{a}/parts/{b}"})});
    const auto key = [&](std::string_view x, std::string_view y) { return first(one, "ChangePart", {x, y}).key; };
    BOOST_TEST(key("ab", "c") != key("a", "bc"));
    BOOST_TEST(key("abc", "") != key("", "abc"));
    BOOST_TEST(key("a", "b") != key("b", "a"));
    BOOST_TEST(key("a", "") != key(std::string_view("a\0", 2), ""));
    BOOST_TEST(key("12345678", "") != key("12345678", std::string_view("\0", 1)));
    BOOST_TEST(key("12345678a", "b") != key("12345678", "ab"));
}

BOOST_AUTO_TEST_CASE(records_have_different_keys_none_of_them_zero_and_all_bits_are_used)
{
    const auto one = table({by_entity({"/things/{a}"})});
    std::set<std::uint64_t> keys;
    std::array<int, 64> set{};
    constexpr int records = 100'000;
    for (int i = 0; i < records; ++i) {
        const auto key = first(one, "Get", {"user_" + std::to_string(i)}).key;
        keys.insert(key);
        for (std::size_t bit = 0; bit < set.size(); ++bit)
            set[bit] += static_cast<int>(key >> bit & 1U);
    }
    BOOST_TEST(keys.size() == static_cast<std::size_t>(records));
    BOOST_TEST(!keys.contains(0));
    for (const auto times : set)
        BOOST_TEST((times > records * 49 / 100 && times < records * 51 / 100), times);
}

BOOST_AUTO_TEST_CASE(a_key_is_the_same_in_every_process)
{
    const auto one = table({by_entity({"/things/{a}"})});
    BOOST_TEST(first(one, "Get", {"user_1"}).key == 13087699213370149029U);
}

BOOST_AUTO_TEST_CASE(what_an_unlimited_rule_matches_draws_on_nothing)
{
    quota_rule free("free", 0, 1s);
    free.operations = {"List"};
    free.amount = quota_amount::unlimited;
    for (const auto& order : {std::vector<quota_rule>{free, quota_rule("all", 1, 1s)},
                              std::vector<quota_rule>{quota_rule("all", 1, 1s), free}}) {
        const auto both = table(order);
        BOOST_TEST(both.draws(0, {}).size() == 0U);
        BOOST_TEST(both.draws(1, {}).size() == 1U);
        BOOST_TEST(both.draws(99, {}).size() == 1U);
    }
    free.operations.clear();
    const auto nothing = table({quota_rule("all", 1, 1s), free});
    BOOST_TEST(nothing.draws(1, {}).size() == 0U);
    BOOST_TEST(nothing.draws(99, {}).size() == 0U);
}

BOOST_AUTO_TEST_CASE(draws_come_in_the_order_of_the_rules)
{
    std::vector<quota_rule> rules;
    for (std::size_t i = 0; i < most_draws; ++i)
        rules.emplace_back("r" + std::to_string(i), 1, 1s);
    const auto one = table(rules);
    const auto list = one.draws(0, {});
    BOOST_REQUIRE_EQUAL(list.size(), most_draws);
    for (std::size_t i = 0; i < most_draws; ++i)
        BOOST_TEST(list[i].rule == i);
    rules.emplace_back("one more", 1, 1s);
    BOOST_TEST(complaint(rules) == "quota: more than 6 rules apply to List");
}

BOOST_AUTO_TEST_CASE(a_rule_that_makes_no_sense_is_refused_by_name)
{
    const auto changed = [](auto change) {
        quota_rule rule("r", 1, 1s);
        change(rule);
        return std::vector<quota_rule>{rule};
    };
    const std::vector<std::pair<std::vector<quota_rule>, std::string>> wrong = {
        {changed([](auto& r) { r.name.clear(); }), "quota: a rule has no name"},
        {{quota_rule("r", 1, 1s), quota_rule("r", 2, 1s)}, "quota: rule \"r\": another one has the same name"},
        {changed([](auto& r) { r.requests = 0; }), "quota: rule \"r\": allows no request"},
        {changed([](auto& r) { r.window = 0ms; }), "quota: rule \"r\": its window is not above zero"},
        {changed([](auto& r) { r.window = -1s; }), "quota: rule \"r\": its window is not above zero"},
        {changed([](auto& r) { r.burst = 0U; }), "quota: rule \"r\": its burst is zero"},
        {changed([](auto& r) {
             r.operations = {"List", "Lsit"};
         }),
         "quota: rule \"r\": there is no operation \"Lsit\""},
        {changed([](auto& r) { r.methods = {"DELETE"}; }), "quota: rule \"r\": matches no operation"},
        {{with_paths({"/thing", "/things//**"})}, "quota: rule \"r\": matches no operation"},
        {{with_paths({"things"})}, "quota: rule \"r\": the path \"things\" does not begin with a slash"},
        {{with_paths({"/**/parts"})}, "quota: rule \"r\": the path \"/**/parts\" has ** before its end"},
        {{with_paths({"/th*"})}, "quota: rule \"r\": the path \"/th*\" has a * that is no whole segment"},
        {{with_paths({"/things/{a"})}, "quota: rule \"r\": the path \"/things/{a\" has a brace without its other one"},
        {{by_entity({"/things/{a}"}, {"id"})},
         "quota: rule \"r\": there is no path parameter \"id\" in Get, /things/{a}"},
        {{by_entity({"/things"})},
         "quota: rule \"r\": counts by entity, and there is no path parameter in List, /things"},
        {changed([](auto& r) { r.entity = {"a"}; }),
         "quota: rule \"r\": names path parameters but does not count by entity"},
    };
    for (const auto& [rules, expected] : wrong)
        BOOST_TEST(complaint(rules) == expected);
    // An amount that is to be learned needs no number.
    BOOST_TEST(complaint(changed([](auto& r) {
                   r.requests = 0;
                   r.amount = quota_amount::unknown;
               })) == "accepted");
}

BOOST_AUTO_TEST_CASE(a_quota_that_makes_no_sense_is_refused)
{
    const auto refused = [](auto change) {
        quota limits(1, 1s);
        change(limits);
        BOOST_CHECK_THROW(rule_table{limits}, std::invalid_argument);
    };
    refused([](quota& limits) { limits.burst = 0; });
    refused([](quota& limits) { limits.least_spread = -1ms; });
    refused([](quota& limits) { limits.least_spread = limits.most_spread + 1ms; });
    BOOST_CHECK_NO_THROW(rule_table{quota(1, 1s)});
}

BOOST_AUTO_TEST_SUITE_END()
