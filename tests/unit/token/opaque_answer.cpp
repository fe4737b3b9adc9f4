// What is made of the service's answers about opaque tokens, and how often it is asked.
#include "issuer.hpp"

#include "token/ask_limit.hpp"
#include "token/digest.hpp"
#include "token/opaque_answer.hpp"

using namespace token_tests;
using namespace usher::token;
using detail::ask_limit;
using std::chrono::seconds;

namespace {

json::object key_answer()
{
    json::object answer;
    answer["object"] = "api_key";
    answer["id"] = "ak_1";
    answer["subject"] = "user_1";
    answer["name"] = "of the build";
    answer["scopes"] = json::array{"read"};
    answer["revoked"] = false;
    answer["expired"] = false;
    answer["expiration"] = nullptr;
    answer["created_at"] = now_count * 1000;
    return answer;
}

reason judged(const json::value& answer)
{
    return detail::read_api_key_answer(answer, now).error().reason;
}

usher::error answered(int status, const char* code)
{
    usher::error_details details;
    details.kind = usher::error_kind::service;
    details.status = status;
    if (code) {
        usher::service_error one;
        one.code = code;
        details.errors.push_back(one);
    }
    return usher::error(std::move(details));
}

ask_limit::digest token_of(int number)
{
    return detail::sha256(std::to_string(number));
}

} // namespace

BOOST_AUTO_TEST_SUITE(opaque_answers)

BOOST_AUTO_TEST_CASE(an_answer_is_read_whole)
{
    const auto key = detail::read_api_key_answer(with(key_answer(), "expiration", (now_count + 60) * 1000), now);
    BOOST_TEST_REQUIRE(key.has_value(), key.error().text);
    BOOST_TEST(key->subject == "user_1");
    BOOST_TEST(key->name == "of the build");
    BOOST_TEST(key->has_scope("read"));
    BOOST_TEST((key->expires == now + seconds(60)));
    BOOST_TEST((key->issued == now));
    BOOST_TEST((detail::read_api_key_answer(key_answer(), now)->expires == usher::unix_seconds::max()));
    const auto machine = detail::read_m2m_answer(with(key_answer(), "object", "machine_to_machine_token"), now);
    BOOST_TEST_REQUIRE(machine.has_value(), machine.error().text);
    auto of_client = with(with(key_answer(), "object", "clerk_idp_oauth_access_token"), "client_id", "client_1");
    of_client["expiration"] = now_count + 60.0; // in seconds
    const auto oauth = detail::read_oauth_answer(of_client, now);
    BOOST_TEST_REQUIRE(oauth.has_value(), oauth.error().text);
    BOOST_TEST(oauth->client_id == "client_1");
    BOOST_TEST((oauth->expires == now + seconds(60)));
}

BOOST_AUTO_TEST_CASE(an_answer_that_does_not_say_vouches_for_nothing)
{
    for (const char* name : {"revoked", "expired", "object"})
        BOOST_TEST(judged(without(key_answer(), name)) == reason::service_unavailable, name);
    for (const char* name : {"revoked", "expired"})
        for (const json::value& value : {json::value(nullptr), json::value("false"), json::value(0)})
            BOOST_TEST(judged(with(key_answer(), name, value)) == reason::service_unavailable, name);
    BOOST_TEST(judged(with(key_answer(), "object", "machine_to_machine_token")) == reason::service_unavailable);
    BOOST_TEST(judged(with(key_answer(), "expiration", "tomorrow")) == reason::service_unavailable);
    BOOST_TEST(judged(with(key_answer(), "scopes", "read")) == reason::service_unavailable);
    BOOST_TEST(judged(json::array{}) == reason::service_unavailable);
    BOOST_TEST(judged(json::object{}) == reason::service_unavailable);
    BOOST_TEST(judged(without(key_answer(), "subject")) == reason::claim_missing);
}

BOOST_AUTO_TEST_CASE(a_token_that_was_revoked_or_has_expired_is_refused)
{
    BOOST_TEST(judged(with(key_answer(), "revoked", true)) == reason::revoked);
    BOOST_TEST(judged(with(key_answer(), "expired", true)) == reason::expired);
    // Whatever the flag says.
    BOOST_TEST(judged(with(key_answer(), "expiration", now_count * 1000)) == reason::expired);
    BOOST_TEST(judged(with(key_answer(), "expiration", now_count)) == reason::expired);
    BOOST_TEST(judged(with(key_answer(), "expiration", (now_count + 1) * 1000)) == reason::none);
    BOOST_TEST(detail::read_oauth_answer(json::object{{"active", false}}, now).error().reason == reason::revoked);
    BOOST_TEST(detail::read_oauth_answer(json::object{{"active", true}}, now).error().reason ==
               reason::service_unavailable);
}

BOOST_AUTO_TEST_CASE(only_the_services_own_code_says_that_a_token_is_unknown)
{
    BOOST_TEST(detail::explain_call(answered(404, "resource_not_found")).reason == reason::revoked);
    BOOST_TEST(detail::explain_call(answered(400, "token_invalid")).reason == reason::revoked);
    for (const auto& why : {answered(404, nullptr), answered(400, "form_param_missing"),
                            answered(401, "resource_not_found"), answered(500, "resource_not_found")}) {
        const auto refused = detail::explain_call(why);
        BOOST_TEST(refused.reason == reason::service_unavailable);
        BOOST_TEST(refused.cause.status() == why.status());
    }
}

BOOST_AUTO_TEST_CASE(what_can_be_no_token_is_not_asked_about)
{
    BOOST_TEST(detail::check_opaque_text("ak_0123-_aZ").reason == reason::none);
    BOOST_TEST(detail::check_opaque_text("ak_" + std::string(509, 'a')).reason == reason::none);
    BOOST_TEST(detail::check_opaque_text("ak_" + std::string(510, 'a')).reason == reason::too_large);
    for (const char* bad : {"", "ak_", "ak_a.b", "ak_a b", "ak_a\n", "ak_\xc3\xa4", "ak_a="})
        BOOST_TEST(detail::check_opaque_text(bad).reason == reason::malformed, bad);
}

BOOST_AUTO_TEST_CASE(a_token_is_asked_about_once_and_its_refusal_remembered_for_a_while)
{
    ask_limit limit;
    const ask_limit::time_point begin{};
    const auto first = limit.ask(token_of(1), begin);
    BOOST_TEST(first.is_leader);
    const auto second = limit.ask(token_of(1), begin);
    BOOST_TEST(!second.is_leader);
    BOOST_TEST((second.joined == first.joined));
    int woken = 0;
    second.joined->wake.emplace_back([&woken] { ++woken; });
    limit.landed(token_of(1), first.joined, nullptr, rejection(reason::revoked, "gone"), begin);
    BOOST_TEST(woken == 1);
    BOOST_TEST(second.joined->is_over);
    BOOST_TEST(second.joined->why.reason == reason::revoked);
    BOOST_TEST(limit.ask(token_of(1), begin + seconds(4)).why.reason == reason::revoked);
    BOOST_TEST(limit.ask(token_of(1), begin + seconds(5)).is_leader);
}

BOOST_AUTO_TEST_CASE(what_was_accepted_or_could_not_be_asked_is_asked_about_again)
{
    ask_limit limit;
    for (const auto why : {reason::none, reason::service_unavailable}) {
        const auto one = limit.ask(token_of(1), {});
        BOOST_TEST_REQUIRE(one.is_leader);
        limit.landed(token_of(1), one.joined, nullptr, rejection(why, ""), {});
    }
    BOOST_TEST(limit.ask(token_of(1), {}).is_leader);
}

BOOST_AUTO_TEST_CASE(questions_and_refusals_are_bounded)
{
    ask_limit limit;
    const ask_limit::time_point begin{};
    {
        std::vector<ask_limit::advice> flying;
        for (int i = 0; i != static_cast<int>(ask_limit::most_flights); ++i)
            flying.push_back(limit.ask(token_of(i), begin));
        BOOST_TEST(flying.back().is_leader);
        BOOST_TEST(limit.ask(token_of(1000), begin).why.reason == reason::service_unavailable);
        BOOST_TEST((limit.ask(token_of(3), begin).joined == flying[3].joined));
    }
    // Flights that nobody holds any more are over.
    BOOST_TEST(limit.ask(token_of(1000), begin).is_leader);
    for (int i = 0; i != 2000; ++i) {
        const auto one = limit.ask(token_of(i), begin);
        limit.landed(token_of(i), one.joined, nullptr, rejection(reason::revoked, ""), begin);
    }
    BOOST_TEST(limit.ask(token_of(1999), begin).why.reason == reason::revoked);
    BOOST_TEST(limit.ask(token_of(0), begin).is_leader);
}

BOOST_AUTO_TEST_SUITE_END()
