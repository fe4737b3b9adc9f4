#include "kinds.hpp"

#include <stdexcept>

using namespace token_tests;
using namespace usher::token;

BOOST_AUTO_TEST_SUITE(kinds)

BOOST_AUTO_TEST_CASE(a_machine_is_read_whole)
{
    verify_options options;
    options.machine_id = "mch_b";
    const auto who = check<m2m_claims>(machine_header(), with(machine_claims_json(), "scopes", "mch_b mch_d"), options);
    BOOST_TEST_REQUIRE(who.has_value(), who.error().text);
    BOOST_TEST(who->subject == "mch_2aB");
    BOOST_TEST(who->id == "mt_1");
    BOOST_TEST(who->has_scope("mch_d"));
    BOOST_TEST(!who->has_scope("mch_c"));
    const auto by_audience = check<m2m_claims>(without(machine_header(), "cat"), machine_claims_json(), options);
    BOOST_TEST_REQUIRE(by_audience.has_value());
    BOOST_TEST(by_audience->has_scope("mch_c"));
}

BOOST_AUTO_TEST_CASE(a_machines_token_is_for_the_machines_that_it_was_issued_for)
{
    const auto judged = [](const json::object& claims, const verify_options& options) {
        return check<m2m_claims>(machine_header(), claims, options).error().reason;
    };
    verify_options options;
    BOOST_TEST(judged(machine_claims_json(), options) == reason::audience);
    options.machine_id = "mch_c";
    BOOST_TEST(judged(machine_claims_json(), options) == reason::none);
    // `scopes` goes before `aud`, and an empty list grants nothing.
    BOOST_TEST(judged(with(machine_claims_json(), "scopes", "mch_b"), options) == reason::audience);
    BOOST_TEST(judged(with(machine_claims_json(), "scopes", ""), options) == reason::audience);
    options.machine_id = "mch_d";
    BOOST_TEST(judged(machine_claims_json(), options) == reason::audience);
    BOOST_TEST(judged(without(machine_claims_json(), "aud"), options) == reason::audience);
    options.accept_any_machine = true; // who names himself means it
    BOOST_TEST(judged(machine_claims_json(), options) == reason::audience);
    options.machine_id.clear();
    BOOST_TEST(judged(machine_claims_json(), options) == reason::none);
    options.accept_any_machine = false;
    options.required_scopes = {"mch_b"};
    BOOST_TEST(judged(machine_claims_json(), options) == reason::none);
}

BOOST_AUTO_TEST_CASE(an_oauth_token_is_read_whole)
{
    for (const char* type : {"at+jwt", "AT+JWT", "application/at+jwt"}) {
        const auto who = check<oauth_claims>(with(oauth_header(), "typ", type), oauth_claims_json());
        BOOST_TEST_REQUIRE(who.has_value(), who.error().text);
        BOOST_TEST(who->client_id == "client_1");
        BOOST_TEST(who->has_scope("profile"));
        BOOST_TEST(!who->has_scope("prof"));
    }
    const auto listed = check<oauth_claims>(oauth_header(), with(oauth_claims_json(), "scp", json::array{"email"}));
    BOOST_TEST_REQUIRE(listed.has_value());
    BOOST_TEST((listed->scopes == std::vector<std::string>{"email"}));
}

BOOST_AUTO_TEST_CASE(scalekits_tokens_are_read_whole)
{
    verify_options options;
    options.issuer = "https://acme.scalekit.com";
    options.audiences = {"skc_0", "skc_1"};
    options.required_scopes = {"org:read"};
    const auto who = check<scalekit_access_claims>(scalekit_header(), access_claims_json(), options);
    BOOST_TEST_REQUIRE(who.has_value(), who.error().text);
    BOOST_TEST(who->organization_id == "org_1");
    BOOST_TEST(who->session_id == "ses_1");
    BOOST_TEST(who->has_role("admin"));
    BOOST_TEST(who->has_permission("tasks:write"));
    BOOST_TEST(who->has_scope("usr:write"));
    const auto texts = check<scalekit_access_claims>(
        scalekit_header(), with(without(access_claims_json(), "scopes"), "scope", "usr:write  org:read"), options);
    BOOST_TEST_REQUIRE(texts.has_value(), texts.error().text);
    BOOST_TEST((texts->scopes == std::vector<std::string>{"usr:write", "org:read"}));

    const auto id = check<scalekit_id_claims>(scalekit_header(), id_claims_json(), id_options());
    BOOST_TEST_REQUIRE(id.has_value(), id.error().text);
    BOOST_TEST(id->connection_id == "conn_1");
    BOOST_TEST(id->organization_id == "org_1");
    BOOST_TEST(id->email == "ada@example.com");
    BOOST_TEST((id->is_email_verified == true));
    BOOST_TEST(id->name == "Ada L");
}

BOOST_AUTO_TEST_CASE(each_kind_is_taken_for_itself_alone)
{
    verify_options lax;
    lax.issuer = "https://clerk.example.com";
    const auto session = session_claims_json();
    BOOST_TEST(check<m2m_claims>(session_header(), session).error().reason == reason::token_type);
    BOOST_TEST(check<m2m_claims>(without(session_header(), "cat"), session).error().reason == reason::token_type);
    BOOST_TEST(check<oauth_claims>(session_header(), session).error().reason == reason::token_type);
    BOOST_TEST(check<session_claims>(oauth_header(), oauth_claims_json()).error().reason == reason::token_type);
    BOOST_TEST(check<m2m_claims>(oauth_header(), with(oauth_claims_json(), "sub", "mch_1")).error().reason ==
               reason::token_type);
    BOOST_TEST(check<oauth_claims>(oauth_header(), with(oauth_claims_json(), "sub", "mch_1")).error().reason ==
               reason::token_type);
    BOOST_TEST(
        check<oauth_claims>(with(oauth_header(), "cat", "cl_B7d4PD333AAA"), oauth_claims_json()).error().reason ==
        reason::token_type);
    BOOST_TEST(check<scalekit_id_claims>(oauth_header(), id_claims_json(), id_options()).error().reason ==
               reason::token_type);
    BOOST_TEST(check<scalekit_access_claims>(scalekit_header(), id_claims_json()).error().reason == reason::token_type);
    BOOST_TEST(
        check<scalekit_access_claims>(scalekit_header(), with(access_claims_json(), "at_hash", "x")).error().reason ==
        reason::token_type);
}

BOOST_AUTO_TEST_CASE(an_id_token_is_bound_to_issuer_client_and_login)
{
    const auto refused = [](const json::object& claims, const verify_options& options) {
        return check<scalekit_id_claims>(scalekit_header(), claims, options).error().reason;
    };
    auto options = id_options();
    options.issuer.clear();
    BOOST_TEST(refused(id_claims_json(), options) == reason::issuer);
    options = id_options();
    options.audiences.clear();
    BOOST_TEST(refused(id_claims_json(), options) == reason::audience);
    options.audiences = {"skc_2"};
    BOOST_TEST(refused(id_claims_json(), options) == reason::audience);
    options = id_options();
    options.nonce = "another";
    BOOST_TEST(refused(id_claims_json(), options) == reason::nonce);
    BOOST_TEST(refused(without(id_claims_json(), "nonce"), id_options()) == reason::nonce);
    BOOST_TEST(refused(with(id_claims_json(), "azp", "skc_2"), id_options()) == reason::authorized_party);
    BOOST_TEST(refused(without(with(id_claims_json(), "aud", json::array{"skc_1", "skc_2"}), "azp"), id_options()) ==
               reason::authorized_party);
    options = id_options();
    options.nonce = "";
    BOOST_CHECK_THROW(verifier(key_set(), options), std::invalid_argument);
    options.nonce.reset();
    BOOST_TEST(check<scalekit_id_claims>(scalekit_header(), id_claims_json(), options).has_value());
}

BOOST_AUTO_TEST_CASE(a_required_scope_that_is_not_granted_refuses)
{
    verify_options options;
    options.required_scopes = {"org:read", "org:write"};
    BOOST_TEST(check<scalekit_access_claims>(scalekit_header(), access_claims_json(), options).error().reason ==
               reason::scope);
    options.required_scopes = {"openid", "email"};
    BOOST_TEST(check<oauth_claims>(oauth_header(), oauth_claims_json(), options).error().reason == reason::scope);
    options.required_scopes = {"mch_b", "mch_z"};
    BOOST_TEST(check<m2m_claims>(machine_header(), machine_claims_json(), options).error().reason == reason::scope);
    options.required_scopes = {"anything"};
    BOOST_TEST(check<session_claims>(session_header(), session_claims_json(), options).error().reason == reason::scope);
}

BOOST_AUTO_TEST_SUITE_END()
