// The addresses that a browser is sent to, and proof keys.
#include "fixture.hpp"

#include <usher/scalekit/login.hpp>

#include <algorithm>
#include <map>

using namespace auth_tests;
using usher::error_kind;
namespace scalekit = usher::scalekit;

namespace {

class url_fixture : public fixture {
public:
    url_fixture() : login(engine, environment(), client_id, usher::secret(client_secret)) {}

    static scalekit::authorization_options options()
    {
        scalekit::authorization_options own;
        own.redirect_uri = "https://app.example/callback";
        own.scopes = {"openid", "profile", "email", "offline_access"};
        own.login_hint = "ada@example.com";
        own.organization_id = "org_7";
        own.connection_id = "conn_7";
        return own;
    }

    scalekit::login login;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(login_urls, url_fixture)

BOOST_AUTO_TEST_CASE(every_parameter_is_in_the_authorization_url_encoded)
{
    auto all = options();
    all.redirect_uri = "https://app.example/cb?a=1&b=%20";
    all.state = "a b&c=d+e%/?\xc3\xa9";
    all.nonce = "n";
    all.domain_hint = "example.com";
    all.provider = "google";
    all.prompt = "select_account";
    all.code_challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    const auto url = login.authorization_url(all);
    BOOST_REQUIRE(url.has_value());
    BOOST_TEST(url->starts_with(environment() + "/oauth/authorize?"));
    const std::map<std::string, std::string> expected = {{"response_type", "code"},
                                                         {"client_id", client_id},
                                                         {"redirect_uri", all.redirect_uri},
                                                         {"scope", "openid profile email offline_access"},
                                                         {"state", all.state},
                                                         {"nonce", "n"},
                                                         {"connection_id", "conn_7"},
                                                         {"organization_id", "org_7"},
                                                         {"domain_hint", "example.com"},
                                                         {"login_hint", "ada@example.com"},
                                                         {"provider", "google"},
                                                         {"prompt", "select_account"},
                                                         {"code_challenge", all.code_challenge},
                                                         {"code_challenge_method", "S256"}};
    for (const auto& [name, value] : expected)
        BOOST_TEST(scalekit::query_parameter(*url, name).value_or("(none)") == value);
    BOOST_TEST(static_cast<std::size_t>(std::count(url->begin(), url->end(), '&')) == expected.size() - 1);
    BOOST_TEST(url->find_first_of(" \"<>\\^`{|}") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_no_authorization_url_can_carry_is_refused_by_name)
{
    const auto refuses = [this](const char* name, auto change) {
        auto bad = options();
        change(bad);
        const auto url = login.authorization_url(bad);
        BOOST_TEST_CONTEXT(name)
        {
            BOOST_REQUIRE(!url.has_value());
            BOOST_CHECK(url.error().kind() == error_kind::invalid_request);
            BOOST_TEST(url.error().message().find(name) != std::string::npos, url.error().message());
        }
    };
    refuses("redirect_uri", [](auto& o) { o.redirect_uri.clear(); });
    refuses("redirect_uri", [](auto& o) { o.redirect_uri = "/callback"; });
    refuses("redirect_uri", [](auto& o) { o.redirect_uri = "https://a.example/#part"; });
    refuses("redirect_uri", [](auto& o) { o.redirect_uri = "https://a.example/ b"; });
    refuses("scopes", [](auto& o) { o.scopes = {"openid profile"}; });
    refuses("scopes", [](auto& o) { o.scopes = {""}; });
    refuses("state", [](auto& o) { o.state = "a\r\nb"; });
    refuses("login_hint", [](auto& o) { o.login_hint = std::string("a\0b", 3); });
}

BOOST_AUTO_TEST_CASE(a_logout_url_has_what_it_is_given)
{
    scalekit::logout_options own;
    own.id_token_hint = usher::secret("a.b.c");
    own.post_logout_redirect_uri = "https://app.example/bye";
    own.state = "s t";
    const auto url = login.logout_url(own);
    BOOST_REQUIRE(url.has_value());
    BOOST_TEST(*url == environment() +
                           "/oidc/logout?id_token_hint=a.b.c&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye"
                           "&state=s%20t");
    BOOST_TEST(*login.logout_url(scalekit::logout_options()) == environment() + "/oidc/logout");
    own.post_logout_redirect_uri = "nowhere";
    BOOST_TEST(!login.logout_url(own).has_value());
}

BOOST_AUTO_TEST_CASE(proof_keys_are_even_and_their_challenge_is_the_digest)
{
    // RFC 7636, appendix B.
    const scalekit::proof_key known(usher::secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
    BOOST_TEST(known.challenge() == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    std::map<char, int> seen;
    constexpr int keys = 2000;
    for (int i = 0; i != keys; ++i) {
        const auto key = scalekit::proof_key::make(128);
        for (const char c : key.verifier().reveal())
            ++seen[c];
    }
    BOOST_TEST(seen.size() == 66U);
    // 256,000 characters: each about 3,879 times, with a standard deviation of 62. A modulo would add a third to 58 of
    // them.
    for (const auto& [c, times] : seen)
        BOOST_TEST((times > 3879 - 400 && times < 3879 + 400), c << ": " << times);
    BOOST_CHECK_THROW(scalekit::proof_key::make(42), std::invalid_argument);
    BOOST_CHECK_THROW(scalekit::proof_key::make(129), std::invalid_argument);
    BOOST_CHECK_THROW(scalekit::proof_key(usher::secret(std::string(43, '+'))), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
