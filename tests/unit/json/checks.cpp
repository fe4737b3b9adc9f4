#include "unit/json/samples.hpp"
#include "json/check.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>

namespace usher_tests {
namespace {

constexpr std::string_view roles[] = {"admin", "member"};
constexpr std::string_view ten_texts[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n"};

constexpr bounds texts_between(std::uint32_t least, std::uint32_t most)
{
    return {0, 0, false, false, false, false, least, most, nullptr, {}, -1};
}
constexpr bounds numbers_between(double least, double most, bool exclusive = false)
{
    return {least, most, true, true, exclusive, exclusive, 0, 0xffffffffU, nullptr, {}, -1};
}
constexpr bounds limit_bounds = numbers_between(1, 500);
constexpr bounds open_bounds = numbers_between(0, 1, true);
constexpr bounds name_bounds = texts_between(1, 10);
constexpr bounds list_bounds = texts_between(1, 3);
constexpr bounds role_bounds{0, 0, false, false, false, false, 0, 0xffffffffU, nullptr, roles, -1};
constexpr bounds many_bounds{0, 0, false, false, false, false, 0, 0xffffffffU, nullptr, ten_texts, -1};
constexpr bounds id_bounds{0, 0, false, false, false, false, 0, 0xffffffffU, "^user_\\w{3}$", {}, -1};
constexpr bounds true_bounds{0, 0, false, false, false, false, 0, 0xffffffffU, nullptr, {}, 1};

struct inner_request {
    inner_request() = default;
    field<std::string> code;
    field<std::string> note;
};
constexpr member_info inner_request_members[] = {{"code", offsetof(inner_request, code),
                                                  &table<field<std::string>>::value, &name_bounds, nullptr, place::body,
                                                  member_required},
                                                 USHER_MEMBER(inner_request, note, 0)};

struct checked {
    checked() = default;
    field<std::string> needed;
    field<std::string> cleared;
    std::optional<std::string> owed;
    field<std::string> shown;
    field<std::int64_t> limit;
    field<double> share;
    field<std::string> role;
    field<std::string> many;
    field<std::string> id;
    field<bool> agreed;
    field<std::vector<std::string>> list;
    field<open_enum<color>> shade;
    field<date> day;
    field<boost::json::object> meta;
    field<boost::json::value> any;
    field<std::vector<inner_request>> inners;
    field<std::map<std::string, inner_request, std::less<>>> map;
    field<proof> either;
    field<branch> tree;
};

} // namespace

template <>
struct table<inner_request> {
    static constexpr const type_info value = object_of<inner_request>("inner_request", inner_request_members);
};

namespace {

#define USHER_BOUND(member, limits, flags)                                                                             \
    member_info                                                                                                        \
    {                                                                                                                  \
#member, offsetof(checked, member), &table < decltype(checked::member)> ::value, limits, nullptr, place::body, \
            flags                                                                                                      \
    }

constexpr member_info checked_members[] = {USHER_BOUND(needed, nullptr, member_required),
                                           USHER_BOUND(cleared, nullptr, member_required | member_nullable),
                                           USHER_BOUND(owed, nullptr, member_required | member_nullable),
                                           USHER_BOUND(shown, nullptr, member_required | member_read_only),
                                           USHER_BOUND(limit, &limit_bounds, 0),
                                           USHER_BOUND(share, &open_bounds, 0),
                                           USHER_BOUND(role, &role_bounds, 0),
                                           USHER_BOUND(many, &many_bounds, 0),
                                           USHER_BOUND(id, &id_bounds, 0),
                                           USHER_BOUND(agreed, &true_bounds, 0),
                                           {"list", offsetof(checked, list), &table<decltype(checked::list)>::value,
                                            &list_bounds, &name_bounds, place::body, 0},
                                           USHER_BOUND(shade, nullptr, 0),
                                           USHER_BOUND(day, nullptr, 0),
                                           USHER_BOUND(meta, nullptr, 0),
                                           USHER_BOUND(any, nullptr, 0),
                                           USHER_BOUND(inners, nullptr, 0),
                                           USHER_BOUND(map, nullptr, 0),
                                           USHER_BOUND(either, nullptr, 0),
                                           USHER_BOUND(tree, nullptr, 0)};
constexpr type_info checked_type = object_of<checked>("checked", checked_members);

/// What is wrong with an object that is sound but for what `change` did to it.
std::string wrong(const std::function<void(checked&)>& change)
{
    checked object;
    object.needed = "n";
    object.cleared = null;
    change(object);
    const auto found = check(checked_type, &object);
    return found ? found->message() : "";
}

} // namespace

BOOST_AUTO_TEST_SUITE(the_check)

BOOST_AUTO_TEST_CASE(passes_what_is_sound)
{
    BOOST_TEST(wrong([](checked&) {}) == "");
    BOOST_TEST(wrong([](checked& c) {
                   c.owed = "o";
                   c.limit = 1;
                   c.share = 0.5;
                   c.role = "admin";
                   c.many = "n";
                   c.id = "user_a1_";
                   c.agreed = true;
                   c.list = {"a", "0123456789", "ö"};
                   c.shade = color::red;
                   c.day = date(std::chrono::year(2024) / 2 / 29);
                   c.meta = {{"a", {1, 2.5, "x"}}};
                   c.inners.emplace(2).at(0).code = "c";
                   c.inners->at(1).code = "d";
                   c.map.emplace()["k"].code = "c";
                   c.tree.emplace().more.resize(2);
               }) == "");
}

BOOST_AUTO_TEST_CASE(names_a_required_member_that_is_missing)
{
    BOOST_TEST(wrong([](checked& c) { c.needed.reset(); }) == "/needed: required, not given");
    BOOST_TEST(wrong([](checked& c) { c.cleared.reset(); }) == "/cleared: required, not given");
    BOOST_TEST(wrong([](checked& c) { c.inners.emplace(1); }) == "/inners/0/code: required, not given");
    BOOST_TEST(wrong([](checked& c) { c.map.emplace()["a/b~c"]; }) == "/map/a~1b~0c/code: required, not given");
}

BOOST_AUTO_TEST_CASE(names_a_null_where_none_may_stand)
{
    BOOST_TEST(wrong([](checked& c) { c.needed = null; }) == "/needed: null is not allowed");
    BOOST_TEST(wrong([](checked& c) { c.limit = null; }) == "/limit: null is not allowed");
}

BOOST_AUTO_TEST_CASE(holds_numbers_to_their_range)
{
    BOOST_TEST(wrong([](checked& c) { c.limit = 500; }) == "");
    BOOST_TEST(wrong([](checked& c) { c.limit = 501; }) == "/limit: 501 is above the maximum 500");
    BOOST_TEST(wrong([](checked& c) { c.limit = 0; }) == "/limit: 0 is below the minimum 1");
    BOOST_TEST(wrong([](checked& c) { c.share = 0.0; }) == "/share: 0 is not above 0 (exclusiveMinimum)");
    BOOST_TEST(wrong([](checked& c) { c.share = 1.0; }) == "/share: 1 is not below 1 (exclusiveMaximum)");
    BOOST_TEST(wrong([](checked& c) { c.share = 1.5; }) == "/share: 1.5 is above the maximum 1");
    BOOST_TEST(wrong([](checked& c) { c.share = std::nan(""); }) == "/share: not a finite number");
    BOOST_TEST(wrong([](checked& c) { c.share = -INFINITY; }) == "/share: not a finite number");
}

BOOST_AUTO_TEST_CASE(counts_lengths_in_code_points_and_elements)
{
    BOOST_TEST(wrong([](checked& c) { c.list = {"a", "b", "c", "d"}; }) == "/list: more than 3 elements (maxItems)");
    BOOST_TEST(wrong([](checked& c) { c.list = {}; }) == "/list: fewer than 1 element (minItems)");
    BOOST_TEST(wrong([](checked& c) {
                   c.list = {"a", "01234567890"};
               }) == "/list/1: longer than 10 characters (maxLength)");
    BOOST_TEST(wrong([](checked& c) { c.list = {""}; }) == "/list/0: shorter than 1 character (minLength)");
    BOOST_TEST(wrong([](checked& c) { c.list = {"😀😀😀😀😀😀😀😀😀😀"}; }) == "");
    BOOST_TEST(wrong([](checked& c) { c.list = {"😀😀😀😀😀😀😀😀😀😀😀"}; }) == "/list/0: longer than 10 characters (maxLength)");
}

BOOST_AUTO_TEST_CASE(names_the_values_that_are_allowed)
{
    BOOST_TEST(wrong([](checked& c) { c.role = "owner"; }) == "/role: not \"admin\" or \"member\" (enum)");
    BOOST_TEST(wrong([](checked& c) { c.shade = open_enum<color>("mauve"); }) ==
               "/shade: not \"red\" or \"green\" (enum)");
    BOOST_TEST(wrong([](checked& c) { c.many = "z"; }).ends_with("\"l\", … (14 values) (enum)"));
    BOOST_TEST(wrong([](checked& c) { c.agreed = false; }) == "/agreed: has to be true (enum)");
}

BOOST_AUTO_TEST_CASE(names_the_pattern)
{
    BOOST_TEST(wrong([](checked& c) { c.id = "user_abcd"; }) == "/id: does not match ^user_\\w{3}$ (pattern)");
}

BOOST_AUTO_TEST_CASE(refuses_what_json_cannot_say)
{
    BOOST_TEST(wrong([](checked& c) { c.needed = "\xff"; }) == "/needed: not valid UTF-8");
    BOOST_TEST(wrong([](checked& c) { c.needed = "\xed\xa0\x80"; }) == "/needed: not valid UTF-8");
    BOOST_TEST(wrong([](checked& c) { c.map.emplace()["\xff"].code = "c"; }) == "/map/\xff: not valid UTF-8");
    BOOST_TEST(wrong([](checked& c) { c.any = boost::json::value({{"k", {"\xc0"}}}); }) == "/any: not valid UTF-8");
    BOOST_TEST(wrong([](checked& c) { c.meta = boost::json::object{{"\x80", 1}}; }) == "/meta: not valid UTF-8");
    BOOST_TEST(wrong([](checked& c) { c.any = boost::json::value(INFINITY); }) == "/any: not a finite number");
    BOOST_TEST(wrong([](checked& c) { c.either = unknown_json("\xff"); }) == "/either: not valid UTF-8");
    BOOST_TEST(wrong([](checked& c) { c.day = date(std::chrono::year(2023) / 2 / 29); }) ==
               "/day: not a day of the calendar");
    BOOST_TEST(wrong([](checked& c) { c.day = date(std::chrono::year(10000) / 1 / 1); }) ==
               "/day: not a day of the calendar");
}

BOOST_AUTO_TEST_CASE(looks_into_the_alternative_of_a_union)
{
    BOOST_TEST(wrong([](checked& c) { std::get<otp>(c.either.emplace(otp())).object = "ticket"; }) ==
               "/either/object: not \"otp\" (enum)");
}

BOOST_AUTO_TEST_CASE(bounds_the_depth)
{
    const auto deep = [](std::size_t levels) {
        boost::json::value value = 1;
        for (std::size_t i = 0; i != levels; ++i)
            value = boost::json::array(1, value);
        return value;
    };
    BOOST_TEST(wrong([&](checked& c) { c.any = deep(63); }) == "");
    BOOST_TEST(wrong([&](checked& c) { c.any = deep(64); }) == "/any: nested too deep");
    const auto tree = [](checked& c, int levels) {
        branch* at = &c.tree.emplace();
        for (int i = 1; i != levels; ++i)
            at = &**(at->left = box<branch>());
    };
    BOOST_TEST(wrong([&](checked& c) { tree(c, 62); }) == "");
    BOOST_TEST(wrong([&](checked& c) { tree(c, 63); }).ends_with("/left/left/more: nested too deep"));
}

BOOST_AUTO_TEST_CASE(shows_nothing_of_a_text)
{
    for (const auto& change : {std::function<void(checked&)>([](checked& c) { c.role = "sk_live_secret"; }),
                               std::function<void(checked&)>([](checked& c) { c.id = "sk_live_secret"; }),
                               std::function<void(checked&)>([](checked& c) { c.list = {"sk_live_secret"}; })}) {
        const std::string message = wrong(change);
        BOOST_TEST(message != "");
        BOOST_TEST(message.find("secret") == std::string::npos, message);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace usher_tests
