#include "codegen/naming.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>

using namespace usher::codegen;

BOOST_AUTO_TEST_SUITE(naming)

BOOST_AUTO_TEST_CASE(camel_case_acronyms_digits_and_punctuation_split_as_a_reader_would)
{
    const std::pair<const char*, const char*> cases[] = {
        {"applicationID", "application_id"},
        {"JWKS.rsa.PublicKey", "jwks_rsa_public_key"},
        {"SAMLConnection", "saml_connection"},
        {"schemas-SAMLConnection", "schemas_saml_connection"},
        {"OAuthApplication", "oauth_application"},
        {"OAuthApplicationWithSecret", "oauth_application_with_secret"},
        {"GetOAuthAccessToken", "get_oauth_access_token"},
        {"envOrInsID", "env_or_ins_id"},
        {"ListJWTTemplates", "list_jwt_templates"},
        {"PlatformListRedirectURLs", "platform_list_redirect_urls"},
        {"getM2MTokens", "get_m2m_tokens"},
        {"UserWeb3WalletDelete", "user_web3_wallet_delete"},
        {"connectionsOIDCScope", "connections_oidc_scope"},
        {"webauthnWebAuthnCredential", "webauthn_webauthn_credential"},
        {"CNameTarget", "cname_target"},
        {"Email & SMS Templates", "email_sms_templates"},
        {"If-Match", "if_match"},
        {"filter.status", "filter_status"},
        {"$schema", "schema"},
        {"HTTP_POST", "http_post"},
        {"already_snake_case", "already_snake_case"},
        {"+created_at", "plus_created_at"},
        {"-created_at", "minus_created_at"},
        {"", "empty"},
        {"2fa", "n2fa"},
        {"sha256Hash", "sha256_hash"},
        {"\xc3\xa9t\xc3\xa9", "t"},
    };
    for (const auto& [from, to] : cases)
        BOOST_TEST(snake_case(from) == to, "\"" << from << "\" became " << snake_case(from) << ", not " << to);
}

BOOST_AUTO_TEST_CASE(keywords_macros_and_names_of_the_scope_get_an_underscore)
{
    name_scope names({"client"});
    BOOST_TEST(names.take("delete") == "delete_");
    BOOST_TEST(names.take("co_await") == "co_await_");
    BOOST_TEST(names.take("unix") == "unix_");
    BOOST_TEST(names.take("Client") == "client_");
    BOOST_TEST(names.take("std") == "std_");
    BOOST_TEST(names.take("user") == "user");
}

BOOST_AUTO_TEST_CASE(names_that_come_out_the_same_are_numbered_in_order)
{
    name_scope names;
    BOOST_TEST(names.take("fooBar") == "foo_bar");
    BOOST_TEST(names.take("foo-bar") == "foo_bar_2");
    BOOST_TEST(names.take("foo.bar") == "foo_bar_3");
    BOOST_TEST(names.take("new") == "new_");
    BOOST_TEST(names.take("NEW") == "new_2");
}

BOOST_AUTO_TEST_CASE(any_text_is_safe_as_a_literal_and_in_a_comment)
{
    BOOST_TEST(literal("a\"b\\c") == R"("a\"b\\c")");
    BOOST_TEST(literal("\n1") == R"("\0121")");
    BOOST_TEST(literal("what?"
                       "?(") == R"("what?\077(")");
    BOOST_TEST(in_comment("two\nlines \\") == "two lines");
}

BOOST_AUTO_TEST_SUITE_END()
