#include "json/query.hpp"
#include "unit/json/samples.hpp"

#include <boost/test/unit_test.hpp>

namespace usher_tests {
namespace {

struct asked {
    asked() = default;
    field<std::string> text;
    field<std::int64_t> limit;
    field<bool> paginated;
    field<double> share;
    field<open_enum<color>> shade;
    field<instant> after;
    field<unix_milliseconds> since;
    field<date> day;
    field<std::vector<std::string>> each;
    field<std::vector<open_enum<color>>> joined;
    std::optional<std::string> plain;
    field<std::string> if_match;
    field<std::string> body;
};

constexpr std::uint8_t none = 0;
#define USHER_ASKED(name, member, where, flags)                                                                        \
    member_info                                                                                                        \
    {                                                                                                                  \
        name, offsetof(asked, member), &table<decltype(asked::member)>::value, nullptr, nullptr, place::where, flags   \
    }
const member_info asked_members[] = {USHER_ASKED("text", text, query, none),
                                     USHER_ASKED("limit", limit, query, none),
                                     USHER_ASKED("paginated", paginated, query, none),
                                     USHER_ASKED("share", share, query, none),
                                     USHER_ASKED("shade", shade, query, none),
                                     USHER_ASKED("after", after, query, none),
                                     USHER_ASKED("since", since, query, none),
                                     USHER_ASKED("day", day, query, none),
                                     USHER_ASKED("each[]", each, query, member_exploded),
                                     USHER_ASKED("joined", joined, query, none),
                                     USHER_ASKED("plain", plain, query, none),
                                     USHER_ASKED("If-Match", if_match, header, none),
                                     USHER_ASKED("body", body, body, none)};
const type_info asked_type = object_of<asked>("asked", asked_members);

std::string target_of(const asked& params, std::string target = "/v1/users")
{
    encode_query(asked_type, &params, target);
    return target;
}

std::string percent_encoded(std::string_view text)
{
    std::string out;
    percent_encode(text, out);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(the_query)

BOOST_AUTO_TEST_CASE(is_left_out_when_no_member_is_present)
{
    asked params;
    params.if_match = "x";
    params.body = "y";
    params.text = null;
    BOOST_TEST(target_of(params) == "/v1/users");
}

BOOST_AUTO_TEST_CASE(holds_each_kind_in_its_form_on_the_wire)
{
    asked params;
    params.text = "a b";
    params.limit = 10;
    params.paginated = false;
    params.share = 0.5;
    params.shade = color::green;
    params.after = *parse_rfc3339("2024-01-15T10:30:00.5+01:00");
    params.since = unix_milliseconds(std::chrono::milliseconds(1716883200123));
    params.day = *parse_date("2024-02-29");
    params.plain = "";
    BOOST_TEST(target_of(params) == "/v1/users?text=a%20b&limit=10&paginated=false&share=0.5&shade=green"
                                    "&after=2024-01-15T09%3A30%3A00.500Z&since=1716883200123&day=2024-02-29&plain=");
}

BOOST_AUTO_TEST_CASE(repeats_or_joins_arrays)
{
    asked params;
    params.each = {"a,b", "c&d", ""};
    params.joined = {open_enum<color>(color::red), open_enum<color>("x,y")};
    BOOST_TEST(target_of(params) == "/v1/users?each%5B%5D=a%2Cb&each%5B%5D=c%26d&each%5B%5D=&joined=red,x%2Cy");
    params.each = {};
    params.joined = {};
    BOOST_TEST(target_of(params) == "/v1/users");
}

BOOST_AUTO_TEST_CASE(goes_on_where_the_target_has_one)
{
    asked params;
    params.limit = 1;
    BOOST_TEST(target_of(params, "/v1/users?a=b") == "/v1/users?a=b&limit=1");
}

BOOST_AUTO_TEST_CASE(encodes_all_but_the_unreserved_characters)
{
    BOOST_TEST(percent_encoded("AZaz09-._~") == "AZaz09-._~");
    BOOST_TEST(percent_encoded("!*'();:@&=+$,/?%#[] \"<>\\^`{|}") ==
               "%21%2A%27%28%29%3B%3A%40%26%3D%2B%24%2C%2F%3F%25%23%5B%5D%20%22%3C%3E%5C%5E%60%7B%7C%7D");
    BOOST_TEST(percent_encoded(std::string_view("\0\r\n\x7f", 4)) == "%00%0D%0A%7F");
    BOOST_TEST(percent_encoded("é😀") == "%C3%A9%F0%9F%98%80");
}

BOOST_AUTO_TEST_CASE(leaves_header_members_to_the_header)
{
    asked params;
    params.limit = 1;
    params.if_match = "\"v1\"";
    std::string seen;
    const auto note = [&seen](std::string_view name, std::string_view text) {
        seen.append(name).append("=").append(text).append(";");
    };
    encode_header_members(asked_type, &params, note);
    BOOST_TEST(seen == "If-Match=\"v1\";");
    params.if_match.reset();
    seen.clear();
    encode_header_members(asked_type, &params, note);
    BOOST_TEST(seen == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace usher_tests
