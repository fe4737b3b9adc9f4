#include "unit/bulk/read_all.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

using usher::bulk::source_format;

namespace {

std::vector<usher::bulk::source_record> read(std::string_view text, std::size_t piece = 1 << 16)
{
    return read_all(source_format::auth0, text, piece);
}

std::string id_of(const usher::bulk::source_record& record)
{
    return std::string(record.fields.at("user_id").as_string());
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_reader)

BOOST_AUTO_TEST_CASE(each_line_is_a_record_with_its_line_number)
{
    const auto records = read("{\"user_id\":\"a\"}\n{\"user_id\":\"b\"}\n");
    BOOST_TEST_REQUIRE(records.size() == 2U);
    BOOST_TEST(id_of(records[0]) == "a");
    BOOST_TEST(records[0].line == 1U);
    BOOST_TEST(id_of(records[1]) == "b");
    BOOST_TEST(records[1].line == 2U);
    BOOST_TEST(records[1].end_offset == 32U);
}

BOOST_AUTO_TEST_CASE(byte_order_mark_crlf_and_empty_lines_are_understood)
{
    const auto records = read("\xEF\xBB\xBF{\"user_id\":\"a\"}\r\n\r\n   \n\n{\"user_id\":\"b\"}\r\n");
    BOOST_TEST_REQUIRE(records.size() == 2U);
    BOOST_TEST(records[0].problem == "");
    BOOST_TEST(records[0].line == 1U);
    BOOST_TEST(records[1].line == 5U);
}

BOOST_AUTO_TEST_CASE(a_last_line_without_its_end_is_a_record)
{
    const auto records = read("{\"user_id\":\"a\"}\n{\"user_id\":\"b\"}");
    BOOST_TEST_REQUIRE(records.size() == 2U);
    BOOST_TEST(records[1].problem == "");
    BOOST_TEST(id_of(records[1]) == "b");
}

BOOST_AUTO_TEST_CASE(a_torn_last_line_is_reported_with_its_text)
{
    const auto records = read("{\"user_id\":\"a\"}\n{\"user_id\":\"b\",\"ema");
    BOOST_TEST_REQUIRE(records.size() == 2U);
    BOOST_TEST(records[1].line == 2U);
    BOOST_TEST(records[1].problem.find("torn") != std::string::npos);
    BOOST_TEST(records[1].text == "{\"user_id\":\"b\",\"ema");
}

BOOST_AUTO_TEST_CASE(a_bad_line_is_reported_and_the_next_one_read)
{
    const auto records =
        read("{\"user_id\":\n{\"user_id\":\"b\"}\n17\n\"text\"\n{\"user_id\":\"\xC3\x28\"}\n{\"user_id\":\"c\"}\n");
    BOOST_TEST_REQUIRE(records.size() == 6U);
    BOOST_TEST(records[0].problem.find("not JSON") == 0U);
    BOOST_TEST(id_of(records[1]) == "b");
    BOOST_TEST(records[2].problem == "not a JSON object");
    BOOST_TEST(records[3].problem == "not a JSON object");
    BOOST_TEST(records[4].problem.find("not JSON") == 0U);
    BOOST_TEST(id_of(records[5]) == "c");
    BOOST_TEST(records[5].line == 6U);
}

BOOST_AUTO_TEST_CASE(an_array_gives_its_elements_however_it_is_laid_out)
{
    const auto records = read("\n [ {\"user_id\":\"a\", \"tags\":[\"],{\", \"\\\"}\"]},\n\n{\n  \"user_id\": \"b\"\n} "
                              ",{\"user_id\":\"c\"}]\n\n");
    BOOST_TEST_REQUIRE(records.size() == 3U);
    BOOST_TEST(id_of(records[0]) == "a");
    BOOST_TEST(records[0].line == 2U);
    BOOST_TEST(id_of(records[1]) == "b");
    BOOST_TEST(records[1].line == 4U);
    BOOST_TEST(id_of(records[2]) == "c");
    BOOST_TEST(records[2].line == 6U);
    for (const auto& record : records)
        BOOST_TEST(record.problem == "");
}

BOOST_AUTO_TEST_CASE(a_torn_array_and_text_behind_one_are_reported)
{
    auto records = read("[{\"user_id\":\"a\"},{\"user_id\":");
    BOOST_TEST_REQUIRE(records.size() == 2U);
    BOOST_TEST(records[1].problem.find("torn") != std::string::npos);
    records = read("[{\"user_id\":\"a\"}]\n{\"user_id\":\"b\"}");
    BOOST_TEST_REQUIRE(records.size() == 2U);
    BOOST_TEST(records[1].problem.find("after the end") != std::string::npos);
    BOOST_TEST(records[1].text == "{\"user_id\":\"b\"}");
    BOOST_TEST(read("[]").empty());
    BOOST_TEST(read(" [ ] \n").empty());
}

BOOST_AUTO_TEST_CASE(an_empty_source_has_no_records)
{
    BOOST_TEST(read("").empty());
    BOOST_TEST(read("\xEF\xBB\xBF").empty());
    BOOST_TEST(read("\r\n\n").empty());
}

BOOST_AUTO_TEST_CASE(a_line_that_is_too_long_is_reported_and_passed_over)
{
    const std::string huge = "{\"user_id\":\"" + std::string(3 * 1024 * 1024, 'x') + "\"}\n";
    for (const std::size_t piece : {std::size_t{1} << 16U, std::size_t{1} << 24U}) {
        const auto records = read(huge + "{\"user_id\":\"b\"}\n", piece);
        BOOST_TEST_REQUIRE(records.size() == 2U);
        BOOST_TEST(records[0].problem.find("longer than 1 MiB") != std::string::npos);
        BOOST_TEST(records[0].text.size() == 64U * 1024U);
        BOOST_TEST(id_of(records[1]) == "b");
        BOOST_TEST(records[1].line == 2U);
    }
}

BOOST_AUTO_TEST_CASE(an_array_element_that_never_ends_is_reported_once)
{
    const auto records = read("[{\"user_id\":\"" + std::string(2 * 1024 * 1024, 'x'));
    BOOST_TEST_REQUIRE(records.size() == 1U);
    BOOST_TEST(records[0].problem.find("nothing after it can be read") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(where_the_pieces_end_makes_no_difference)
{
    const std::string texts[] = {
        "\xEF\xBB\xBF{\"user_id\":\"a\"}\r\n\n{\"user_id\":\"\\\"\"}\nnonsense\n{\"user_id\":\"c\"",
        "\xEF\xBB\xBF \n[ {\"user_id\":\"a]\\\\\"}, {\"user_id\":\"b\"} ]  x",
    };
    for (const auto& text : texts) {
        const auto whole = read(text);
        BOOST_TEST_REQUIRE(whole.size() >= 3U);
        for (std::size_t piece = 1; piece < text.size(); ++piece) {
            const auto records = read(text, piece);
            BOOST_TEST_REQUIRE(records.size() == whole.size());
            for (std::size_t i = 0; i < whole.size(); ++i) {
                BOOST_TEST(records[i].line == whole[i].line);
                BOOST_TEST(records[i].problem == whole[i].problem);
                BOOST_TEST(boost::json::serialize(records[i].fields) == boost::json::serialize(whole[i].fields));
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
