#include "live/cli/process.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <sstream>

using namespace usher::tests;

namespace {

struct webhook_command {
    webhook_command()
    {
        options.environment["SECRET"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        options.environment["OTHER"] = "whsec_AAECAwQFBgcICQoLDA0ODw==";
        options.environment["BAD"] = "whsec_*secret*";
        options.input = R"({"test": 2432232314})";
    }

    process_end webhook(std::vector<std::string> words) const
    {
        words.insert(words.begin(), {USHER_COMMAND, "webhook"});
        return run(words, options);
    }

    /// The published vector, whose time is long over.
    process_end verify_vector(std::vector<std::string> more) const
    {
        std::vector<std::string> words{"verify",
                                       "--id",
                                       "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                       "--timestamp",
                                       "1614265330",
                                       "--signature",
                                       "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                                       "-"};
        words.insert(words.end(), more.begin(), more.end());
        return webhook(words);
    }

    process_options options;
};

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(webhook_command_line, webhook_command)

BOOST_AUTO_TEST_CASE(what_is_signed_is_accepted)
{
    for (const std::string provider : {"clerk", "scalekit", "interceptor"}) {
        const auto made = webhook({"sign", "--provider", provider, "--secret-env", "SECRET", "-"});
        BOOST_TEST_REQUIRE(made.status == 0, made.err);
        std::vector<std::string> words{"verify", "--provider",   provider, "--secret-env",
                                       "OTHER",  "--secret-env", "SECRET", "-"};
        std::istringstream lines(made.out);
        for (std::string line; std::getline(lines, line);)
            words.insert(words.end(), {"-H", line});
        BOOST_TEST_REQUIRE(words.size() == 8U + 6U);
        const auto checked = webhook(words);
        BOOST_TEST(checked.status == 0, checked.err);
        BOOST_TEST(checked.out.starts_with("accepted: msg_"), checked.out);
        BOOST_TEST(contains(checked.out, "signed with SECRET\n"));
        words.insert(words.end(), "--json");
        const auto json = boost::json::parse(webhook(words).out);
        BOOST_TEST(json.at("accepted").as_bool());
        BOOST_TEST(json.at("secret").as_string() == "SECRET");
    }
}

BOOST_AUTO_TEST_CASE(the_published_vector_is_made_and_accepted_when_time_does_not_matter)
{
    const auto made = webhook({"sign", "--secret-env", "SECRET", "--id", "msg_p5jXN8AQM9LWM0D4loKWxJek", "--timestamp",
                               "1614265330", "--json", "-"});
    BOOST_TEST(boost::json::parse(made.out).at("svix-signature").as_string() ==
               "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    const auto checked = verify_vector({"--secret-env", "SECRET", "--tolerance", "250000h"});
    BOOST_TEST(checked.status == 0);
    BOOST_TEST(checked.out ==
               "accepted: msg_p5jXN8AQM9LWM0D4loKWxJek, sent at 2021-02-25T15:02:10Z, signed with SECRET\n");
}

BOOST_AUTO_TEST_CASE(a_refusal_ends_with_1_and_says_why)
{
    const auto old = verify_vector({"--secret-env", "SECRET"});
    BOOST_TEST(old.status == 1);
    BOOST_TEST(old.out == "refused: svix-timestamp is more than 300 s ago\n");
    const auto stranger = verify_vector({"--secret-env", "OTHER", "--tolerance", "250000h", "--json"});
    BOOST_TEST(stranger.status == 1);
    const auto json = boost::json::parse(stranger.out);
    BOOST_TEST(!json.at("accepted").as_bool());
    BOOST_TEST(json.at("reason").as_string() == "signature_mismatch");
    BOOST_TEST(json.at("header").as_string() == "svix-signature");
    const auto other_names = verify_vector({"--secret-env", "SECRET", "-H", "SVIX-ID: twice"});
    BOOST_TEST(other_names.status == 1);
    BOOST_TEST(contains(other_names.out, "svix-id is there more than once"));
    BOOST_TEST(contains(webhook({"verify", "--secret-env", "SECRET", "-"}).out, "svix-id is missing"));
}

BOOST_AUTO_TEST_CASE(wrong_usage_ends_with_2_and_shows_no_secret)
{
    BOOST_TEST(webhook({}).status == 2);
    BOOST_TEST(webhook({"verify", "-"}).status == 2);
    BOOST_TEST(webhook({"verify", "--secret-env", "SECRET"}).status == 2);
    BOOST_TEST(webhook({"verify", "--secret-env", "SECRET", "--provider", "okta", "-"}).status == 2);
    BOOST_TEST(webhook({"verify", "--secret-env", "SECRET", "-H", "no colon", "-"}).status == 2);
    BOOST_TEST(webhook({"verify", "--secret-env", "SECRET", "--tolerance", "soon", "-"}).status == 2);
    BOOST_TEST(webhook({"sign", "--secret-env", "SECRET", "--id", "a.b", "-"}).status == 2);
    BOOST_TEST(webhook({"sign", "--secret-env", "SECRET", "--timestamp", "now", "-"}).status == 2);
    const auto absent = verify_vector({"--secret-env", "ABSENT"});
    BOOST_TEST(absent.status == 2);
    BOOST_TEST(contains(absent.err, "ABSENT is not set"));
    const auto bad = verify_vector({"--secret-env", "BAD"});
    BOOST_TEST(bad.status == 2);
    BOOST_TEST(contains(bad.err, "no base64"));
    BOOST_TEST(!contains(bad.err, "*secret*"));
    BOOST_TEST(contains(webhook({"verify", "--help"}).out, "Exit status: 0 accepted"));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_ends_with_3)
{
    const auto ended = webhook({"sign", "--secret-env", "SECRET", "/nowhere/body.json"});
    BOOST_TEST(ended.status == 3);
    BOOST_TEST(contains(ended.err, "/nowhere/body.json can't be read"));
}

BOOST_AUTO_TEST_SUITE_END()
