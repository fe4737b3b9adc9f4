#include "fixture.hpp"

#include "live/sandbox/client.hpp"

#include <usher/scalekit/login.hpp>

#include <ctime>

using namespace auth_tests;
using usher::error_kind;
namespace scalekit = usher::scalekit;
namespace token = usher::token;

namespace {

const char* const callback = "https://app.example/callback";

class login_fixture : public fixture {
public:
    login_fixture() : login(engine, environment(), client_id, usher::secret(client_secret)), browser(served)
    {
        browser.credentials.clear();
    }

    static scalekit::authorization_options options()
    {
        scalekit::authorization_options own;
        own.redirect_uri = callback;
        own.scopes = {"openid", "profile", "email", "offline_access"};
        own.login_hint = "ada@example.com";
        own.organization_id = "org_7";
        own.connection_id = "conn_7";
        return own;
    }
    /// What the browser does with an authorization URL: the query of the callback.
    std::string visit(const std::string& url)
    {
        const auto got = browser.get(url.substr(environment().size()));
        BOOST_REQUIRE_MESSAGE(got.status == 302, got.text);
        const auto where = got.header("location");
        BOOST_REQUIRE(where.starts_with(callback));
        return where.substr(where.find('?') + 1);
    }
    using outcome = std::optional<usher::result<scalekit::login_tokens>>;
    outcome complete(const scalekit::login_attempt& attempt, const std::string& query)
    {
        outcome got;
        run(await(login.complete(attempt, query), got));
        return got;
    }
    outcome refresh(const usher::secret& with)
    {
        outcome got;
        run(await(login.refresh(with), got));
        return got;
    }
    template <class T>
    static asio::awaitable<void> await(asio::awaitable<T> of, std::optional<T>& to)
    {
        to.emplace(co_await std::move(of));
    }

    scalekit::login login;
    sandbox_test::client browser;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(logins, login_fixture)

BOOST_AUTO_TEST_CASE(a_login_ends_with_verified_claims_and_a_usable_access_token)
{
    auto attempt = login.begin(options());
    BOOST_REQUIRE(attempt.has_value());
    const auto got = complete(*attempt, visit(attempt->url));
    BOOST_REQUIRE(got.has_value());
    BOOST_REQUIRE_MESSAGE(got->has_value(), got->error().message());
    const auto& tokens = **got;
    BOOST_REQUIRE(tokens.user != nullptr);
    BOOST_TEST(tokens.user->email == "ada@example.com");
    BOOST_TEST(tokens.user->organization_id == "org_7");
    BOOST_TEST(tokens.user->connection_id == "conn_7");
    BOOST_TEST(tokens.user->nonce == attempt->nonce);
    BOOST_TEST(!tokens.refresh_token.empty());

    std::optional<token::verdict<token::scalekit_access_claims>> access;
    run(await(login.verify_access_token(tokens.access_token.reveal(), {"openid"}), access));
    BOOST_REQUIRE_MESSAGE(access->has_value(), access->error().text);
    BOOST_TEST((*access)->organization_id == "org_7");
    run(await(login.verify_access_token(tokens.access_token.reveal(), {"openid", "admin"}), access));
    BOOST_REQUIRE(!access->has_value());
    BOOST_CHECK(access->error().reason == token::reason::scope);
}

BOOST_AUTO_TEST_CASE(a_callback_of_another_login_is_refused_and_nothing_is_sent)
{
    auto mine = login.begin(options());
    auto other = login.begin(options());
    const auto query = visit(other->url);
    const auto before = served.stats().requests;
    for (const auto& bad : {query, std::string("code=x"), std::string("code=x&state="),
                            "code=x&state=" + mine->state + "&state=" + mine->state}) {
        const auto got = complete(*mine, bad);
        BOOST_REQUIRE(!got->has_value());
        BOOST_CHECK(got->error().kind() == error_kind::invalid_request);
        BOOST_TEST(got->error().has_code("state"));
    }
    BOOST_TEST(served.stats().requests == before);
}

BOOST_AUTO_TEST_CASE(an_error_on_the_callback_is_reported_with_its_code)
{
    auto attempt = login.begin(options());
    const auto got = complete(*attempt, "error=access_denied&error_description=no+way&state=" + attempt->state);
    BOOST_REQUIRE(!got->has_value());
    BOOST_CHECK(got->error().kind() == error_kind::service);
    BOOST_TEST(got->error().has_code("access_denied"));
    BOOST_TEST(got->error().message().find("no way") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_code_is_good_once_and_only_with_its_proof_key)
{
    auto attempt = login.begin(options());
    const auto query = visit(attempt->url);
    auto stolen = *attempt;
    stolen.code_verifier = scalekit::proof_key::make().verifier();
    const auto thief = complete(stolen, query);
    BOOST_REQUIRE(!thief->has_value());
    BOOST_TEST(thief->error().has_code("invalid_grant"), thief->error().message());

    attempt = login.begin(options());
    const auto again = visit(attempt->url);
    BOOST_REQUIRE(complete(*attempt, again)->has_value());
    const auto second = complete(*attempt, again);
    BOOST_REQUIRE(!second->has_value());
    BOOST_TEST(second->error().has_code("invalid_grant"));
    BOOST_TEST(second->error().attempts() == 1);
}

BOOST_AUTO_TEST_CASE(nothing_is_spent_while_the_keys_can_not_be_had)
{
    auto attempt = login.begin(options());
    const auto query = visit(attempt->url);
    usher::sandbox::fault no_keys(usher::sandbox::fault::kind::answer);
    no_keys.operation = "keys";
    no_keys.status = 503;
    served.set_faults({no_keys});
    const auto failed = complete(*attempt, query);
    BOOST_REQUIRE(!failed->has_value());
    BOOST_TEST(!failed->error().is_outcome_unknown());
    BOOST_TEST(served.stats().tokens == 0U);
    // The code is good still; another one asks for the keys at once.
    served.set_faults({});
    const scalekit::login again(engine, environment(), client_id, usher::secret(client_secret));
    outcome got;
    run(await(again.complete(*attempt, query), got));
    BOOST_TEST(got->has_value(), got->error().message());
}

BOOST_AUTO_TEST_CASE(an_exchange_whose_answer_is_lost_says_that_the_outcome_is_unknown)
{
    auto attempt = login.begin(options());
    const auto query = visit(attempt->url);
    usher::sandbox::fault lost(usher::sandbox::fault::kind::drop_answer);
    lost.operation = "oauth_token";
    served.set_faults({lost});
    const auto got = complete(*attempt, query);
    BOOST_REQUIRE(!got->has_value());
    BOOST_TEST(got->error().is_outcome_unknown(), got->error().message());
    BOOST_TEST(got->error().attempts() == 1);
}

BOOST_AUTO_TEST_CASE(an_id_token_with_another_nonce_is_refused)
{
    auto attempt = login.begin(options());
    const auto query = visit(attempt->url);
    attempt->nonce = "another";
    const auto got = complete(*attempt, query);
    BOOST_REQUIRE(!got->has_value());
    BOOST_CHECK(got->error().kind() == error_kind::credentials);
    BOOST_TEST(got->error().has_code("nonce"));
}

BOOST_AUTO_TEST_CASE(refresh_tokens_rotate)
{
    auto attempt = login.begin(options());
    const auto first = complete(*attempt, visit(attempt->url));
    BOOST_REQUIRE(first->has_value());
    const auto second = refresh((*first)->refresh_token);
    BOOST_REQUIRE_MESSAGE(second->has_value(), second->error().message());
    BOOST_TEST(!((*second)->refresh_token == (*first)->refresh_token));
    const auto old = refresh((*first)->refresh_token);
    BOOST_REQUIRE(!old->has_value());
    BOOST_TEST(old->error().has_code("invalid_grant"));
}

BOOST_AUTO_TEST_CASE(a_refresh_whose_answer_is_lost_is_sent_once_and_says_that_the_outcome_is_unknown)
{
    auto attempt = login.begin(options());
    const auto first = complete(*attempt, visit(attempt->url));
    BOOST_REQUIRE(first->has_value());
    usher::sandbox::fault lost(usher::sandbox::fault::kind::drop_answer);
    lost.operation = "oauth_token";
    served.set_faults({lost});
    const auto before = served.stats().requests;
    const auto got = refresh((*first)->refresh_token);
    BOOST_REQUIRE(!got->has_value());
    BOOST_TEST(got->error().is_outcome_unknown(), got->error().message());
    BOOST_TEST(served.stats().requests == before + 1);
    // 503 with Retry-After: for a token that is good once, that is no promise that it was not used.
    usher::sandbox::fault busy(usher::sandbox::fault::kind::answer);
    busy.operation = "oauth_token";
    busy.status = 503;
    busy.retry_after = 1;
    served.set_faults({busy});
    const auto unavailable = refresh((*first)->refresh_token);
    BOOST_REQUIRE(!unavailable->has_value());
    BOOST_TEST(unavailable->error().is_outcome_unknown());
    BOOST_TEST(served.stats().requests == before + 2);
    // A refusal is an answer.
    served.set_faults({});
    BOOST_REQUIRE(refresh((*first)->refresh_token).has_value());
    const auto refused = refresh((*first)->refresh_token);
    BOOST_REQUIRE(!refused->has_value());
    BOOST_TEST(!refused->error().is_outcome_unknown());
}

BOOST_AUTO_TEST_CASE(a_login_from_the_identity_provider_is_answered_with_its_relay_state)
{
    const auto exp = std::to_string(std::time(nullptr) + 60);
    const auto text = served.mint(R"({"iss":")" + environment() + R"(","exp":)" + exp +
                                  R"(,"connection_id":"conn_1","organization_id":"org_1","login_hint":"a@b.co",)" +
                                  R"("relay_state":"rs 1"})");
    std::optional<token::verdict<token::scalekit_idp_login_claims>> got;
    run(await(login.idp_initiated(text), got));
    BOOST_REQUIRE_MESSAGE(got->has_value(), got->error().text);
    auto attempt = login.begin(scalekit::login::options_of(**got, callback));
    BOOST_REQUIRE(attempt.has_value());
    BOOST_TEST(attempt->state == "rs 1");
    BOOST_TEST(*scalekit::query_parameter(attempt->url, "connection_id") == "conn_1");
    BOOST_TEST(*scalekit::query_parameter(attempt->url, "organization_id") == "org_1");
    BOOST_TEST(*scalekit::query_parameter(attempt->url, "login_hint") == "a@b.co");

    // The same with a bit changed, and one that is about something else.
    auto forged = text;
    forged[forged.find('.') + 5] = forged[forged.find('.') + 5] == 'A' ? 'B' : 'A';
    run(await(login.idp_initiated(forged), got));
    BOOST_TEST(!got->has_value());
    run(await(login.idp_initiated(served.mint(R"({"iss":")" + environment() + R"(","exp":)" + exp + "}")), got));
    BOOST_REQUIRE(!got->has_value());
    BOOST_CHECK(got->error().reason == token::reason::token_type);
    // It proves no access.
    std::optional<token::verdict<token::scalekit_access_claims>> access;
    run(await(login.verify_access_token(text), access));
    BOOST_TEST(!access->has_value());
}

BOOST_AUTO_TEST_CASE(what_can_not_be_an_environment_is_refused)
{
    const usher::secret own(client_secret);
    BOOST_CHECK_THROW(scalekit::login(engine, "http://acme.scalekit.dev", client_id, own), std::invalid_argument);
    BOOST_CHECK_THROW(scalekit::login(engine, "https://user@acme.scalekit.dev", client_id, own), std::invalid_argument);
    BOOST_CHECK_THROW(scalekit::login(engine, environment(), "", own), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
