#include "unit/bulk/read_all.hpp"

#include <usher/bulk/failure.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>

namespace bulk = usher::bulk;

namespace {

usher::error refused_by_service()
{
    usher::error_details details;
    details.kind = usher::error_kind::service;
    details.outcome = usher::call_outcome::answered;
    details.status = 422;
    details.operation = "CreateUser";
    details.trace_id = "trace_1";
    usher::service_error first;
    first.code = "form_identifier_exists";
    first.message = "taken";
    first.long_message = "That address is taken.";
    first.meta["param_name"] = "email_address";
    details.errors.push_back(first);
    return usher::error(std::move(details));
}

std::string lines_of(const std::vector<bulk::source_record>& records)
{
    std::string lines;
    for (const auto& record : records)
        lines +=
            bulk::failure_line(record, bulk::import_failure(bulk::import_step::create, refused_by_service())) + "\n";
    return lines;
}

} // namespace

BOOST_AUTO_TEST_SUITE(failures)

BOOST_AUTO_TEST_CASE(a_line_holds_the_record_and_everything_known_of_the_error)
{
    const auto records = read_all(bulk::source_format::auth0, "\n{\"user_id\":\"auth0|1\",\"n\":[1,null]}\n");
    bulk::import_failure failure(bulk::import_step::create, refused_by_service());
    failure.source_id = "auth0|1";
    const auto line = boost::json::parse(bulk::failure_line(records.at(0), failure)).as_object();
    BOOST_TEST(line.at("line").as_int64() == 2);
    BOOST_TEST(line.at("from").as_string() == "auth0");
    BOOST_TEST(line.at("step").as_string() == "create");
    BOOST_TEST(line.at("source_id").as_string() == "auth0|1");
    BOOST_TEST(boost::json::serialize(line.at("source")) == "{\"user_id\":\"auth0|1\",\"n\":[1,null]}");
    const auto& error = line.at("error").as_object();
    BOOST_TEST(error.at("code").as_string() == "form_identifier_exists");
    BOOST_TEST(error.at("message").as_string() == "That address is taken.");
    BOOST_TEST(error.at("param").as_string() == "email_address");
    BOOST_TEST(error.at("status").as_int64() == 422);
    BOOST_TEST(error.at("trace_id").as_string() == "trace_1");
}

BOOST_AUTO_TEST_CASE(failures_are_a_source_again)
{
    const auto first =
        read_all(bulk::source_format::auth0, "{\"user_id\":\"a\",\"email\":\"x\"}\n{\"user_id\":\"b\"}\n");
    const auto again = read_all(bulk::source_format::failures, lines_of(first));
    BOOST_TEST_REQUIRE(again.size() == 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        BOOST_TEST(again[i].problem == "");
        BOOST_TEST(again[i].line == first[i].line);
        BOOST_TEST((again[i].format == bulk::source_format::auth0));
        BOOST_TEST(boost::json::serialize(again[i].fields) == boost::json::serialize(first[i].fields));
    }
    const auto csv = read_all(bulk::source_format::clerk_csv, "id,first_name\nuser_1,\"A \"\"d\"\" a\"\n");
    const auto csv_again = read_all(bulk::source_format::failures, lines_of(csv));
    BOOST_TEST((csv_again.at(0).format == bulk::source_format::clerk_csv));
    BOOST_TEST(csv_again.at(0).fields.at("first_name").as_string() == "A \"d\" a");
    BOOST_TEST(csv_again.at(0).line == 2U);
}

BOOST_AUTO_TEST_CASE(a_record_that_could_not_be_read_is_kept_and_can_be_mended)
{
    const auto first = read_all(bulk::source_format::auth0, "{\"user_id\":\"a\",\"ema");
    auto lines = lines_of(first);
    auto again = read_all(bulk::source_format::failures, lines);
    BOOST_TEST_REQUIRE(again.size() == 1U);
    BOOST_TEST(again[0].problem != "");
    BOOST_TEST(again[0].text == "{\"user_id\":\"a\",\"ema");
    const auto torn = lines.find(",\\\"ema");
    BOOST_TEST_REQUIRE(torn != std::string::npos);
    lines.replace(torn, 6, "}");
    again = read_all(bulk::source_format::failures, lines);
    BOOST_TEST(again.at(0).problem == "");
    BOOST_TEST(again.at(0).fields.at("user_id").as_string() == "a");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_are_kept)
{
    const auto first = read_all(bulk::source_format::auth0, "{\"user_id\":\"\xFF\"}\n");
    const auto line = boost::json::parse(lines_of(first)).as_object();
    BOOST_TEST(line.at("source_base64").as_string() == "eyJ1c2VyX2lkIjoi/yJ9");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_come_back_with_their_problem)
{
    auto first = read_all(bulk::source_format::clerk_csv, "id,first_name\nuser_1,Zo\xEB\n");
    BOOST_TEST_REQUIRE(first.size() == 1U);
    // Twice, since each retry makes a letter of what the one before it left.
    for (int i = 0; i < 2; ++i) {
        const bulk::import_failure failure(bulk::import_step::read,
                                           bulk::refusal("unreadable_record", "", first[0].problem));
        const auto again = read_all(bulk::source_format::failures, bulk::failure_line(first[0], failure) + "\n");
        BOOST_TEST_REQUIRE(again.size() == 1U);
        BOOST_TEST(again[0].problem == "column \"first_name\" is not UTF-8");
        BOOST_TEST(again[0].text == "user_1,Zo\xEB");
        BOOST_TEST(again[0].line == 2U);
        BOOST_TEST((again[0].format == bulk::source_format::clerk_csv));
        first = again;
    }
    const auto mended =
        read_all(bulk::source_format::failures, R"({"line":1,"from":"auth0","source_base64":"eyJ1c2VyX2lkIjoiYSJ9"})");
    BOOST_TEST(mended.at(0).fields.at("user_id").as_string() == "a");
}

BOOST_AUTO_TEST_CASE(a_record_of_any_size_comes_back_however_much_of_it_is_escaped)
{
    const auto first = read_all(bulk::source_format::auth0,
                                "{\"user_id\":\"" + std::string(bulk::max_record_size - 20, '\x01') + "\"}\n");
    BOOST_TEST_REQUIRE(first.at(0).problem.starts_with("not JSON"));
    const auto lines = lines_of(first);
    BOOST_TEST(lines.size() > 5 * bulk::max_record_size);
    const auto again = read_all(bulk::source_format::failures, lines);
    BOOST_TEST_REQUIRE(again.size() == 1U);
    BOOST_TEST((again[0].text == first[0].text));
    BOOST_TEST(again[0].line == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_no_letter_takes_no_line_and_grows_with_no_retry)
{
    const std::string junk = "{\"user_id\":\"a\"}\n{\"line\":7,\"from\":\"auth0\"}\n\xFFtorn\n";
    auto records = read_all(bulk::source_format::failures, junk);
    std::string letters;
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST_REQUIRE(records.size() == 3U);
        const auto before = std::exchange(letters, std::string());
        for (const auto& record : records) {
            BOOST_TEST(record.line == 0U);
            BOOST_TEST((record.format == bulk::source_format::failures));
            BOOST_TEST(record.problem != "");
            const bulk::import_failure failure(bulk::import_step::read,
                                               bulk::refusal("unreadable_record", "", record.problem));
            letters += bulk::failure_line(record, failure) + "\n";
        }
        BOOST_TEST(records[0].text == "{\"user_id\":\"a\"}");
        BOOST_TEST(records[2].text == "\xFFtorn");
        BOOST_TEST((i == 0 || letters == before));
        records = read_all(bulk::source_format::failures, "\n\n" + letters);
    }
    // A record of a source without lines has none here either.
    const auto lineless =
        read_all(bulk::source_format::failures, R"({"line":0,"from":"usher","source":{"kind":"user","id":"1"}})");
    BOOST_TEST(lineless.at(0).problem == "");
    BOOST_TEST(lineless.at(0).line == 0U);
}

BOOST_AUTO_TEST_CASE(a_line_that_is_no_failure_is_reported)
{
    const auto records = read_all(bulk::source_format::failures,
                                  "{\"user_id\":\"a\"}\n{\"from\":\"auth0\"}\n{\"from\":\"failures\",\"source\":{}}\n");
    BOOST_TEST_REQUIRE(records.size() == 3U);
    for (const auto& record : records)
        BOOST_TEST(record.problem.find("not a line of a failures file") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
