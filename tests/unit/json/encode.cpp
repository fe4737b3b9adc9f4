#include "unit/json/samples.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <stdexcept>

namespace usher_tests {
namespace {

struct request {
    request() = default;
    field<std::string> name;
    std::optional<std::string> owed;
    std::optional<std::string> free;
    field<std::string> id;
    field<std::int64_t> limit;
    field<std::vector<std::string>> list;
};
constexpr member_info request_members[] = {
    USHER_MEMBER(request, name, member_nullable),
    USHER_MEMBER(request, owed, member_required | member_nullable),
    USHER_MEMBER(request, free, member_nullable),
    USHER_MEMBER(request, id, member_read_only),
    {"limit", offsetof(request, limit), &table<field<std::int64_t>>::value, nullptr, nullptr, place::query, 0},
    USHER_MEMBER(request, list, 0)};

struct bulk_request {
    bulk_request() = default;
    field<std::int64_t> limit;
    field<std::vector<std::string>> body;
};
constexpr member_info bulk_request_members[] = {
    {"limit", offsetof(bulk_request, limit), &table<field<std::int64_t>>::value, nullptr, nullptr, place::query, 0},
    USHER_MEMBER(bulk_request, body, member_whole_body)};

} // namespace

template <>
struct table<request> {
    static constexpr const type_info value = object_of<request>("request", request_members);
};
template <>
struct table<bulk_request> {
    static constexpr const type_info value = object_of<bulk_request>("bulk_request", bulk_request_members);
};

BOOST_AUTO_TEST_SUITE(the_encoder)

BOOST_AUTO_TEST_CASE(writes_every_kind)
{
    everything all;
    BOOST_TEST_REQUIRE(decode_text(everything_text, all) == "");
    const std::string text = encoded(all);
    BOOST_TEST((boost::json::parse(text) == boost::json::parse(everything_text)), text);
    // The order is the document's, whatever came in.
    BOOST_TEST(text.starts_with(R"({"flag":true,"small":-7,"large":9007199254740993,"real":0.1,"text":"a\"\\é😀\n",)"
                                R"("created_at":1716883200123,"expires_at":1716883200,)"
                                R"("updated_at":"2024-01-15T10:30:00.126079Z","born":"1815-12-10","shade":"green",)"),
               text);
}

BOOST_AUTO_TEST_CASE(leaves_out_what_is_absent)
{
    request empty;
    BOOST_TEST(encoded(empty) == R"({"owed":null})");
    request full;
    full.name = null;
    full.owed = "o";
    full.free = "f";
    full.id = "i";
    full.list = {};
    full.limit = 3;
    BOOST_TEST(encoded(full) == R"({"name":null,"owed":"o","free":"f","id":"i","limit":3,"list":[]})");
}

BOOST_AUTO_TEST_CASE(escapes_what_has_to_be_and_nothing_else)
{
    std::string all;
    for (int c = 0; c != 0x80; ++c)
        all += static_cast<char>(c);
    const std::string text = encoded(all);
    BOOST_TEST(
        text.starts_with("\"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e"));
    BOOST_TEST(text.find("\\u001f !\\\"#$") != std::string::npos);
    BOOST_TEST(text.find("./0") != std::string::npos);
    BOOST_TEST(text.ends_with("[\\\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\x7f\""));
    BOOST_TEST((boost::json::parse(text) == boost::json::value(all)));
    // At each place of a long text, whatever stands around.
    for (const char c : {'"', '\\', '\n', '\x1f', ' ', '!', '#', '[', ']', '\x7f'})
        for (std::size_t at = 0; at != 20; ++at) {
            std::string around(20, at % 2 == 0 ? 'a' : '\xff');
            around[at] = c;
            std::string expected = "\"" + around.substr(0, at);
            expected += c == '"'      ? "\\\""
                        : c == '\\'   ? "\\\\"
                        : c == '\n'   ? "\\n"
                        : c == '\x1f' ? "\\u001f"
                                      : std::string(1, c);
            expected += around.substr(at + 1) + "\"";
            BOOST_TEST(encoded(around) == expected, at);
        }
    BOOST_TEST(encoded(std::string("Grüße, 世界 😀")) == "\"Grüße, 世界 😀\"");
}

BOOST_AUTO_TEST_CASE(writes_an_integer_as_text_where_the_document_says_so)
{
    static constexpr type_info type = plain<std::int64_t>(kind::int64_text, "int64_text");
    const std::int64_t value = INT64_MIN;
    std::string text;
    encode(type, &value, text);
    BOOST_TEST(text == R"("-9223372036854775808")");
    for (const std::string_view form : {R"("-12")", "-12", "-12.0"}) {
        decoder reader;
        std::int64_t read = 0;
        reader.start(type, &read, decode_limits());
        BOOST_TEST_REQUIRE((reader.write(form) && reader.finish()));
        BOOST_TEST(read == -12);
    }
}

BOOST_AUTO_TEST_CASE(writes_numbers_in_the_shortest_form)
{
    BOOST_TEST(encoded(1.0) == "1");
    BOOST_TEST(encoded(0.1) == "0.1");
    BOOST_TEST(encoded(1e100) == "1e+100");
    BOOST_TEST(encoded(-0.0) == "-0");
    // In free-form JSON a double stays a double.
    BOOST_TEST(encoded(boost::json::value(1.0)) == "1.0");
    BOOST_TEST(encoded(boost::json::value(1)) == "1");
}

BOOST_AUTO_TEST_CASE(writes_the_alternative_that_a_union_holds)
{
    proof value = ticket();
    std::get<ticket>(value).object = "ticket";
    BOOST_TEST(encoded(value) == R"({"object":"ticket","code":""})");
    value = unknown_json(boost::json::parse(R"({"object":"new","n":[1,{"a":null}]})"));
    BOOST_TEST(encoded(value) == R"({"object":"new","n":[1,{"a":null}]})");
}

BOOST_AUTO_TEST_CASE(appends_to_what_is_there)
{
    std::string text = "before ";
    const point where;
    encode(table<point>::value, &where, text);
    BOOST_TEST(text == R"(before {"x":0,"y":0})");
}

BOOST_AUTO_TEST_CASE(bounds_the_depth_of_what_it_writes)
{
    const auto deep = [](std::size_t levels) {
        boost::json::value tree = 1;
        for (std::size_t i = 0; i != levels; ++i)
            tree = boost::json::array(1, tree);
        return tree;
    };
    BOOST_TEST(encoded(deep(deepest_encoding)).size() == 2 * deepest_encoding + 1);
    BOOST_CHECK_THROW(encoded(deep(deepest_encoding + 1)), std::length_error);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(the_members_of_a_request)

BOOST_AUTO_TEST_CASE(are_those_of_the_body_alone)
{
    request asked;
    asked.name = "n";
    asked.limit = 3;
    asked.id = "never sent";
    std::string text;
    BOOST_TEST(encode_members(table<request>::value, &asked, place::body, text));
    BOOST_TEST(text == R"({"name":"n","owed":null})");
    text.clear();
    BOOST_TEST(encode_members(table<request>::value, &asked, place::query, text));
    BOOST_TEST(text == R"({"limit":3})");
}

BOOST_AUTO_TEST_CASE(may_be_none)
{
    std::string text;
    const bulk_request asked;
    BOOST_TEST(!encode_members(table<bulk_request>::value, &asked, place::body, text));
    BOOST_TEST(text == "{}");
}

BOOST_AUTO_TEST_CASE(may_be_one_that_is_the_whole_body)
{
    bulk_request asked;
    asked.limit = 7;
    asked.body = {"a", "b"};
    std::string text;
    BOOST_TEST(encode_members(table<bulk_request>::value, &asked, place::body, text));
    BOOST_TEST(text == R"(["a","b"])");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace usher_tests
