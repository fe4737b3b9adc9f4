// Opaque tokens, which the service is asked about.
#include "fixture.hpp"

#include <usher/authenticate.hpp>

using namespace token_tests;
using usher::secret;

namespace {

struct opaque_fixture : live_fixture {
    usher::clerk::client client() const
    {
        usher::client_options options;
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

BOOST_AUTO_TEST_CASE(each_prefix_asks_its_own_endpoint)
{
    // Whatever is asked about is answered from the document: this is about where and how, not about what.
    served->set_mode(usher::sandbox::answers::full);
    const std::pair<const char*, const char*> all[] = {{"mt_0123", "/v1/m2m_tokens/verify"},
                                                       {"oat_0123", "/v1/oauth_applications/access_tokens/verify"},
                                                       {"ak_0123", "/v1/api_keys/verify"}};
    for (const auto& [token, target] : all) {
        const auto answer = ask(std::string("Bearer ") + token, everything());
        const auto asked = served->last_request();
        BOOST_TEST(asked.method == "POST");
        BOOST_TEST(asked.target == target);
        BOOST_TEST(asked.body.find(token) != std::string::npos);
        BOOST_TEST(answer.why().text.find(token) == std::string::npos);
        BOOST_TEST((answer.is_authenticated() || answer.why().reason == reason::revoked ||
                    answer.why().reason == reason::expired),
                   answer.why().text);
    }
}

BOOST_AUTO_TEST_CASE(a_token_that_the_service_does_not_know_is_refused)
{
    usher::sandbox::fault gone(usher::sandbox::fault::kind::answer);
    gone.status = 404;
    served->set_faults({gone});
    for (const char* token : {"mt_0123", "oat_0123", "ak_0123"}) {
        const auto answer = ask(std::string("Bearer ") + token, everything());
        BOOST_TEST(answer.why().reason == reason::revoked, token);
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
