#include "live/cli/process.hpp"

#include <usher/sandbox.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>

using namespace usher::tests;

namespace {

struct token_command {
    token_command() : served(options()), folder(std::filesystem::temp_directory_path() / made_up_name())
    {
        std::filesystem::create_directory(folder);
        write("key.pem", served.jwt_key());
        write("ca.pem", served.ca_pem());
    }
    ~token_command() { std::filesystem::remove_all(folder); }

    static usher::sandbox::options options()
    {
        usher::sandbox::options how;
        how.services = {usher::sandbox::service::clerk, usher::sandbox::service::scalekit};
        return how;
    }
    static std::string made_up_name()
    {
        return "usher-token-" + std::to_string(std::chrono::steady_clock::now().time_since_epoch().count());
    }

    std::string path(const std::string& name) const { return (folder / name).string(); }
    void write(const std::string& name, const std::string& text) const { std::ofstream(path(name)) << text; }

    process_end verify(std::vector<std::string> words, const std::string& input = {},
                       const std::map<std::string, std::string>& environment = {}) const
    {
        words.insert(words.begin(), {USHER_COMMAND, "token", "verify"});
        process_options how;
        how.input = input;
        how.environment = environment;
        return run(words, how);
    }

    static std::string in_a_minute()
    {
        const auto now = std::chrono::system_clock::now() + std::chrono::minutes(1);
        return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
    }

    usher::sandbox::server served;
    std::filesystem::path folder;
};

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

boost::json::object parsed(const std::string& text)
{
    return boost::json::parse(text).as_object();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(token_command_line, token_command)

BOOST_AUTO_TEST_CASE(a_session_is_accepted_and_shown)
{
    const auto token = served.session_token(
        R"({"sub":"user_ada","fea":"o:articles","o":{"id":"org_1","rol":"admin","per":"read,write","fpm":"2"}})");
    const auto shown = verify({"--pem", path("key.pem"), token});
    BOOST_TEST_REQUIRE(shown.status == 0, shown.out + shown.err);
    BOOST_TEST(shown.out.starts_with("accepted: session token of user_ada, expires "));
    BOOST_TEST(contains(shown.out, "org:articles:write"));
    BOOST_TEST(!contains(shown.out, token));
    const auto json = parsed(verify({"--pem", path("key.pem"), "--json", "-"}, token + "\n").out);
    BOOST_TEST(json.at("accepted").as_bool());
    BOOST_TEST(json.at("subject").as_string() == "user_ada");
    BOOST_TEST(json.at("role").as_string() == "org:admin");
    BOOST_TEST(json.at("permissions").as_array().size() == 1U);
    BOOST_TEST(json.at("claims").as_object().at("sub").as_string() == "user_ada");
    write("session.jwt", token + "\n");
    BOOST_TEST(verify({"--pem", path("key.pem"), "@" + path("session.jwt")}).status == 0);
}

BOOST_AUTO_TEST_CASE(a_refusal_says_why_and_ends_with_1)
{
    const auto pem = path("key.pem");
    const auto token = served.session_token();
    auto changed = token;
    changed[token.size() / 2] = changed[token.size() / 2] == 'A' ? 'B' : 'A';
    const std::pair<std::vector<std::string>, const char*> all[] = {
        {{"--pem", pem, changed}, "signature"},
        {{"--pem", pem, served.session_token(R"({"exp":1700000000})")}, "expired"},
        {{"--pem", pem, "--issuer", "https://clerk.example.com", token}, "issuer"},
        {{"--pem", pem, "--authorized-party", "https://example.com", token}, "authorized_party"},
        {{"--pem", pem, "--audience", "a", "--audience", "b", token}, "claim_missing"},
        {{"--pem", pem, "--scope", "a", token}, "scope"},
        {{"--pem", pem, "--type", "m2m", token}, "token_type"},
        {{"--pem", pem, "--type", "oauth", token}, "token_type"},
        {{"--pem", pem, "--type", "scalekit-id", token}, "issuer"},
        {{"--pem", pem, served.session_token(R"({"sts":"pending"})")}, "session_pending"},
        {{"--pem", pem, "rubbish"}, "malformed"}};
    for (auto [words, reason] : all) {
        const auto shown = verify(words);
        BOOST_TEST(shown.status == 1, reason);
        BOOST_TEST(shown.out.starts_with("refused (" + std::string(reason) + "): "), shown.out);
        BOOST_TEST(!contains(shown.out + shown.err, token));
        words.push_back("--json");
        const auto json = parsed(verify(words).out);
        BOOST_TEST(!json.at("accepted").as_bool());
        BOOST_TEST(json.at("reason").as_string() == reason);
    }
    BOOST_TEST(verify({"--pem", pem, "--accept-pending", served.session_token(R"({"sts":"pending"})")}).status == 0);
    BOOST_TEST(
        verify({"--pem", pem, "--skew", "10s", served.session_token(R"({"iat":)" + in_a_minute() + "}")}).status == 1);
    BOOST_TEST(
        verify({"--pem", pem, "--skew", "2m", served.session_token(R"({"iat":)" + in_a_minute() + "}")}).status == 0);
}

BOOST_AUTO_TEST_CASE(keys_come_from_where_they_are_published)
{
    const auto ca = path("ca.pem");
    const auto token = served.session_token();
    BOOST_TEST(verify({"--issuer", served.origin(), "--ca-file", ca, token}).status == 0);
    BOOST_TEST(verify({"--jwks", served.origin() + "/keys", "--ca-file", ca, token}).status == 0);
    write("keys.json", served.last_answer());
    BOOST_TEST(verify({"--jwks", path("keys.json"), token}).status == 0);
    // Without the authority nobody is trusted.
    const auto distrusted = verify({"--issuer", served.origin(), token});
    BOOST_TEST(distrusted.status == 3);
    BOOST_TEST(contains(distrusted.out, "keys_unavailable"));

    const auto claims =
        R"({"iss":")" + served.origin() + R"(","sub":"usr_1","aud":["skc_1"],"nonce":"n","exp":)" + in_a_minute() + "}";
    const auto id = served.mint(claims);
    BOOST_TEST(verify({"--service", "scalekit", "--base-url", served.origin(), "--ca-file", ca, "--type", "scalekit-id",
                       "--audience", "skc_1", "--nonce", "n", id})
                   .status == 0);
    BOOST_TEST(verify({"--ca-file", ca, "--type", "scalekit-id", "--audience", "skc_1", "--nonce", "other", id}, "",
                      {{"SCALEKIT_ENVIRONMENT_URL", served.origin()}})
                   .status == 1);
}

BOOST_AUTO_TEST_CASE(an_opaque_token_is_verified_by_its_service_and_taken_for_what_it_is)
{
    const std::map<std::string, std::string> key = {
        {"CLERK_SECRET_KEY", "sk_test_usherusherusherusherusherusherusherusher"}};
    const std::vector<std::string> clerk = {
        "--service", "clerk", "--base-url", served.url(usher::sandbox::service::clerk), "--ca-file", path("ca.pem")};
    const auto ask = [&](std::vector<std::string> words) {
        words.insert(words.begin(), clerk.begin(), clerk.end());
        return verify(words, "", key);
    };
    // The sandbox has never issued these.
    for (const auto& [type, token] :
         {std::pair("m2m", "mt_0123456789abcdef"), std::pair("oauth", "oat_0123456789abcdef"),
          std::pair("api-key", "ak_0123456789abcdef")}) {
        const auto shown = ask({"--type", type, token});
        BOOST_TEST(shown.status == 1, shown.out + shown.err);
        BOOST_TEST(shown.out.starts_with("refused (revoked)"), shown.out);
        BOOST_TEST(!contains(shown.out + shown.err, token));
        BOOST_TEST(ask({token}).out.starts_with("refused (token_type)"));
        BOOST_TEST(ask({"--type", type, "--audience", "a", token}).status == 2);
        BOOST_TEST(verify({"--pem", path("key.pem"), "--type", type, token}).status == 2);
    }
    BOOST_TEST(verify({"--pem", path("key.pem"), "--type", "api-key", served.session_token()})
                   .out.starts_with("refused (token_type)"));
}

BOOST_AUTO_TEST_CASE(inspect_shows_and_says_that_it_proves_nothing)
{
    auto token = served.session_token(R"({"sub":"user_ada","exp":1700000000})");
    token.replace(token.rfind('.') + 1, 4, "AAAA");
    const auto shown = run({USHER_COMMAND, "token", "inspect", token});
    BOOST_TEST(shown.status == 0);
    BOOST_TEST(shown.out.starts_with("NOT VERIFIED"));
    BOOST_TEST(contains(shown.out, "user_ada"));
    BOOST_TEST(contains(shown.out, "expires 2023-11-14T22:13:20Z"));
    const auto json = parsed(run({USHER_COMMAND, "token", "inspect", "--json", token}).out);
    BOOST_TEST(!json.at("verified").as_bool());
    BOOST_TEST(json.at("header").as_object().at("alg").as_string() == "RS256");
    BOOST_TEST(run({USHER_COMMAND, "token", "inspect", "a.b"}).status == 1);
}

BOOST_AUTO_TEST_CASE(wrong_usage_of_token_is_2)
{
    const auto token = served.session_token();
    const std::vector<std::vector<std::string>> all = {{token},
                                                       {"--pem", path("key.pem")},
                                                       {"--pem", path("key.pem"), "--jwks", "x", token},
                                                       {"--pem", path("key.pem"), "--service", "clerk", token},
                                                       {"--pem", path("ca.pem"), "--type", "saml", token},
                                                       {"--pem", path("key.pem"), "--skew", "10m", token},
                                                       {"--service", "clerk", token},
                                                       {"--jwks", "http://example.com/keys", token},
                                                       {"--jwks", path("key.pem"), token}};
    for (const auto& words : all) {
        const auto shown = verify(words);
        BOOST_TEST(shown.status == 2, shown.out + shown.err);
        BOOST_TEST(!contains(shown.out + shown.err, token));
    }
    BOOST_TEST(verify({"--pem", path("none.pem"), token}).status == 3);
    BOOST_TEST(run({USHER_COMMAND, "token"}).status == 2);
}

BOOST_AUTO_TEST_SUITE_END()
