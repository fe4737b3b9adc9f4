#include <usher/field.hpp>
#include <usher/unknown.hpp>

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <string>
#include <variant>
#include <vector>

namespace {

using usher::field;
using usher::null;

struct node {
    node() = default;
    field<std::string> name;
    field<std::vector<node>> children;
    field<usher::box<std::map<std::string, int>>> more;
};

template <class Target, class Source>
concept assignable = requires(Target& target, Source source)
{
    target = source;
};

struct throws_on_copy {
    throws_on_copy() = default;
    throws_on_copy(const throws_on_copy&) { throw 1; }
    throws_on_copy(throws_on_copy&&) = default;
    throws_on_copy& operator=(const throws_on_copy&) = delete;
};

} // namespace

BOOST_AUTO_TEST_SUITE(a_field)

BOOST_AUTO_TEST_CASE(is_absent_null_or_a_value)
{
    field<std::string> text;
    BOOST_TEST(text.is_absent());
    BOOST_TEST(!text.is_null());
    BOOST_TEST(!text.has_value());
    text = null;
    BOOST_TEST(!text.is_absent());
    BOOST_TEST(text.is_null());
    BOOST_TEST(!text);
    text = "ada";
    BOOST_TEST(!text.is_absent());
    BOOST_TEST(!text.is_null());
    BOOST_TEST(*text == "ada");
    text.reset();
    BOOST_TEST(text.is_absent());
}

BOOST_AUTO_TEST_CASE(leaves_null_for_a_value_in_every_way_of_giving_one)
{
    field<std::vector<std::string>> list = null;
    list = {"a", "b"};
    BOOST_TEST(!list.is_null());
    BOOST_TEST(list->size() == 2U);
    list = null;
    list.emplace(3U, "x");
    BOOST_TEST(!list.is_null());
    BOOST_TEST(list->size() == 3U);
    list = null;
    list = std::vector<std::string>{"c"};
    BOOST_TEST(!list.is_null());
    BOOST_TEST(list->front() == "c");
    list = null;
    BOOST_TEST(list.is_null());
    BOOST_TEST(!list.has_value());
}

BOOST_AUTO_TEST_CASE(takes_a_list_in_braces)
{
    field<std::vector<std::string>> made{"a", "b"};
    BOOST_TEST(made->size() == 2U);
    field<std::vector<std::string>> copied{made};
    BOOST_TEST(copied->size() == 2U);
    field<std::map<std::string, int>> map;
    map = {{"a", 1}, {"b", 2}};
    BOOST_TEST(map->at("b") == 2);
}

BOOST_AUTO_TEST_CASE(takes_free_form_json_in_braces)
{
    field<boost::json::object> object;
    object = {{"plan", "pro"}, {"seats", 3}};
    BOOST_TEST(object->at("plan").as_string() == "pro");
    BOOST_TEST(object->at("seats").as_int64() == 3);
}

BOOST_AUTO_TEST_CASE(becomes_absent_from_empty_braces_unless_it_is_a_list)
{
    field<std::string> text = "x";
    text = {};
    BOOST_TEST(text.is_absent());
    field<int> number = 3;
    number = {};
    BOOST_TEST(number.is_absent());
    field<bool> flag = true;
    flag = {};
    BOOST_TEST(flag.is_absent());
    field<std::vector<int>> list;
    list = {};
    BOOST_TEST(list.has_value());
    BOOST_TEST(list->empty());
}

BOOST_AUTO_TEST_CASE(of_a_bool_takes_no_text_and_no_number)
{
    static_assert(assignable<field<bool>, bool>);
    static_assert(!assignable<field<bool>, const char*>);
    static_assert(!assignable<field<bool>, int>);
    static_assert(!assignable<field<bool>, std::string>);
    static_assert(assignable<field<std::string>, const char*>);
    static_assert(!assignable<field<std::string>, int*>);
    field<bool> flag;
    flag = false;
    BOOST_TEST(flag.has_value());
    BOOST_TEST(*flag == false);
}

BOOST_AUTO_TEST_CASE(of_a_number_keeps_zero_apart_from_absent)
{
    field<std::int64_t> number;
    number = 0;
    BOOST_TEST(number.has_value());
    number = 7;
    BOOST_TEST(*number == 7);
    field<double> real = 1;
    BOOST_TEST(*real == 1.0);
}

BOOST_AUTO_TEST_CASE(of_a_variant_takes_each_alternative)
{
    field<std::variant<int, std::string>> either;
    either = 3;
    BOOST_TEST(std::get<int>(*either) == 3);
    either = std::string("x");
    BOOST_TEST(std::get<std::string>(*either) == "x");
    either = null;
    BOOST_TEST(either.is_null());
}

BOOST_AUTO_TEST_CASE(compares_state_and_value)
{
    field<std::string> a;
    field<std::string> b;
    BOOST_TEST((a == b));
    b = null;
    BOOST_TEST((a != b));
    BOOST_TEST((b == null));
    a = "x";
    BOOST_TEST((a == "x"));
    BOOST_TEST((a != null));
    BOOST_TEST((a != "y"));
}

BOOST_AUTO_TEST_CASE(without_a_value_throws_when_asked_for_it)
{
    field<std::string> text;
    BOOST_CHECK_THROW((void)text.value(), std::bad_optional_access);
    text = null;
    BOOST_CHECK_THROW((void)text.value(), std::bad_optional_access);
    BOOST_TEST(text.value_or("other") == "other");
    text = "own";
    BOOST_TEST(text.value_or("other") == "own");
    const std::string moved = std::move(text).value();
    BOOST_TEST(moved == "own");
}

BOOST_AUTO_TEST_CASE(is_copied_and_moved_with_its_state)
{
    field<std::string> text = null;
    field<std::string> copy = text;
    BOOST_TEST(copy.is_null());
    text = std::string(100, 'x');
    copy = text;
    BOOST_TEST(copy->size() == 100U);
    field<std::string> moved = std::move(text);
    BOOST_TEST(moved->size() == 100U);
    copy = std::move(moved);
    BOOST_TEST(copy->size() == 100U);
}

BOOST_AUTO_TEST_CASE(holds_no_value_when_making_one_threw)
{
    field<throws_on_copy> value = null;
    const throws_on_copy source;
    BOOST_CHECK_THROW(value.emplace(source), int);
    BOOST_TEST(!value.has_value());
}

BOOST_AUTO_TEST_CASE(may_hold_the_type_it_is_a_member_of)
{
    node root;
    root.name = "root";
    root.children.emplace().emplace_back().name = "leaf";
    const node copy = root;
    BOOST_TEST(*copy.children->front().name == "leaf");
}

BOOST_AUTO_TEST_SUITE_END()
