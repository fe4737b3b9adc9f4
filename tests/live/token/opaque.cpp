// Opaque tokens, which the service is asked about.
#include "fixture.hpp"

#include <usher/authenticate.hpp>
#include <usher/clerk/api_keys.hpp>
#include <usher/clerk/m2m_tokens.hpp>

using namespace token_tests;
using usher::secret;

namespace {

struct opaque_fixture : live_fixture {
    usher::clerk::client client(const char* machine_key = nullptr) const
    {
        usher::client_options options;
        if (machine_key)
            options.machine_key = secret(machine_key);
        options.base_url = served->url(usher::sandbox::service::clerk);
        return usher::clerk::client(*on, secret(secret_key), options);
    }

    authentication ask(const std::string& authorization, const authenticate_options& accepted,
                       const verify_options& options = {})
    {
        const verifier by(key_set::from_pem(served->jwt_key()).value(), options);
        return wait_for(authenticate(client(), request_headers(authorization, ""), by, accepted));
    }

    static authenticate_options everything()
    {
        authenticate_options options;
        options.accept_m2m = options.accept_oauth = options.accept_api_key = true;
        return options;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(opaque, opaque_fixture)

BOOST_AUTO_TEST_CASE(an_api_key_is_accepted_until_it_is_revoked_or_expires)
{
    const std::string subject = "user_" + std::string(27, 'a');
    auto keys = client().api_keys();
    usher::clerk::create_api_key_params params("of the build", subject);
    params.scopes = std::vector<std::string>{"read"};
    const auto made = wait_for(keys.create(params));
    BOOST_TEST_REQUIRE(made.has_value(), made.error().message());
    const auto authorization = "Bearer " + made->secret;
    const auto answer = ask(authorization, everything());
    BOOST_TEST_REQUIRE(answer.api_key() != nullptr, answer.why().text);
    BOOST_TEST(answer.api_key()->subject == subject);
    BOOST_TEST(answer.api_key()->has_scope("read"));
    BOOST_TEST(served->last_request().target == "/v1/api_keys/verify");
    auto accepted = everything();
    accepted.required_scopes = {"write"};
    BOOST_TEST(ask(authorization, accepted).why().reason == reason::scope);
    const auto revoked = wait_for(keys.revoke(made->id));
    BOOST_TEST_REQUIRE(revoked.has_value(), revoked.error().message());
    BOOST_TEST(ask(authorization, everything()).why().reason == reason::revoked);

    params.seconds_until_expiration = 0.001;
    const auto brief = wait_for(keys.create(params));
    BOOST_TEST_REQUIRE(brief.has_value(), brief.error().message());
    const auto made_at = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() < made_at + std::chrono::milliseconds(2))
        continue; // a fast machine asks within its millisecond
    BOOST_TEST(ask("Bearer " + brief->secret, everything()).why().reason == reason::expired);
}

BOOST_AUTO_TEST_CASE(a_machines_token_is_accepted_until_it_is_revoked)
{
    auto tokens = client("ak_machine000000000000000000000000000000000000").m2m_tokens();
    const auto made = wait_for(tokens.create());
    BOOST_TEST_REQUIRE(made.has_value(), made.error().message());
    const auto authorization = "Bearer " + made->token;
    verify_options options;
    BOOST_TEST(ask(authorization, everything(), options).why().reason == reason::audience);
    options.machine_id = "mch_another";
    BOOST_TEST(ask(authorization, everything(), options).why().reason == reason::audience);
    options.machine_id.clear();
    options.accept_any_machine = true;
    const auto answer = ask(authorization, everything(), options);
    BOOST_TEST_REQUIRE(answer.m2m() != nullptr, answer.why().text);
    BOOST_TEST(answer.m2m()->subject.starts_with("mch_"));
    const auto revoked = wait_for(tokens.revoke(made->id));
    BOOST_TEST_REQUIRE(revoked.has_value(), revoked.error().message());
    BOOST_TEST(ask(authorization, everything(), options).why().reason == reason::revoked);
}

BOOST_AUTO_TEST_CASE(an_oauth_token_is_accepted_unless_it_was_revoked_or_has_expired)
{
    const auto good = ask("Bearer " + served->oauth_token(R"({"subject":"user_1","scopes":["email"]})"), everything());
    BOOST_TEST_REQUIRE(good.oauth() != nullptr, good.why().text);
    BOOST_TEST(good.oauth()->subject == "user_1");
    BOOST_TEST(good.oauth()->has_scope("email"));
    BOOST_TEST(ask("Bearer " + served->oauth_token(R"({"revoked":true})"), everything()).why().reason ==
               reason::revoked);
    BOOST_TEST(ask("Bearer " + served->oauth_token(R"({"expiration":1700000000000})"), everything()).why().reason ==
               reason::expired);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_remembered_and_what_can_be_no_token_not_sent)
{
    const verifier by(key_set::from_pem(served->jwt_key()).value());
    const auto same = client();
    for (int i = 0; i != 3; ++i) {
        const auto answer = wait_for(authenticate(same, request_headers("Bearer ak_nobodys", ""), by, everything()));
        BOOST_TEST(answer.why().reason == reason::revoked);
    }
    BOOST_TEST(served->stats().requests == 1U);
    const auto answer =
        wait_for(authenticate(same, request_headers("Bearer ak_" + std::string(600, 'a'), ""), by, everything()));
    BOOST_TEST(answer.why().reason == reason::too_large);
    BOOST_TEST(served->stats().requests == 1U);
}

BOOST_AUTO_TEST_CASE(a_token_that_the_service_does_not_know_is_refused)
{
    verify_options options;
    options.accept_any_machine = true;
    for (const char* token : {"mt_0123", "oat_0123", "ak_0123"}) {
        const auto answer = ask(std::string("Bearer ") + token, everything(), options);
        BOOST_TEST(answer.why().reason == reason::revoked, answer.why().text);
        BOOST_TEST(answer.why().text.find(token) == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_service_that_fails_says_nothing_about_the_token)
{
    for (const int status : {401, 403, 503}) {
        usher::sandbox::fault down(usher::sandbox::fault::kind::answer);
        down.status = status;
        served->set_faults({down});
        const auto answer = ask("Bearer ak_0123", everything());
        BOOST_TEST(answer.why().reason == reason::service_unavailable, status);
        BOOST_TEST(answer.why().cause.status() == status);
        BOOST_TEST(!answer.is_authenticated());
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_accepted_is_not_asked_about)
{
    for (const char* token : {"mt_0123", "oat_0123", "ak_0123"})
        BOOST_TEST(ask(std::string("Bearer ") + token, authenticate_options()).why().reason == reason::not_accepted);
    BOOST_TEST(served->stats().requests == 0U);
}

BOOST_AUTO_TEST_CASE(signed_tokens_are_verified_without_asking)
{
    const auto answer = ask("Bearer " + served->session_token(), everything());
    BOOST_TEST(answer.is_signed_in(), answer.why().text);
    BOOST_TEST(served->stats().requests == 0U);
    BOOST_TEST(ask("", everything()).why().reason == reason::no_token);
}

BOOST_AUTO_TEST_SUITE_END()
