#include "auth/token_answer.hpp"

#include <boost/test/unit_test.hpp>

using usher::auth::read_token_answer;

BOOST_AUTO_TEST_SUITE(token_answers)

BOOST_AUTO_TEST_CASE(a_whole_answer_is_read)
{
    const auto read = read_token_answer(R"({"access_token":"a.b","expires_in":86399,"token_type":"Bearer",
        "refresh_token":"r","id_token":"i","scope":"openid profile"})");
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read->access_token.reveal() == "a.b");
    BOOST_TEST(read->refresh_token.reveal() == "r");
    BOOST_TEST(read->id_token.reveal() == "i");
    BOOST_TEST(read->expires_in->count() == 86399);
    BOOST_TEST(read->scope == "openid profile");
}

BOOST_AUTO_TEST_CASE(a_lifetime_may_be_missing_a_fraction_or_a_text)
{
    BOOST_CHECK(!read_token_answer(R"({"access_token":"a"})")->expires_in);
    BOOST_CHECK(!read_token_answer(R"({"access_token":"a","expires_in":null})")->expires_in);
    BOOST_TEST(read_token_answer(R"({"access_token":"a","expires_in":1.5})")->expires_in->count() == 1);
    BOOST_TEST(read_token_answer(R"({"access_token":"a","expires_in":"60"})")->expires_in->count() == 60);
    BOOST_TEST(read_token_answer(R"({"access_token":"a","expires_in":-1})")->expires_in->count() == 0);
    BOOST_TEST(read_token_answer(R"({"access_token":"a","expires_in":1e300})")->expires_in->count() > 0);
}

BOOST_AUTO_TEST_CASE(what_is_no_token_answer_is_refused_without_its_content)
{
    for (const char* text :
         {"", "canary", "[]", "null", "{}", R"({"access_token":""})", R"({"access_token":5,"x":"canary"})",
          R"({"access_token":"canary","token_type":"mac"})", R"({"access_token":"canary","expires_in":"soon"})",
          R"({"access_token":"canary","expires_in":[]})"}) {
        const auto read = read_token_answer(text);
        BOOST_TEST_CONTEXT(text)
        {
            BOOST_REQUIRE(!read.has_value());
            BOOST_CHECK(read.error().kind() == usher::error_kind::decode);
            BOOST_TEST(read.error().message().find("canary") == std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
