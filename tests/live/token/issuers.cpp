// Key sets over the network, from a server that shares no code with the verifier.
#include "fixture.hpp"

#include <deque>

using namespace token_tests;
using usher::secret;

BOOST_FIXTURE_TEST_SUITE(issuers, live_fixture)

BOOST_AUTO_TEST_CASE(a_session_is_verified_with_the_keys_that_its_issuer_publishes)
{
    const key_cache cache(*on);
    verify_options options;
    options.authorized_parties = {served->origin()};
    const verifier by(cache.clerk_issuer(served->origin()), options);
    const auto who = wait_for(by.verify<session_claims>(served->session_token(R"({"sub":"user_ada"})")));
    BOOST_TEST_REQUIRE(who.has_value(), who.error().text);
    BOOST_TEST(who->subject == "user_ada");
    BOOST_TEST(who->version == 2);
    BOOST_TEST(wait_for(by.verify<session_claims>(served->session_token(R"({"iss":"https://clerk.evil.example"})")))
                   .error()
                   .reason == reason::issuer);
    BOOST_TEST(wait_for(by.verify<session_claims>(served->session_token(R"({"azp":"https://evil.example"})")))
                   .error()
                   .reason == reason::authorized_party);
    BOOST_TEST(served->last_request().target == "/.well-known/jwks.json");
    BOOST_TEST(served->stats().requests == 1U);
}

BOOST_AUTO_TEST_CASE(a_pem_verifies_without_any_request)
{
    const verifier by(key_set::from_pem(served->jwt_key()).value());
    const auto who = by.check<session_claims>(served->session_token());
    BOOST_TEST(who.has_value(), who.error().text);
    BOOST_TEST(served->stats().requests == 0U);
}

BOOST_AUTO_TEST_CASE(many_at_once_fetch_once_and_the_same_source_is_shared)
{
    const key_cache cache(*on);
    std::deque<std::optional<verdict<session_claims>>> answers(1000);
    const auto token = served->session_token();
    for (auto& answer : answers)
        asio::co_spawn(io, keep(verifier(cache.clerk_issuer(served->origin())).verify<session_claims>(token), &answer),
                       [](std::exception_ptr thrown) {
                           if (thrown)
                               std::rethrow_exception(thrown);
                       });
    io.run();
    for (const auto& answer : answers)
        BOOST_TEST_REQUIRE((answer && answer->has_value()));
    BOOST_TEST(served->stats().requests == 1U);
}

BOOST_AUTO_TEST_CASE(a_key_that_was_rotated_in_is_found)
{
    key_cache_options quick;
    quick.unknown_key_interval = std::chrono::milliseconds(1);
    const key_cache cache(*on, quick);
    const auto source = cache.clerk_issuer(served->origin());
    const verifier by(source);
    const auto old = served->session_token();
    BOOST_TEST(wait_for(by.verify<session_claims>(old)).has_value());
    served->rotate_keys(true);
    const auto fresh = wait_for(by.verify<session_claims>(served->session_token()));
    BOOST_TEST(fresh.has_value(), fresh.error().text);
    BOOST_TEST(by.check<session_claims>(old).has_value());
    BOOST_TEST(source.counters().fetches == 2U);
}

BOOST_AUTO_TEST_CASE(scalekits_keys_verify_an_access_token)
{
    const key_cache cache(*on);
    const auto environment = served->origin();
    const auto now =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
    const auto token =
        served->mint(R"({"iss":")" + environment + R"(","sub":"usr_1","aud":["skc_1"],"scopes":["a"],"exp":)" +
                     std::to_string(now.count() + 60) + "}");
    verify_options options;
    options.audiences = {"skc_1"};
    options.required_scopes = {"a"};
    const verifier by(cache.scalekit(environment), options);
    const auto who = wait_for(by.verify<scalekit_access_claims>(token));
    BOOST_TEST_REQUIRE(who.has_value(), who.error().text);
    BOOST_TEST(served->last_request().target == "/keys");
    options.required_scopes = {"b"};
    BOOST_TEST(
        wait_for(verifier(cache.scalekit(environment), options).verify<scalekit_access_claims>(token)).error().reason ==
        reason::scope);
}

BOOST_AUTO_TEST_CASE(an_issuer_that_is_down_is_told_as_that)
{
    const key_cache cache(*on);
    const auto origin = served->origin();
    const auto token = served->session_token();
    served->stop();
    const auto answer = wait_for(verifier(cache.clerk_issuer(origin)).verify<session_claims>(token));
    BOOST_TEST(answer.error().reason == reason::keys_unavailable);
    BOOST_TEST((answer.error().cause.kind() == usher::error_kind::connect));
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_no_key_set_is_told_as_that)
{
    usher::sandbox::fault broken(usher::sandbox::fault::kind::answer);
    broken.operation = "clerk_keys";
    broken.status = 500;
    served->set_faults({broken});
    const key_cache cache(*on);
    const auto source = cache.clerk_issuer(served->origin());
    const auto answer = wait_for(verifier(source).verify<session_claims>(served->session_token()));
    BOOST_TEST(answer.error().reason == reason::keys_unavailable);
    BOOST_TEST(answer.error().cause.status() == 500);
    BOOST_TEST(source.counters().failures == 1U);
}

BOOST_AUTO_TEST_CASE(a_secret_key_is_sent_to_its_service_and_nowhere_else)
{
    const key_cache cache(*on);
    const auto source = cache.clerk_secret_key(secret(secret_key), "", served->url(usher::sandbox::service::clerk));
    wait_for(source.ready());
    BOOST_TEST(served->last_request().target == "/v1/jwks");
    BOOST_CHECK_THROW(cache.clerk_secret_key(secret(secret_key), "", "http://example.com"), std::invalid_argument);
    BOOST_CHECK_THROW(cache.clerk_secret_key(secret(), ""), std::invalid_argument);
    BOOST_CHECK_THROW(cache.url("ftp://example.com/keys"), std::invalid_argument);
    BOOST_CHECK_THROW(cache.url("https://user@example.com/keys"), std::invalid_argument);
    BOOST_CHECK_THROW(cache.clerk_publishable_key("pk_nothing"), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(sources_are_told_apart_by_issuer_address_and_key)
{
    const key_cache cache(*on);
    BOOST_TEST(cache.url("https://a.example/keys").state() == cache.url("https://a.example/keys").state());
    BOOST_TEST(cache.url("https://a.example/keys").state() != cache.url("https://b.example/keys").state());
    BOOST_TEST(cache.url("https://a.example/keys", "https://x").state() !=
               cache.url("https://a.example/keys", "https://y").state());
    BOOST_TEST(cache.clerk_secret_key(secret("sk_test_1")).state() ==
               cache.clerk_secret_key(secret("sk_test_1")).state());
    BOOST_TEST(cache.clerk_secret_key(secret("sk_test_1")).state() !=
               cache.clerk_secret_key(secret("sk_test_2")).state());
    BOOST_TEST(cache.clerk_publishable_key("pk_test_Y2xlcmsuZXhhbXBsZS5jb20k").issuer() == "https://clerk.example.com");
    key_cache_options zero;
    zero.fresh = std::chrono::seconds(0);
    BOOST_CHECK_THROW(key_cache(*on, zero), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
