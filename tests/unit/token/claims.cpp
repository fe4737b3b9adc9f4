#include "issuer.hpp"

#include <usher/token/verifier.hpp>

using namespace token_tests;
using namespace usher::token;

namespace {

verify_options strict_options()
{
    verify_options options;
    options.issuer = "https://clerk.example.com";
    options.authorized_parties = {"https://example.com", "https://admin.example.com"};
    return options;
}

template <class Claims>
verdict<Claims> check(const json::object& header, const json::object& claims, const verify_options& options = {})
{
    const verifier one(keys_of({rsa_key().jwk("ins_one", "RS256")}), options);
    return one.check<Claims>(make_token(rsa_key(), header, claims), now);
}

} // namespace

BOOST_AUTO_TEST_SUITE(session)

BOOST_AUTO_TEST_CASE(a_session_of_version_2_is_read_whole)
{
    auto claims = session_claims_json();
    json::object actor;
    actor["sub"] = "user_support";
    claims["act"] = actor;
    claims["aud"] = "one";
    const auto who = check<session_claims>(session_header(), claims, strict_options());
    BOOST_TEST_REQUIRE(who.has_value(), who.error().text);
    BOOST_TEST(who->subject == "user_2aB");
    BOOST_TEST(who->session_id == "sess_2aB");
    BOOST_TEST(who->issuer == "https://clerk.example.com");
    BOOST_TEST(who->authorized_party == "https://example.com");
    BOOST_TEST(who->id == "0a1b");
    BOOST_TEST(who->version == 2);
    BOOST_TEST((who->expires == now + std::chrono::seconds(50)));
    BOOST_TEST((who->issued == now - std::chrono::seconds(10)));
    BOOST_TEST((who->not_before == now - std::chrono::seconds(20)));
    BOOST_TEST((who->audience == std::vector<std::string>{"one"}));
    BOOST_TEST((who->first_factor_age == std::chrono::minutes(3)));
    BOOST_TEST(!who->second_factor_age.has_value());
    BOOST_TEST((who->plans == std::vector<std::string>{"u:free", "o:pro"}));
    BOOST_TEST((who->features == std::vector<std::string>{"o:articles", "u:mail", "o:billing"}));
    BOOST_TEST((who->actor == actor));
    BOOST_TEST(!who->is_pending);
    BOOST_TEST_REQUIRE(who->organization.has_value());
    BOOST_TEST(who->organization->id == "org_1");
    BOOST_TEST(who->organization->slug == "acme");
    BOOST_TEST(who->has_role("org:admin"));
    BOOST_TEST(!who->has_role("org:member"));
    BOOST_TEST(!who->has_role(""));
    BOOST_TEST(who->has_permission("org:articles:read"));
    BOOST_TEST(who->has_permission("org:articles:delete"));
    BOOST_TEST(who->has_permission("org:billing:write"));
    BOOST_TEST(!who->has_permission("org:articles:write"));
    BOOST_TEST(!who->has_permission("org:mail:read"));
    BOOST_TEST((who->all == claims));
}

BOOST_AUTO_TEST_CASE(a_session_of_version_1_is_read_whole)
{
    auto claims = session_claims_json();
    for (const char* name : {"v", "o", "fea", "pla", "fva", "sts"})
        claims.erase(name);
    claims["org_id"] = "org_1";
    claims["org_slug"] = "acme";
    claims["org_role"] = "org:member";
    claims["org_permissions"] = json::array{"org:articles:read"};
    for (const bool named : {false, true}) {
        if (named)
            claims["v"] = 1;
        const auto who = check<session_claims>(session_header(), claims, strict_options());
        BOOST_TEST_REQUIRE(who.has_value(), who.error().text);
        BOOST_TEST(who->version == 1);
        BOOST_TEST_REQUIRE(who->organization.has_value());
        BOOST_TEST(who->organization->id == "org_1");
        BOOST_TEST(who->has_role("org:member"));
        BOOST_TEST(who->has_permission("org:articles:read"));
    }
    const auto personal = check<session_claims>(
        session_header(),
        without(without(without(without(claims, "org_id"), "org_slug"), "org_role"), "org_permissions"));
    BOOST_TEST_REQUIRE(personal.has_value());
    BOOST_TEST(!personal->organization.has_value());
    BOOST_TEST(!personal->has_permission("org:articles:read"));
}

BOOST_AUTO_TEST_CASE(a_token_of_one_version_does_not_speak_with_the_claims_of_the_other)
{
    auto claims = session_claims_json();
    claims["org_id"] = "org_other";
    claims["org_permissions"] = json::array{"org:everything:do"};
    const auto two = check<session_claims>(session_header(), claims);
    BOOST_TEST_REQUIRE(two.has_value());
    BOOST_TEST(two->organization->id == "org_1");
    BOOST_TEST(!two->has_permission("org:everything:do"));
    const auto one = check<session_claims>(session_header(), with(without(claims, "org_id"), "v", 1));
    BOOST_TEST_REQUIRE(one.has_value());
    BOOST_TEST(!one->organization.has_value());
}

BOOST_AUTO_TEST_CASE(a_pending_session_is_not_signed_in_unless_asked_for)
{
    const auto claims = with(session_claims_json(), "sts", "pending");
    BOOST_TEST(check<session_claims>(session_header(), claims).error().reason == reason::session_pending);
    verify_options options;
    options.accept_pending = true;
    const auto who = check<session_claims>(session_header(), claims, options);
    BOOST_TEST_REQUIRE(who.has_value());
    BOOST_TEST(who->is_pending);
}

BOOST_AUTO_TEST_CASE(times_are_kept_to_the_second_with_the_skew_on_both_sides)
{
    const auto reason_at = [](const char* name, std::int64_t value, int skew = 5) {
        verify_options options;
        options.skew = std::chrono::seconds(skew);
        return check<session_claims>(session_header(), with(session_claims_json(), name, value), options)
            .error()
            .reason;
    };
    BOOST_TEST(reason_at("exp", now_count + 1) == reason::none);
    BOOST_TEST(reason_at("exp", now_count - 4) == reason::none);
    BOOST_TEST(reason_at("exp", now_count - 5) == reason::expired);
    BOOST_TEST(reason_at("exp", now_count, 0) == reason::expired);
    BOOST_TEST(reason_at("exp", now_count + 1, 0) == reason::none);
    BOOST_TEST(reason_at("nbf", now_count + 5) == reason::none);
    BOOST_TEST(reason_at("nbf", now_count + 6) == reason::not_yet_valid);
    BOOST_TEST(reason_at("nbf", now_count + 1, 0) == reason::not_yet_valid);
    BOOST_TEST(reason_at("iat", now_count + 5) == reason::none);
    BOOST_TEST(reason_at("iat", now_count + 6) == reason::issued_in_future);
    const auto fraction = check<session_claims>(session_header(), with(session_claims_json(), "exp", now_count + 0.75));
    BOOST_TEST_REQUIRE(fraction.has_value());
    BOOST_TEST((fraction->expires == now));
}

BOOST_AUTO_TEST_CASE(a_skew_out_of_range_is_a_mistake_of_the_program)
{
    verify_options options;
    options.skew = std::chrono::seconds(301);
    BOOST_CHECK_THROW(verifier(key_set(), options), std::invalid_argument);
    options.skew = std::chrono::seconds(-1);
    BOOST_CHECK_THROW(verifier(key_set(), options), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(value_throws_what_was_wrong)
{
    const auto who = check<session_claims>(session_header(), with(session_claims_json(), "exp", now_count - 100));
    BOOST_CHECK_EXCEPTION(who.value(), rejected, [](const rejected& trouble) {
        return trouble.why().reason == reason::expired && std::string(trouble.what()) == "exp is 1699999900, 100 s ago";
    });
}

BOOST_AUTO_TEST_SUITE_END()
