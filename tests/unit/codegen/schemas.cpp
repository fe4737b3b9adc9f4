#include "small.hpp"

#include <boost/test/unit_test.hpp>

using namespace small;

BOOST_AUTO_TEST_SUITE(schemas)

BOOST_AUTO_TEST_CASE(scalars_become_the_types_that_the_headers_promise)
{
    const made m = of_schemas(R"("A":{"type":"object","required":["s","b","i","j","n","t","d","l","any"],"properties":{
        "s":{"type":"string"},"b":{"type":"boolean"},"i":{"type":"integer","format":"int32"},"j":{"type":"integer"},
        "n":{"type":"number"},"t":{"type":"string","format":"date-time"},"d":{"type":"string","format":"date"},
        "l":{"type":"string","format":"int64"},"o":{"type":"object"},"any":{},"m":{"type":"object","additionalProperties":{"type":"integer"}},
        "a":{"type":"array","items":{"type":"string"}},"e":{"type":"string","format":"email"}}})");
    BOOST_TEST(m.cpp("a", "s") == "std::string");
    BOOST_TEST(m.cpp("a", "b") == "bool");
    BOOST_TEST(m.cpp("a", "i") == "std::int32_t");
    BOOST_TEST(m.cpp("a", "j") == "std::int64_t");
    BOOST_TEST(m.cpp("a", "n") == "double");
    BOOST_TEST(m.cpp("a", "t") == "usher::instant");
    BOOST_TEST(m.cpp("a", "d") == "usher::date");
    BOOST_TEST(m.cpp("a", "l") == "std::int64_t");
    BOOST_CHECK(m.member_of("a", "l").use.base->what == kind::int64_text);
    BOOST_TEST(m.cpp("a", "o") == "std::optional<boost::json::object>");
    BOOST_TEST(m.cpp("a", "any") == "boost::json::value");
    BOOST_TEST(m.cpp("a", "m") == "std::optional<std::map<std::string, std::int64_t, std::less<>>>");
    BOOST_TEST(m.cpp("a", "a") == "std::optional<std::vector<std::string>>");
    BOOST_TEST(m.cpp("a", "e") == "std::optional<std::string>");
}

BOOST_AUTO_TEST_CASE(null_is_understood_in_both_versions)
{
    const std::string old =
        R"("A":{"type":"object","required":["x","y"],"properties":{"x":{"type":"string","nullable":true},"y":{"type":"string"},
        "z":{"$ref":"#/components/schemas/B"},"r":{"type":"array","items":{"type":"string","nullable":true}}}},
        "B":{"type":"object","nullable":true,"properties":{"i":{"type":"string"}}})";
    const made m = of_schemas(old);
    BOOST_TEST(m.cpp("a", "x") == "std::optional<std::string>");
    BOOST_TEST(m.member_of("a", "x").use.nullable);
    BOOST_TEST(m.member_of("a", "x").required);
    BOOST_TEST(m.cpp("a", "y") == "std::string");
    BOOST_TEST(m.member_of("a", "z").use.nullable);
    BOOST_TEST(m.cpp("a", "r") == "std::optional<std::vector<std::optional<std::string>>>");

    const made n = of_schemas(R"("A":{"type":"object","required":["x","w"],"properties":{"x":{"type":["string","null"]},
        "w":{"oneOf":[{"$ref":"#/components/schemas/B"},{"type":"null"}]},"v":{"type":"string","enum":["p","q",null]}}},
        "B":{"type":"object","properties":{"i":{"type":"string"}}})",
                              "3.1.1");
    BOOST_TEST(n.cpp("a", "x") == "std::optional<std::string>");
    BOOST_TEST(n.cpp("a", "w") == "std::optional<b>");
    BOOST_TEST(n.member_of("a", "v").use.nullable);
}

BOOST_AUTO_TEST_CASE(types_that_occur_in_a_request_can_be_absent_or_null_at_any_depth)
{
    const made m(
        post(
            "/x", "makeX",
            R"({"type":"object","required":["n"],"properties":{"n":{"type":"string"},"b":{"$ref":"#/components/schemas/B"}}})"),
        R"("B":{"type":"object","required":["c"],"properties":{"c":{"type":"array","items":{"$ref":"#/components/schemas/C"}}}},
                    "C":{"type":"object","properties":{"d":{"type":"boolean"}}},"D":{"type":"object","properties":{"d":{"type":"boolean"}}})");
    BOOST_TEST(m.cpp("make_x_params", "n") == "usher::field<std::string>");
    BOOST_TEST(m.cpp("make_x_params", "b") == "usher::field<b>");
    BOOST_TEST(m.cpp("b", "c") == "usher::field<std::vector<c>>");
    BOOST_TEST(m.cpp("c", "d") == "usher::field<bool>");
    BOOST_TEST(m.cpp("d", "d") == "std::optional<bool>");
}

BOOST_AUTO_TEST_CASE(a_text_with_one_value_is_a_bounded_text_and_with_several_an_enumeration)
{
    const made m = of_schemas(
        R"("A":{"type":"object","required":["one","many","yes"],"properties":{"one":{"type":"string","enum":["user"]},
        "many":{"type":"string","enum":["","delete","a-b","a_b","unknown","2x","+x"]},"yes":{"type":"boolean","enum":[true]},
        "c":{"const":"fixed"},"e":{"$ref":"#/components/schemas/E"}}},"E":{"type":"string","enum":["P","Q"]})",
        "3.1.0");
    BOOST_TEST(m.cpp("a", "one") == "std::string");
    BOOST_TEST(m.member_of("a", "one").own.values == std::vector<std::string>{"user"},
               boost::test_tools::per_element());
    BOOST_TEST(m.member_of("a", "c").own.values.front() == "fixed");
    BOOST_TEST(m.member_of("a", "yes").own.fixed_boolean == 1);
    BOOST_TEST(m.cpp("a", "many") == "usher::open_enum<a_many>");
    BOOST_TEST(m.cpp("a", "e") == "std::optional<usher::open_enum<e>>");
    std::vector<std::string> names;
    for (const auto& value : m.named("a_many").values)
        names.push_back(value.name);
    const std::vector<std::string> expected = {"empty", "delete_", "a_b", "a_b_2", "unknown_", "n2x", "plus_x"};
    BOOST_TEST(names == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(bounds_of_both_versions_are_kept)
{
    const made m = of_schemas(
        R"("A":{"type":"object","properties":{"x":{"type":"number","minimum":0,"exclusiveMinimum":true,"maximum":9},
        "s":{"type":"string","minLength":2,"maxLength":5,"pattern":"^a"},"r":{"type":"array","minItems":1,"maxItems":10,"items":{"type":"string","maxLength":3}}}})");
    const limits x = m.member_of("a", "x").own;
    BOOST_TEST(x.minimum.value() == 0);
    BOOST_TEST(x.maximum.value() == 9);
    BOOST_TEST(x.exclusive_minimum);
    BOOST_TEST(!x.exclusive_maximum);
    const limits s = m.member_of("a", "s").own;
    BOOST_TEST(s.min_length == 2U);
    BOOST_TEST(s.max_length == 5U);
    BOOST_TEST(s.pattern.value() == "^a");
    BOOST_TEST(m.member_of("a", "r").own.max_length == 10U);
    BOOST_TEST(m.member_of("a", "r").element.max_length == 3U);

    const made n =
        of_schemas(R"("A":{"type":"object","properties":{"x":{"type":"number","exclusiveMaximum":7}}})", "3.1.0");
    BOOST_TEST(n.member_of("a", "x").own.maximum.value() == 7);
    BOOST_TEST(n.member_of("a", "x").own.exclusive_maximum);
}

BOOST_AUTO_TEST_CASE(all_of_merges_in_order_and_the_later_part_wins)
{
    const made m = of_schemas(
        R"("A":{"type":"object","required":["id"],"properties":{"id":{"type":"string"},"status":{"type":"string"}}},
        "B":{"allOf":[{"$ref":"#/components/schemas/A"},{"type":"object","required":["extra"],"properties":{"status":{"type":"string","enum":["revoked"]},"extra":{"type":"integer"}}}]},
        "C":{"type":"object","properties":{"a":{"allOf":[{"$ref":"#/components/schemas/A"}],"nullable":true}}})");
    const auto& members = m.named("b").members;
    BOOST_REQUIRE_EQUAL(members.size(), 3U);
    BOOST_TEST(members[0].wire == "id");
    BOOST_TEST(members[0].required);
    BOOST_TEST(members[1].own.values.front() == "revoked");
    BOOST_TEST(members[2].required);
    BOOST_TEST(m.cpp("c", "a") == "std::optional<a>");
    BOOST_TEST(m.member_of("c", "a").use.nullable);
}

BOOST_AUTO_TEST_CASE(inline_types_are_named_from_where_they_stand)
{
    const made m = of_schemas(
        R"("User":{"type":"object","properties":{"homeAddress":{"type":"object","properties":{"zip":{"type":"string"}}},
        "phones":{"type":"array","items":{"type":"object","properties":{"n":{"type":"string"}}}},
        "tags":{"type":"object","additionalProperties":{"type":"object","properties":{"t":{"type":"string"}}}}}},
        "user_home_address":{"type":"object","properties":{"x":{"type":"string"}}})");
    BOOST_TEST(m.cpp("user", "homeAddress") == "std::optional<user_home_address_2>");
    BOOST_TEST(m.cpp("user", "phones") == "std::optional<std::vector<user_phones_item>>");
    BOOST_TEST(m.cpp("user", "tags") == "std::optional<std::map<std::string, user_tags_value, std::less<>>>");
    BOOST_TEST(m.named("user_home_address").members.front().wire == "x");
}

BOOST_AUTO_TEST_CASE(types_that_hold_themselves_are_boxed_and_arrays_of_them_are_not)
{
    const made m = of_schemas(
        R"("Tree":{"type":"object","required":["kids","next"],"properties":{"kids":{"type":"array","items":{"$ref":"#/components/schemas/Tree"}},
        "parent":{"$ref":"#/components/schemas/Tree"},"next":{"$ref":"#/components/schemas/Leaf"},
        "by":{"type":"object","additionalProperties":{"$ref":"#/components/schemas/Tree"}}}},
        "Leaf":{"type":"object","properties":{"tree":{"$ref":"#/components/schemas/Tree"}}})");
    BOOST_TEST(m.cpp("tree", "kids") == "std::vector<tree>");
    BOOST_TEST(m.cpp("tree", "parent") == "std::optional<usher::box<tree>>");
    BOOST_TEST(m.cpp("tree", "next") == "std::optional<usher::box<leaf>>");
    BOOST_TEST(m.cpp("tree", "by") == "std::optional<std::map<std::string, usher::box<tree>, std::less<>>>");
    BOOST_TEST(m.cpp("leaf", "tree") == "std::optional<usher::box<tree>>");
    BOOST_TEST(m.named("leaf").home == m.named("tree").home);
}

BOOST_AUTO_TEST_CASE(an_any_of_that_only_lists_required_members_changes_no_type)
{
    const made m = of_schemas(
        R"("A":{"type":"object","properties":{"x":{"type":"string"},"y":{"type":"string"}},"anyOf":[{"required":["x"]},{"required":["y"]}]})");
    BOOST_TEST(m.named("a").members.size() == 2U);
    BOOST_TEST(m.named("a").any_of_required.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_member_with_the_name_of_its_type_keeps_it_in_answers_only)
{
    const std::string phone = R"("Phone":{"type":"object","properties":{"phone":{"type":"string"}}})";
    const made answer(get("/p", "getPhone", R"({"$ref":"#/components/schemas/Phone"})"), phone);
    BOOST_TEST(answer.named("phone").members.front().name == "phone");
    BOOST_TEST(!declares_constructor(answer.named("phone")));
    const made request(post("/p", "setPhone", R"({"type":"array","items":{"$ref":"#/components/schemas/Phone"}})"),
                       phone);
    BOOST_TEST(request.named("phone").members.front().name == "phone_");
    BOOST_TEST(declares_constructor(request.named("phone")));
}

BOOST_AUTO_TEST_CASE(points_in_time_are_what_the_words_say)
{
    const std::string words =
        R"({"epoch_ms":["at","A.id_at"],"epoch_s":["A.exp"],"rfc3339":["text"],"numbers":["A.count_at"]})";
    const made m(
        "",
        R"("A":{"type":"object","required":["at","exp","text","count_at","name","id_at"],"properties":{"at":{"type":"integer"},
        "exp":{"type":"number"},"text":{"type":"string"},"count_at":{"type":"integer"},"name":{"type":"string"},"id_at":{"type":"string"}}},
        "B":{"type":"object","required":["exp"],"properties":{"exp":{"type":"number"}}})",
        words);
    BOOST_TEST(m.cpp("a", "at") == "usher::unix_milliseconds");
    BOOST_TEST(m.cpp("a", "exp") == "usher::unix_seconds");
    BOOST_TEST(m.cpp("a", "text") == "usher::instant");
    BOOST_TEST(m.cpp("a", "count_at") == "std::int64_t");
    BOOST_TEST(m.cpp("a", "id_at") == "std::string");
    BOOST_TEST(m.cpp("b", "exp") == "double");
}

BOOST_AUTO_TEST_SUITE_END()
