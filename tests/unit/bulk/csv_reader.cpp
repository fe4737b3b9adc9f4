#include "unit/bulk/read_all.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>

using usher::bulk::source_format;

namespace {

std::vector<usher::bulk::source_record> read(std::string_view text, std::size_t piece = 1 << 16)
{
    return read_all(source_format::clerk_csv, text, piece);
}

std::string member(const usher::bulk::source_record& record, std::string_view name)
{
    return std::string(record.fields.at(name).as_string());
}

} // namespace

BOOST_AUTO_TEST_SUITE(csv_reader)

BOOST_AUTO_TEST_CASE(columns_are_found_by_their_name)
{
    const auto records = read("first_name,id\nAda,user_1\nGrace,user_2\n");
    BOOST_TEST_REQUIRE(records.size() == 2U);
    BOOST_TEST(member(records[0], "id") == "user_1");
    BOOST_TEST(member(records[1], "first_name") == "Grace");
    BOOST_TEST(records[0].line == 2U);
    BOOST_TEST(records[1].line == 3U);
}

BOOST_AUTO_TEST_CASE(quoted_fields_hold_delimiters_quotes_and_line_ends)
{
    const auto records =
        read("\xEF\xBB\xBFid,first_name\r\nuser_1,\"Ada, \"\"the first\"\"\r\nof them\"\r\n\r\nuser_2,Grace\r\n");
    BOOST_TEST_REQUIRE(records.size() == 2U);
    BOOST_TEST(member(records[0], "first_name") == "Ada, \"the first\"\r\nof them");
    BOOST_TEST(records[0].line == 2U);
    BOOST_TEST(member(records[1], "id") == "user_2");
    BOOST_TEST(records[1].line == 5U);
}

BOOST_AUTO_TEST_CASE(a_row_with_too_few_or_too_many_fields_is_reported)
{
    const auto records =
        read("id,first_name,last_name\nuser_1,Ada\nuser_2,Grace,Hopper,Rear Admiral\nuser_3,Ken,Thompson");
    BOOST_TEST_REQUIRE(records.size() == 3U);
    BOOST_TEST(records[0].problem == "the line has 2 fields, the header 3");
    BOOST_TEST(records[0].text == "user_1,Ada");
    BOOST_TEST(records[1].problem == "the line has 4 fields, the header 3");
    BOOST_TEST(records[2].problem == "");
    BOOST_TEST(member(records[2], "last_name") == "Thompson");
}

BOOST_AUTO_TEST_CASE(a_line_torn_in_a_quoted_field_takes_no_other_line_with_it)
{
    const auto records = read("id,first_name\nuser_1,\"Ad\nuser_2,\"Grace\"\nuser_3,Ken\n");
    BOOST_TEST_REQUIRE(records.size() == 3U);
    BOOST_TEST(records[0].problem.find("quoted field") != std::string::npos);
    BOOST_TEST(records[0].line == 2U);
    BOOST_TEST(records[0].text == "user_1,\"Ad");
    BOOST_TEST(member(records[1], "first_name") == "Grace");
    BOOST_TEST(records[1].line == 3U);
    BOOST_TEST(records[1].end_offset == 40U);
    BOOST_TEST(member(records[2], "id") == "user_3");
    BOOST_TEST(records[2].line == 4U);
}

BOOST_AUTO_TEST_CASE(a_quote_that_is_never_closed_costs_one_line)
{
    std::string text = "id,first_name\nuser_0,\"Ada\nuser_1,Grace\n";
    auto records = read(text);
    BOOST_TEST_REQUIRE(records.size() == 2U);
    BOOST_TEST(records[0].problem.find("torn") != std::string::npos);
    BOOST_TEST(member(records[1], "id") == "user_1");

    constexpr std::size_t many = 40'000;
    for (std::size_t i = 2; i < many; ++i)
        text += "user_" + std::to_string(i) + ",Grace\n";
    records = read(text);
    BOOST_TEST_REQUIRE(records.size() == many);
    BOOST_TEST(records[0].problem.find("not closed") != std::string::npos);
    for (std::size_t i = 1; i < many; ++i) {
        BOOST_TEST_REQUIRE(records[i].line == i + 2);
        BOOST_TEST_REQUIRE(member(records[i], "id") == "user_" + std::to_string(i));
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_utf8_is_reported)
{
    const auto records = read("id,first_name\nuser_1,Zo\xEB\nuser_2,Ken\n");
    BOOST_TEST_REQUIRE(records.size() == 2U);
    BOOST_TEST(records[0].problem == "column \"first_name\" is not UTF-8");
    BOOST_TEST(records[1].problem == "");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_such_export_is_refused_as_a_whole)
{
    BOOST_CHECK_THROW(read("name,mail\nAda,ada@example.com\n"), std::runtime_error);
    BOOST_CHECK_THROW(read(""), std::runtime_error);
    BOOST_TEST(read("id,first_name\n").empty());
}

BOOST_AUTO_TEST_CASE(a_header_that_has_a_name_twice_is_refused_and_told_where)
{
    const auto trouble = [](std::string_view text) -> std::string {
        try {
            read_all(source_format::csv, text);
        } catch (const std::runtime_error& why) {
            return why.what();
        }
        return {};
    };
    BOOST_TEST(trouble("id,email,providerId,id\n1,ada@example.com,google,7\n") ==
               "the header line has the column \"id\" twice, as column 1 and as column 4: give each a name of its own");
    BOOST_TEST(trouble("id,\" email\",email \n").find("\"email\" twice, as column 2 and as column 3") !=
               std::string::npos);
    BOOST_TEST(trouble("id,Id\n1,2\n") == "");
    // Columns without a name are told apart by their place.
    const auto records = read("id,,\nuser_1,a,b\n");
    BOOST_TEST(member(records.at(0), "column 2") == "a");
    BOOST_TEST(member(records.at(0), "column 3") == "b");
}

BOOST_AUTO_TEST_CASE(where_the_pieces_end_makes_no_difference)
{
    const std::string text =
        "\xEF\xBB\xBFid,first_name\r\nuser_1,\"A\"\"d\r\na\"\r\n\r\nuser_2,\"to\nuser_3,\"x\"\nuser_4,a,b\nuser_5,\"to";
    const auto whole = read(text);
    BOOST_TEST_REQUIRE(whole.size() == 5U);
    BOOST_TEST(member(whole[2], "id") == "user_3");
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

BOOST_AUTO_TEST_SUITE_END()
