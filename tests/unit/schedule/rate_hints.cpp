#include "schedule/rate_hints.hpp"
#include "schedule/structured_field.hpp"

#include <boost/test/unit_test.hpp>

#include <ostream>
#include <random>
#include <string>

using namespace std::chrono_literals;
using usher::schedule::bare_item;
using usher::schedule::field_cursor;
using usher::schedule::parse_rate_hint;
using usher::schedule::rate_headers;
using usher::schedule::rate_hint;

namespace {

// 2023-11-14T22:13:20Z
constexpr std::chrono::system_clock::time_point now{1'700'000'000s};
constexpr auto ten_years = 10 * 366 * 24h;

std::optional<rate_hint> parse(std::string_view policy, std::string_view limit, std::string_view triple_limit = {},
                               std::string_view triple_remaining = {}, std::string_view triple_reset = {})
{
    rate_headers headers;
    headers.policy = policy;
    headers.limit = limit;
    headers.triple_limit = triple_limit;
    headers.triple_remaining = triple_remaining;
    headers.triple_reset = triple_reset;
    return parse_rate_hint(headers, now);
}

/// "quota/window remaining in reset", `-` for what is not known.
std::string text(const std::optional<rate_hint>& hint)
{
    if (!hint)
        return "nothing";
    const auto one = [](const auto& value) { return value ? std::to_string(*value) : "-"; };
    std::string window = hint->window ? std::to_string(hint->window->count()) + "s" : "-";
    std::string reset = hint->reset ? std::to_string(hint->reset->count()) + "ms" : "-";
    return one(hint->quota) + "/" + window + " " + one(hint->remaining) + " in " + reset;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rate_hints_)

BOOST_AUTO_TEST_CASE(policies_and_limits_are_read_as_the_draft_has_them)
{
    struct {
        std::string_view policy, limit, hint;
    } const rows[] = {
        {R"("default";q=100;w=10)", R"("default";r=50;t=30)", "100/10s 50 in 30000ms"},
        {R"("default";q=100;w=10)", "", "100/10s - in -"},
        {"", R"("default";r=50;t=30)", "-/- 50 in 30000ms"},
        {R"("default";q=100)", R"(default;r=0)", "100/- 0 in -"},
        {R"(  "a b";  q=100; w=10;pk=:Zm9v:;new=?1;more="x;\"q=5";flag;other=1.5;at=@17;ds=%"f%c3%bc"  )",
         R"(peruser/x:y;r=1;t=2;pk=:cHsdsRa894==:)", "100/10s 1 in 2000ms"},
        {R"("p";q=5;q=7;w=1)", R"("p";r=5;r=6)", "7/1s 6 in -"},
        {R"("p";q=999999999999999;w=999999999999999)", R"("p";r=999999999999999;t=999999999999999)",
         "4294967295/316224000s 4294967295 in 316224000000ms"},
        {R"("p";q=100;w=0)", R"("p";r=0;t=0)", "100/- 0 in 0ms"},
        // As drafts before had them.
        {"100;w=60", "limit=100, remaining=50, reset=30", "100/60s 50 in 30000ms"},
        {"", "limit=100, remaining=50, reset=30", "100/- 50 in 30000ms"},
        {"", "limit=100,\tremaining=50;comment=\"x, y\" ,reset=30, more=?0, flag", "100/- 50 in 30000ms"},
        {"", "remaining=2", "-/- 2 in -"},
        {"", "limit=7, reset=3", "7/- - in -"},
        {R"("p";q=20;w=10)", "limit=100, remaining=50, reset=30", "20/10s 50 in 30000ms"},
    };
    for (const auto& row : rows)
        BOOST_TEST(text(parse(row.policy, row.limit)) == row.hint, row.policy << " | " << row.limit);
}

BOOST_AUTO_TEST_CASE(of_several_limits_the_tightest_counts)
{
    struct {
        std::string_view policy, limit, hint;
    } const rows[] = {
        {R"("burst";q=100;w=10, "day";q=5000;w=86400)", "", "5000/86400s - in -"},
        {R"("day";q=5000;w=86400,"burst";q=100;w=10)", "", "5000/86400s - in -"},
        {R"("a";q=100;w=10 , "b";q=20;w=1)", "", "100/10s - in -"},
        {R"("a";q=1, "b";q=20;w=1)", "", "20/1s - in -"},
        {R"("a";q=8, "b";q=7, "c";q=9)", "", "7/- - in -"},
        {R"("bytes";q=1;w=10;qu="content-bytes", "p";q=50;w=10;qu="requests")", "", "50/10s - in -"},
        {R"("bytes";q=1;w=10;qu="content-bytes")", "", "nothing"},
        {"10;w=1, 50;w=60, 1000;w=3600", "", "1000/3600s - in -"},
        {"", R"("a";r=50;t=10, "b";r=40;t=1)", "-/- 50 in 10000ms"},
        {"", R"("a";r=50;t=10, "b";r=0;t=1, "c";r=0;t=7, "d";r=0)", "-/- 0 in 7000ms"},
        {"", R"("a";r=0;t=1, "b";r=1;t=1000)", "-/- 0 in 1000ms"},
        {"", R"("a";r=5, "b";r=4;t=1)", "-/- 4 in 1000ms"},
    };
    for (const auto& row : rows)
        BOOST_TEST(text(parse(row.policy, row.limit)) == row.hint, row.policy << " | " << row.limit);
}

BOOST_AUTO_TEST_CASE(a_malformed_field_is_ignored_as_a_whole)
{
    for (const std::string_view policy : {
             R"("p";q=100;w=10,)",
             R"("p";q=100;w=10, )",
             R"(, "p";q=100;w=10)",
             R"("p";q=100;w=10,,"r";q=1)",
             R"("p";q=100;w=10 "r";q=1)",
             R"("p";q=-1;w=10)",
             R"("p";q=100;w=-10)",
             R"("p";q=1.5;w=10)",
             R"("p";q="100";w=10)",
             R"("p";q;w=10)",
             R"("p";w=10)",
             R"("p";q=1000000000000000;w=10)",
             R"("p";q=1e3;w=10)",
             R"("p";q=0x10;w=10)",
             R"("p";q =100;w=10)",
             R"("p";q= 100;w=10)",
             R"("p";q=100;W=10)",
             R"("p";q=100;w=10;)",
             R"("p";q=100;;w=10)",
             R"("p";q=100;qu=5)",
             R"("p";q=100;pk=:Zm9v)",
             R"("p";q=100;x=?2)",
             R"("p";q=100;x=@1.5)",
             R"("p";q=100;x=%f)",
             R"("p";q=100;x=1234567890123.5)",
             R"("p";q=100;x=1.)",
             R"("p";q=100;x=1.2345)",
             R"("p;q=100;w=10)",
             R"("p\x";q=100;w=10)",
             R"("p\)",
             "\"p\x7f\";q=100",
             "\"p\n\";q=100",
             R"('p';q=100;w=10)",
             R"(("p" "r");q=100;w=10)",
             R"(?1;q=100;w=10)",
             R"(1.5;w=10)",
             R"(-5;w=10)",
             "\xc3\xbc;q=100",
             "=",
             ";",
             "\"",
             "-",
             ":",
             "?",
             "@",
             "%",
             "%\"",
             " ",
             "\t",
         })
        BOOST_TEST(text(parse(policy, R"("p";r=50;t=30)")) == "-/- 50 in 30000ms", policy);
    for (const std::string_view limit :
         {R"("p";t=30)", R"("p";r=-1;t=30)", R"("p";r=50;t=30,)", R"("p";r=50;t="30")", R"("p";r=50;t=1.5)",
          R"(5;r=50;t=30)", R"("p" r=50)", "limit=100, remaining=-1, reset=30", "limit=100, remaining=x",
          "limit=100, remaining=50, reset", "limit=100, remaining=50,", "limit=100 remaining=50", "Limit=100",
          "limit=100; remaining=50; reset=(30)", "limit==100", "="})
        BOOST_TEST(text(parse(R"("p";q=9;w=1)", limit)) == "9/1s - in -", limit);
}

BOOST_AUTO_TEST_CASE(triples_are_read_where_there_is_nothing_newer)
{
    struct {
        std::string_view limit, remaining, reset, hint;
    } const rows[] = {
        {"100", "50", "30", "100/- 50 in 30000ms"},
        {" 100 ", "50", "", "100/- 50 in -"},
        {"100, 100;w=60", "50", "", "100/60s 50 in -"},
        {"100, 10;w=1, 100;w=60", "", "", "100/60s - in -"},
        {"100, 10;w=1", "", "", "100/- - in -"},
        {"100;w=60", "", "", "100/60s - in -"},
        {"100, x=", "1", "", "-/- 1 in -"},
        {"unlimited", "1", "soon", "-/- 1 in -"},
        {"-1", "-1", "-1", "nothing"},
        {"100.5", "5 0", "1 2", "nothing"},
        {"", "", "99999999", "-/- - in 99999999000ms"},
        {"", "", "100000000", "-/- - in 0ms"},
        {"", "", "0", "-/- - in 0ms"},
        {"", "", "1.000", "-/- - in 1000ms"},
        {"", "", "1.001", "-/- - in 2000ms"},
        {"", "", "1.", "nothing"},
        {"", "", ".5", "nothing"},
        {"", "", "1.-5", "nothing"},
        {"", "", "1700000030", "-/- - in 30000ms"},
        {"", "", "1700000029.25", "-/- - in 30000ms"},
        {"", "", "1700000030500", "-/- - in 30500ms"},
        {"", "", "1699999999", "-/- - in 0ms"},
        {"", "", "1699999999999", "-/- - in 0ms"},
        {"", "", "99999999999", "-/- - in 316224000000ms"},
        {"", "", "999999999999999", "-/- - in 316224000000ms"},
        {"", "", "1000000000000000", "nothing"},
        {"999999999999999", "999999999999999", "", "4294967295/- 4294967295 in -"},
    };
    for (const auto& row : rows)
        BOOST_TEST(text(parse("", "", row.limit, row.remaining, row.reset)) == row.hint,
                   row.limit << " | " << row.remaining << " | " << row.reset);

    BOOST_TEST(text(parse(R"("p";q=9;w=1)", R"("p";r=8)", "100", "50", "30")) == "9/1s 8 in -");
    BOOST_TEST(text(parse(R"("p";q=9;w=1)", "malformed=", "100", "50", "30")) == "9/1s 50 in 30000ms");
    BOOST_TEST(text(parse("malformed=", "remaining=8", "100", "50", "30")) == "100/- 8 in -");
}

BOOST_AUTO_TEST_CASE(an_answer_that_tells_nothing_gives_no_hint)
{
    BOOST_TEST(!parse("", "").has_value());
    BOOST_TEST(!parse("  ", "  ", " ", " ", " ").has_value());
}

BOOST_AUTO_TEST_CASE(whatever_comes_is_read_within_its_bounds)
{
    std::mt19937_64 random(5);
    const std::string_view pieces[] = {"\"p\"",           ";q=", ";w=", ";r=",    ";t=", "100",
                                       "999999999999999", ",",   " ",   "limit=", "\\",  "\"",
                                       "reset=",          ":",   "?1",  "-",      ".",   "remaining="};
    std::size_t hints = 0;
    for (int i = 0; i != 200'000; ++i) {
        std::string fields[5];
        for (auto& field : fields)
            for (auto n = random() % 9; n != 0; --n) {
                if (random() % 40 == 0)
                    field += static_cast<char>(random());
                else
                    field += pieces[random() % std::size(pieces)];
            }
        const auto hint = parse(fields[0], fields[1], fields[2], fields[3], fields[4]);
        if (!hint)
            continue;
        ++hints;
        BOOST_REQUIRE((*hint != rate_hint()));
        if (hint->window)
            BOOST_REQUIRE((*hint->window > 0s && *hint->window <= ten_years));
        if (hint->reset)
            BOOST_REQUIRE((*hint->reset >= 0ms && *hint->reset <= ten_years));
    }
    BOOST_TEST(hints > 1000U);
}

BOOST_AUTO_TEST_SUITE_END()
