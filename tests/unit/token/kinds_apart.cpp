// Every kind against every reader: nobody's token is taken for another's.
#include "kinds.hpp"

#include <functional>

using namespace token_tests;
using namespace usher::token;

namespace {

struct sample {
    const char* name;
    bool is_clerks;
    json::object header;
    json::object claims;
};

struct reader {
    const char* name;
    bool is_clerks;
    std::function<rejection(const sample&, const verify_options&)> judge;
};

template <class Claims>
reader make_reader(const char* name, bool is_clerks)
{
    return {name, is_clerks, [](const sample& one, const verify_options& options) {
                return check<Claims>(one.header, one.claims, options).error();
            }};
}

json::object login_claims()
{
    json::object claims;
    claims["iss"] = "https://acme.scalekit.com";
    claims["iat"] = now_count;
    claims["exp"] = now_count + 60;
    claims["connection_id"] = "conn_1";
    claims["organization_id"] = "org_1";
    claims["login_hint"] = "ada@example.com";
    claims["relay_state"] = "rs_1";
    return claims;
}

std::vector<sample> all_samples()
{
    return {{"session", true, session_header(), session_claims_json()},
            {"m2m", true, machine_header(), machine_claims_json()},
            {"oauth", true, oauth_header(), oauth_claims_json()},
            {"access", false, scalekit_header(), access_claims_json()},
            {"id", false, scalekit_header(), id_claims_json()},
            {"login", false, scalekit_header(), login_claims()}};
}

std::vector<reader> all_readers()
{
    return {make_reader<session_claims>("session", true), make_reader<m2m_claims>("m2m", true),
            make_reader<oauth_claims>("oauth", true),     make_reader<scalekit_access_claims>("access", false),
            make_reader<scalekit_id_claims>("id", false), make_reader<scalekit_idp_login_claims>("login", false)};
}

verify_options options_of(bool is_clerks)
{
    verify_options options;
    options.issuer = is_clerks ? "https://clerk.example.com" : "https://acme.scalekit.com";
    options.accept_any_machine = true;
    if (!is_clerks)
        options.audiences = {"skc_1"};
    return options;
}

} // namespace

BOOST_AUTO_TEST_SUITE(kinds_apart)

BOOST_AUTO_TEST_CASE(each_reader_takes_its_own_kind_alone)
{
    int cases = 0;
    for (const auto& read : all_readers()) {
        auto options = options_of(read.is_clerks);
        if (std::string_view(read.name) == "login")
            options.audiences.clear();
        for (const auto& one : all_samples()) {
            const auto why = read.judge(one, options);
            const bool is_its_own = std::string_view(one.name) == read.name;
            BOOST_TEST((why.reason == reason::none) == is_its_own, one.name << " by " << read.name << ": " << why.text);
            // Of the same issuer, what is in the token tells, not a name in the configuration.
            if (!is_its_own && one.is_clerks == read.is_clerks)
                BOOST_TEST((why.reason == reason::token_type || why.reason == reason::claim_missing ||
                            why.reason == reason::audience),
                           one.name << " by " << read.name << ": " << why.text);
            ++cases;
        }
    }
    BOOST_TEST(cases == 36);
}

BOOST_AUTO_TEST_CASE(the_same_holds_when_issuer_and_audience_tell_nothing)
{
    for (const auto& read : all_readers()) {
        for (auto one : all_samples()) {
            // The two services' tokens about somebody's access are alike but for their issuers.
            const std::string pair = std::string(one.name) + " by " + read.name;
            if (std::string_view(one.name) == read.name || pair == "oauth by access" || pair == "access by session")
                continue;
            one.claims["iss"] = "https://issuer.example.com";
            one.claims["aud"] = json::array{"skc_1"};
            if (!one.claims.contains("sub"))
                one.claims["sub"] = "somebody";
            auto options = options_of(false);
            options.issuer = "https://issuer.example.com";
            const auto why = read.judge(one, options);
            BOOST_TEST((why.reason == reason::token_type || why.reason == reason::claim_missing),
                       one.name << " by " << read.name << ": " << to_string(why.reason) << ' ' << why.text);
        }
    }
}

BOOST_AUTO_TEST_CASE(one_member_of_another_kind_refuses)
{
    const auto options = options_of(false);
    for (const char* name : {"scopes", "scope", "permissions", "relay_state"})
        BOOST_TEST(check<scalekit_id_claims>(scalekit_header(), with(id_claims_json(), name, json::array{}), options)
                           .error()
                           .reason == reason::token_type,
                   name);
    for (const char* name : {"amr", "email_verified", "nonce", "at_hash", "c_hash", "relay_state"})
        BOOST_TEST(check<scalekit_access_claims>(scalekit_header(), with(access_claims_json(), name, true), options)
                           .error()
                           .reason == reason::token_type,
                   name);
    for (const char* name : {"nonce", "at_hash", "c_hash", "client_id"})
        BOOST_TEST(check<session_claims>(session_header(), with(session_claims_json(), name, "x")).error().reason ==
                       reason::token_type,
                   name);
    BOOST_TEST(check<session_claims>(session_header(), without(session_claims_json(), "sid")).error().reason ==
               reason::claim_missing);
    BOOST_TEST(check<session_claims>(session_header(), with(session_claims_json(), "sid", "")).error().reason ==
               reason::claim_missing);
}

BOOST_AUTO_TEST_SUITE_END()
