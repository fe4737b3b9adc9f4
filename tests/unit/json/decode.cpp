#include "unit/json/samples.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <cmath>

namespace usher_tests {

BOOST_AUTO_TEST_SUITE(the_decoder)

BOOST_AUTO_TEST_CASE(reads_every_kind)
{
    everything all;
    BOOST_TEST(decode_text(everything_text, all) == "");
    BOOST_TEST(all.flag);
    BOOST_TEST(all.small == -7);
    BOOST_TEST(all.large == 9007199254740993);
    BOOST_TEST(all.real == 0.1);
    BOOST_TEST(all.text == "a\"\\\xc3\xa9\xf0\x9f\x98\x80\n");
    BOOST_TEST(all.created_at.time_since_epoch().count() == 1716883200123);
    BOOST_TEST(all.expires_at.time_since_epoch().count() == 1716883200);
    BOOST_TEST(format_rfc3339(all.updated_at) == "2024-01-15T10:30:00.126079Z");
    BOOST_TEST(format_date(all.born) == "1815-12-10");
    BOOST_TEST((all.shade == color::green));
    BOOST_TEST(all.place.y == 2);
    BOOST_TEST_REQUIRE(all.path.size() == 2U);
    BOOST_TEST(all.path[1].x == 5);
    BOOST_TEST(all.names.size() == 3U);
    BOOST_TEST_REQUIRE(all.gaps.size() == 3U);
    BOOST_TEST(!all.gaps[1].has_value());
    BOOST_TEST_REQUIRE(all.rows.size() == 3U);
    BOOST_TEST(all.rows[2][1] == 3);
    BOOST_TEST(all.marks.at("a/b~").y == 8);
    BOOST_TEST((all.any == boost::json::parse(R"([1,2.5,"x",null,{"k":[true]}])")));
    BOOST_TEST((all.meta == boost::json::parse(R"({"plan":"pro","n":{"d":18446744073709551615}})")));
    BOOST_TEST(*all.nick == "ada");
    BOOST_TEST(all.spot->y == 10);
    BOOST_TEST(all.tags->front() == "t");
    BOOST_TEST(*all.patch == "p");
    BOOST_TEST(all.boxed->y == 12);
}

BOOST_AUTO_TEST_CASE(skips_members_that_no_table_knows)
{
    point where;
    BOOST_TEST(decode_text(R"({"a":1,"x":3,"b":{"x":7,"c":[{"x":8},"s",1.5,1e999,null,true]},"y":4,"d":[[[]]],)"
                           R"("e":"\u0041\n","f":null,"g":false,"h":18446744073709551615})",
                           where) == "");
    BOOST_TEST((where.x == 3 && where.y == 4));
}

BOOST_AUTO_TEST_CASE(leaves_missing_members_as_they_are)
{
    everything all;
    BOOST_TEST(decode_text("{}", all) == "");
    BOOST_TEST((all == everything()));
}

BOOST_AUTO_TEST_CASE(reads_null_as_absence)
{
    everything all;
    all.nick = "before";
    BOOST_TEST(decode_text(R"({"flag":null,"small":null,"text":null,"place":null,"path":null,"marks":null,"any":null,)"
                           R"("meta":null,"nick":null,"patch":null,"boxed":null,"shade":null,"updated_at":null})",
                           all) == "");
    everything expected;
    expected.patch = null;
    BOOST_TEST((all == expected));
}

BOOST_AUTO_TEST_CASE(keeps_the_place_of_a_null_in_an_array_of_plain_values)
{
    std::vector<std::string> texts;
    BOOST_TEST(decode_text(R"(["a",null,"c"])", texts) == "");
    BOOST_TEST(texts.size() == 3U);
    BOOST_TEST(texts.at(1) == "");
}

BOOST_AUTO_TEST_CASE(finds_members_in_any_order)
{
    point where;
    BOOST_TEST(decode_text(R"({"y":4,"x":3})", where) == "");
    BOOST_TEST((where.x == 3 && where.y == 4));
}

BOOST_AUTO_TEST_CASE(lets_the_last_of_equal_names_win)
{
    everything all;
    BOOST_TEST(decode_text(R"({"path":[{"x":1},{"x":2}],"place":{"x":1,"y":1},"nick":"a","spot":{"x":1,"y":1},)"
                           R"("marks":{"k":{"x":1,"y":1},"k":{"y":2}},"text":"long","meta":{"a":1},"names":["a","b"],)"
                           R"("path":[{"x":3}],"place":{"y":2},"nick":null,"spot":{"y":2},"text":null,"meta":{"b":2},)"
                           R"("names":["c"]})",
                           all) == "");
    BOOST_TEST_REQUIRE(all.path.size() == 1U);
    BOOST_TEST(all.path[0].x == 3);
    BOOST_TEST((all.place.x == 0 && all.place.y == 2));
    BOOST_TEST(!all.nick.has_value());
    BOOST_TEST((all.spot->x == 0 && all.spot->y == 2));
    BOOST_TEST((all.marks.at("k").x == 0 && all.marks.at("k").y == 2));
    BOOST_TEST(all.text == "");
    BOOST_TEST((all.meta == boost::json::object{{"b", 2}}));
    BOOST_TEST(all.names.size() == 1U);
}

BOOST_AUTO_TEST_CASE(replaces_what_an_array_or_a_map_held)
{
    std::vector<point> path(3);
    BOOST_TEST(decode_text(R"([{"x":1}])", path) == "");
    BOOST_TEST(path.size() == 1U);
    std::map<std::string, point, std::less<>> marks{{"before", point()}};
    BOOST_TEST(decode_text(R"({"after":{}})", marks) == "");
    BOOST_TEST(marks.size() == 1U);
    BOOST_TEST(marks.count("after") == 1U);
}

BOOST_AUTO_TEST_CASE(keeps_the_text_of_an_enumeration_that_is_newer)
{
    open_enum<color> shade;
    BOOST_TEST(decode_text(R"("ultraviolet")", shade) == "");
    BOOST_TEST(!shade.is_known());
    BOOST_TEST(shade.text() == "ultraviolet");
    BOOST_TEST(encoded(shade) == R"("ultraviolet")");
    BOOST_TEST(decode_text(R"("red")", shade) == "");
    BOOST_TEST((shade == open_enum<color>(color::red)));
}

BOOST_AUTO_TEST_CASE(reads_types_that_hold_themselves)
{
    branch root;
    BOOST_TEST(decode_text(R"({"name":"a","left":{"name":"b","left":{"name":"c"}},"more":[{"name":"d","more":[{}]}]})",
                           root) == "");
    BOOST_TEST((*(*root.left)->left)->name == "c");
    BOOST_TEST(root.more.at(0).more.size() == 1U);
}

BOOST_AUTO_TEST_CASE(reads_an_upload_as_the_path_of_a_file)
{
    upload file;
    BOOST_TEST(decode_text(R"("@/tmp/logo.png")", file) == "");
    BOOST_TEST(file.is_file());
    BOOST_TEST(file.source() == "/tmp/logo.png");
    BOOST_TEST(file.file_name() == "logo.png");
    BOOST_TEST(failure_of<upload>(R"("logo.png")") ==
               "the document: expected the path of a file as \"@path\", found a string without a path after @");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_wrong_type)

BOOST_AUTO_TEST_CASE(is_named_with_pointer_expected_and_found)
{
    const auto fails = [](std::string_view text) { return failure_of<everything>(text); };
    BOOST_TEST(fails(R"({"text":1})") == "/text: expected a string, found an integer");
    BOOST_TEST(fails(R"({"text":true})") == "/text: expected a string, found true");
    BOOST_TEST(fails(R"({"text":{}})") == "/text: expected a string, found an object");
    BOOST_TEST(fails(R"({"text":[]})") == "/text: expected a string, found an array");
    BOOST_TEST(fails(R"({"nick":1.5})") == "/nick: expected a string, found a number");
    BOOST_TEST(fails(R"({"flag":"true"})") == "/flag: expected true or false, found a string");
    BOOST_TEST(fails(R"({"flag":0})") == "/flag: expected true or false, found an integer");
    BOOST_TEST(fails(R"({"place":[]})") == "/place: expected an object, found an array");
    BOOST_TEST(fails(R"({"path":{}})") == "/path: expected an array, found an object");
    BOOST_TEST(fails(R"({"path":[{"x":1},{"y":"z"}]})") ==
               "/path/1/y: expected an integer of 64 bits, found a string that is no integer");
    BOOST_TEST(fails(R"({"names":["a","b",3]})") == "/names/2: expected a string, found an integer");
    BOOST_TEST(fails(R"({"rows":[[],[1,{}]]})") == "/rows/1/1: expected an integer of 64 bits, found an object");
    BOOST_TEST(fails(R"({"marks":{"ok":{},"a/b~c":{"x":false}}})") ==
               "/marks/a~1b~0c/x: expected an integer of 64 bits, found false");
    BOOST_TEST(fails(R"({"meta":[]})") == "/meta: expected an object, found an array");
    BOOST_TEST(fails(R"({"meta":"x"})") == "/meta: expected an object, found a string");
    BOOST_TEST(fails(R"({"updated_at":"yesterday"})") ==
               "/updated_at: expected a time as of RFC 3339, found a string that is no such time");
    BOOST_TEST(fails(R"({"born":"2023-02-29"})") ==
               "/born: expected a date (YYYY-MM-DD), found a string that is no such day");
    BOOST_TEST(fails("[]") == "the document: expected an object, found an array");
}

BOOST_AUTO_TEST_CASE(is_found_behind_values_that_were_kept_or_skipped)
{
    BOOST_TEST(failure_of<everything>(R"({"any":{"a":[1]},"meta":{"k":1},"zzz":[1],"boxed":{"y":[]}})") ==
               "/boxed/y: expected an integer of 64 bits, found an array");
}

BOOST_AUTO_TEST_CASE(is_reported_with_its_offset)
{
    decoder reader;
    point where;
    reader.start(table<point>::value, &where, decode_limits());
    BOOST_TEST(reader.write(R"({"x":1,)"));
    BOOST_TEST(!reader.write(R"("y":true})"));
    BOOST_TEST(reader.failure().pointer == "/y");
    BOOST_TEST(reader.failure().offset >= 11U);
    BOOST_TEST(reader.failure().offset <= 15U);
    BOOST_TEST(!reader.write("}"));
    BOOST_TEST(!reader.finish());
    BOOST_TEST(reader.failure().pointer == "/y");
}

BOOST_AUTO_TEST_CASE(shows_nothing_of_a_text)
{
    const std::string message = failure_of<everything>(R"({"flag":"sk_live_secret"})");
    BOOST_TEST(message != "");
    BOOST_TEST(message.find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(strict_decoding)

BOOST_AUTO_TEST_CASE(refuses_members_that_no_table_knows)
{
    BOOST_TEST(failure_of<everything>(R"({"place":{"x":1,"z":2}})", decode_mode::strict) ==
               "/place: expected a member that is known, found \"z\"");
    BOOST_TEST(failure_of<point>(R"({"x":1,"y":2})", decode_mode::strict) == "");
}

BOOST_AUTO_TEST_CASE(refuses_null_where_none_may_stand)
{
    BOOST_TEST(failure_of<everything>(R"({"nick":null})", decode_mode::strict) ==
               "/nick: expected a string, found null");
    BOOST_TEST(failure_of<everything>(R"({"names":[null]})", decode_mode::strict) ==
               "/names/0: expected a string, found null");
    BOOST_TEST(failure_of<everything>(R"({"patch":null,"gaps":[null]})", decode_mode::strict) == "");
}

BOOST_AUTO_TEST_CASE(refuses_what_no_alternative_of_a_union_fits)
{
    BOOST_TEST(failure_of<proof>(R"({"object":"new"})", decode_mode::strict) ==
               "the document: expected one of the documented types, found something else");
    BOOST_TEST(failure_of<proof>(R"({"object":"otp","attempts":1})", decode_mode::strict) == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace usher_tests
