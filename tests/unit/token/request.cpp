#include "issuer.hpp"

#include "token/publishable_key.hpp"

#include <usher/token/request.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

using namespace token_tests;
using namespace usher::token;

namespace {

std::int64_t real_count()
{
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()).time_since_epoch().count();
}

json::object fresh(json::object claims)
{
    claims["iat"] = real_count();
    claims.erase("nbf");
    claims["exp"] = real_count() + 600;
    return claims;
}

const std::string& session_token()
{
    static const auto token = make_token(rsa_key(), session_header(), fresh(session_claims_json()));
    return token;
}

std::string machine_token()
{
    auto claims = fresh(session_claims_json());
    claims["sub"] = "mch_1";
    claims["aud"] = json::array{"mch_2"};
    return make_token(rsa_key(), with(session_header(), "cat", "cl_B7d4PD333AAA"), claims);
}

std::string oauth_token()
{
    return make_token(rsa_key(), with(without(session_header(), "cat"), "typ", "at+jwt"),
                      with(fresh(session_claims_json()), "scope", "a b"));
}

verify_options any_machine()
{
    verify_options options;
    options.accept_any_machine = true;
    options.accept_pending = true;
    return options;
}

const verifier& by()
{
    static const verifier one(keys_of({rsa_key().jwk("ins_one")}), any_machine());
    return one;
}

authentication ask(const std::string& authorization, const std::string& cookie,
                   const authenticate_options& options = {})
{
    return authenticate(request_headers(authorization, cookie), by(), options);
}

boost::asio::awaitable<void> run(boost::asio::awaitable<authentication> work, std::optional<authentication>* out)
{
    auto answer = co_await std::move(work);
    *out = std::move(answer);
}

} // namespace

BOOST_AUTO_TEST_SUITE(requests)

BOOST_AUTO_TEST_CASE(a_bearer_token_or_a_session_cookie_signs_in)
{
    for (const auto& scheme : {"Bearer ", "bearer ", "BEARER  ", " Bearer\t"}) {
        const auto answer = ask(scheme + session_token() + " ", "");
        BOOST_TEST_REQUIRE(answer.is_signed_in(), answer.why().text);
        BOOST_TEST(answer.is_authenticated());
        BOOST_TEST(answer.session()->subject == "user_2aB");
        BOOST_TEST(answer.claims()->subject == "user_2aB");
        BOOST_TEST(answer.m2m() == nullptr);
        BOOST_TEST(answer.why().reason == reason::none);
    }
    for (const auto& cookie :
         {"__session=" + session_token(), "a=b; __session=" + session_token() + "; c=d",
          ";;=x;__session=" + session_token(), "__session=; __session=" + session_token(),
          "__session_abc12345=" + session_token(), "__session=" + session_token() + "; __session=" + session_token(),
          "__sessionx=1; x__session=2; __session = " + session_token()})
        BOOST_TEST(ask("", cookie).is_signed_in(), cookie);
}

BOOST_AUTO_TEST_CASE(a_request_without_a_token_is_signed_out)
{
    for (const auto& [authorization, cookie] :
         std::initializer_list<std::pair<std::string, std::string>>{{"", ""},
                                                                    {"Bearer", ""},
                                                                    {"Bearer   ", ""},
                                                                    {"Basic dXNlcjpwYXNz", ""},
                                                                    {"Bearerx" + session_token(), ""},
                                                                    {"", "a=b"},
                                                                    {"", "__session"},
                                                                    {"", "__session="},
                                                                    {"", "__SESSION=" + session_token()},
                                                                    {"", "x__session=" + session_token()},
                                                                    {"", "__client_uat=1"}}) {
        const auto answer = ask(authorization, cookie);
        BOOST_TEST(answer.why().reason == reason::no_token, authorization << '|' << cookie);
        BOOST_TEST(!answer.is_authenticated());
        BOOST_TEST(answer.claims() == nullptr);
    }
}

BOOST_AUTO_TEST_CASE(a_bad_bearer_token_is_not_made_up_for_by_a_cookie)
{
    BOOST_TEST(ask("Bearer nonsense", "__session=" + session_token()).why().reason == reason::malformed);
    BOOST_TEST(ask("Bearer a b", "__session=" + session_token()).why().reason == reason::malformed);
    BOOST_TEST(ask("Bearer a,Bearer b", "__session=" + session_token()).why().reason == reason::malformed);
    BOOST_TEST(ask("Bearer ", "__session=" + session_token()).why().reason == reason::no_token);
    // Another scheme is none of ours.
    BOOST_TEST(ask("Basic dXNlcjpwYXNz", "__session=" + session_token()).is_signed_in());
}

BOOST_AUTO_TEST_CASE(session_cookies_that_differ_are_refused)
{
    const auto good = session_token();
    BOOST_TEST(ask("", "__session=planted; __session=" + good).why().reason == reason::ambiguous);
    BOOST_TEST(ask("", "__session=" + good + "; __session=planted").why().reason == reason::ambiguous);
    BOOST_TEST(ask("", "__session_abcdefgh=" + good + "; __session_abcdefgi=planted").why().reason ==
               reason::ambiguous);
    BOOST_TEST(ask("", "__session=a\r\nb").why().reason == reason::malformed);
    BOOST_TEST(ask("", "__session=\"" + good + "\"").why().reason == reason::malformed);
    BOOST_TEST(ask("", std::string("__session=a\0b", 13)).why().reason == reason::malformed);
}

BOOST_AUTO_TEST_CASE(the_instances_own_cookie_goes_first)
{
    authenticate_options options;
    options.publishable_key = "pk_test_Y2xlcmsuZXhhbXBsZS5jb20k";
    const auto suffix = detail::cookie_suffix(options.publishable_key);
    BOOST_TEST(suffix.size() == 8U);
    const auto good = session_token();
    BOOST_TEST(ask("", "__session=other; __session_" + suffix + "=" + good, options).is_signed_in());
    BOOST_TEST(ask("", "__session_other=x; __session=" + good, options).is_signed_in());
    BOOST_TEST(ask("", "__session_other=" + good, options).why().reason == reason::no_token);
}

BOOST_AUTO_TEST_CASE(a_publishable_key_names_its_host)
{
    BOOST_TEST((publishable_key_host("pk_test_Y2xlcmsuZXhhbXBsZS5jb20k") == "clerk.example.com"));
    BOOST_TEST((publishable_key_host("pk_live_" + base64url("happy-cat-1.clerk.accounts.dev$")) ==
                "happy-cat-1.clerk.accounts.dev"));
    BOOST_TEST((publishable_key_host("pk_live_" + base64url("a.bc$") + "==") == "a.bc"));
    for (const std::string& bad :
         {std::string("sk_test_Y2xlcmsuZXhhbXBsZS5jb20k"), std::string("pk_test_"), std::string("pk_test_!!"),
          "pk_test_" + base64url("clerk.example.com"), "pk_test_" + base64url("$"),
          "pk_test_" + base64url("evil.com/x$"), "pk_test_" + base64url("user@evil.com$"),
          "pk_test_" + base64url("a..b$"), "pk_test_" + base64url(".a.b$"), "pk_test_" + base64url("localhost$"),
          "pk_test_" + base64url("a.b\n$"), "pk_test_" + base64url("A.b$"), "pk_test_" + base64url("a.b$c.d$"),
          "pk_test_" + base64url("a.b:8080$")})
        BOOST_TEST(!publishable_key_host(bad).has_value(), bad);
}

BOOST_AUTO_TEST_CASE(the_cookie_suffix_is_the_begin_of_the_keys_digest)
{
    // printf %s pk_test_Y2xlcmsuZXhhbXBsZS5jb20k | openssl sha1 -binary | base64
    BOOST_TEST(detail::cookie_suffix("pk_test_Y2xlcmsuZXhhbXBsZS5jb20k") == "l2OS3d9k");
}

BOOST_AUTO_TEST_CASE(only_the_kinds_that_are_asked_for_are_accepted)
{
    authenticate_options all;
    all.accept_m2m = all.accept_oauth = all.accept_api_key = true;
    const auto machine = ask("Bearer " + machine_token(), "", all);
    BOOST_TEST_REQUIRE(machine.is_authenticated(), machine.why().text);
    BOOST_TEST(!machine.is_signed_in());
    BOOST_TEST(machine.m2m()->subject == "mch_1");
    const auto oauth = ask("Bearer " + oauth_token(), "", all);
    BOOST_TEST_REQUIRE(oauth.is_authenticated(), oauth.why().text);
    BOOST_TEST(oauth.oauth() != nullptr);
    BOOST_TEST(oauth.claims()->subject == "user_2aB");
    BOOST_TEST(ask("Bearer " + session_token(), "", all).is_signed_in());

    BOOST_TEST(ask("Bearer " + machine_token(), "").why().reason == reason::token_type);
    BOOST_TEST(ask("Bearer " + oauth_token(), "").why().reason == reason::token_type);
    authenticate_options machines;
    machines.accept_session = false;
    machines.accept_m2m = true;
    BOOST_TEST(ask("Bearer " + session_token(), "", machines).why().reason == reason::not_accepted);
    BOOST_TEST(ask("Bearer " + oauth_token(), "", machines).why().reason == reason::not_accepted);
    BOOST_TEST(ask("", "__session=" + session_token(), machines).why().reason == reason::not_accepted);
    // A machine's token in the cookie is judged as the session it claims to be.
    BOOST_TEST(ask("", "__session=" + machine_token(), all).why().reason == reason::token_type);
    authenticate_options no_cookie;
    no_cookie.accept_cookie = false;
    BOOST_TEST(ask("", "__session=" + session_token(), no_cookie).why().reason == reason::no_token);
    for (const char* opaque : {"mt_0123", "oat_0123", "ak_0123"})
        BOOST_TEST(ask(std::string("Bearer ") + opaque, "", all).why().reason == reason::not_accepted);
}

BOOST_AUTO_TEST_CASE(a_pending_session_is_authenticated_and_not_signed_in)
{
    const auto pending = make_token(rsa_key(), session_header(), with(fresh(session_claims_json()), "sts", "pending"));
    const auto answer = ask("Bearer " + pending, "");
    BOOST_TEST_REQUIRE(answer.is_authenticated(), answer.why().text);
    BOOST_TEST_REQUIRE(answer.session() != nullptr);
    BOOST_TEST(!answer.is_signed_in());
    BOOST_TEST(ask("Bearer " + session_token(), "").is_signed_in());
}

BOOST_AUTO_TEST_CASE(required_scopes_are_asked_of_the_kinds_that_have_scopes)
{
    authenticate_options all;
    all.accept_m2m = all.accept_oauth = true;
    all.required_scopes = {"a", "b"};
    BOOST_TEST(ask("Bearer " + session_token(), "", all).is_signed_in());
    BOOST_TEST(ask("Bearer " + machine_token(), "", all).m2m() != nullptr);
    BOOST_TEST(ask("Bearer " + oauth_token(), "", all).oauth() != nullptr);
    all.required_scopes = {"a", "c"};
    BOOST_TEST(ask("Bearer " + session_token(), "", all).is_signed_in());
    BOOST_TEST(ask("Bearer " + oauth_token(), "", all).why().reason == reason::scope);
}

BOOST_AUTO_TEST_CASE(a_cookie_without_a_real_suffix_is_none_of_ours)
{
    for (const char* name : {"__session_", "__session_a", "__session_abcdefg", "__session_abcdefghi",
                             "__session_abcd.fgh", "__session_abcd=fgh"})
        BOOST_TEST(ask("", std::string(name) + "=" + session_token()).why().reason == reason::no_token, name);
    BOOST_TEST(ask("", "__session_planted=x; __session_aZ09-_bc=" + session_token()).is_signed_in());
}

BOOST_AUTO_TEST_CASE(the_kind_of_a_text_is_told_without_verifying)
{
    BOOST_TEST((kind_of(session_token()) == token_kind::session));
    BOOST_TEST((kind_of(machine_token()) == token_kind::m2m));
    BOOST_TEST((kind_of(oauth_token()) == token_kind::oauth));
    BOOST_TEST((kind_of("mt_1") == token_kind::opaque_m2m));
    BOOST_TEST((kind_of("oat_1") == token_kind::opaque_oauth));
    BOOST_TEST((kind_of("ak_1") == token_kind::api_key));
    BOOST_TEST((kind_of("rubbish") == token_kind::session));
}

BOOST_AUTO_TEST_CASE(the_waiting_form_answers_the_same)
{
    boost::asio::io_context io(1);
    authenticate_options all;
    all.accept_m2m = all.accept_oauth = true;
    for (const std::string& authorization : {"Bearer " + session_token(), "Bearer " + machine_token(),
                                             "Bearer " + oauth_token(), std::string("Bearer x"), std::string()}) {
        std::optional<authentication> answer;
        {
            // The texts need not outlive the call.
            const std::string copy = authorization;
            auto work = authenticate_online(request_headers(copy, ""), by(), all);
            boost::asio::co_spawn(io, run(std::move(work), &answer), [](std::exception_ptr thrown) {
                if (thrown)
                    std::rethrow_exception(thrown);
            });
        }
        io.restart();
        io.run();
        BOOST_TEST_REQUIRE(answer.has_value());
        const auto expected = ask(authorization, "", all);
        BOOST_TEST(answer->is_authenticated() == expected.is_authenticated());
        BOOST_TEST(answer->why().reason == expected.why().reason);
    }
}

BOOST_AUTO_TEST_SUITE_END()
