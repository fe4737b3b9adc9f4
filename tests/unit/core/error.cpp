#include "core/proxy.hpp"

#include <usher/result.hpp>

#include <boost/test/unit_test.hpp>

using namespace usher;

namespace {

error answered(int status, const char* code = nullptr)
{
    error_details details;
    details.kind = error_kind::service;
    details.outcome = call_outcome::answered;
    details.status = status;
    details.operation = "CreateUser";
    if (code != nullptr) {
        service_error one;
        one.code = code;
        one.message = "short";
        one.long_message = "long";
        details.errors.push_back(one);
    }
    return error(std::move(details));
}

error of_kind(error_kind kind)
{
    error_details details;
    details.kind = kind;
    return error(std::move(details));
}

} // namespace

BOOST_AUTO_TEST_SUITE(errors)

BOOST_AUTO_TEST_CASE(answer_what_a_caller_asks)
{
    BOOST_TEST(answered(404).is_not_found());
    BOOST_TEST(answered(401).is_unauthorized());
    BOOST_TEST(answered(403).is_forbidden());
    BOOST_TEST(answered(429).is_rate_limited());
    BOOST_TEST(answered(422).is_invalid());
    BOOST_TEST(answered(504).is_timeout());
    BOOST_TEST(!answered(422).is_already_exists());
    BOOST_TEST(answered(422, "form_identifier_exists").is_already_exists());
    BOOST_TEST(answered(409).is_already_exists());
    BOOST_TEST(!answered(409, "resource_locked").is_already_exists());
    BOOST_TEST(of_kind(error_kind::timeout).is_timeout());
    BOOST_TEST(of_kind(error_kind::cancelled).is_cancelled());
}

BOOST_AUTO_TEST_CASE(say_what_may_be_tried_again)
{
    for (const int status : {408, 425, 429, 500, 502, 503, 504})
        BOOST_TEST(answered(status).is_retryable(), status);
    for (const int status : {400, 401, 403, 404, 409, 422})
        BOOST_TEST(!answered(status).is_retryable(), status);
    BOOST_TEST(answered(409, "resource_locked").is_retryable());
    for (const auto kind : {error_kind::timeout, error_kind::connect, error_kind::connection, error_kind::resolve,
                            error_kind::overloaded})
        BOOST_TEST(of_kind(kind).is_retryable(), to_string(kind));
    for (const auto kind : {error_kind::invalid_request, error_kind::cancelled, error_kind::tls, error_kind::decode,
                            error_kind::protocol})
        BOOST_TEST(!of_kind(kind).is_retryable(), to_string(kind));
}

BOOST_AUTO_TEST_CASE(a_proxys_refusal_may_be_tried_again_when_it_may_pass)
{
    const auto refused = [](int status) {
        error_details details;
        details.kind = error_kind::connect;
        details.code.assign(status, detail::proxy_status_category());
        return error(std::move(details));
    };
    for (const int status : {408, 425, 429, 500, 502, 503, 504})
        BOOST_TEST(refused(status).is_retryable(), status);
    for (const int status : {302, 400, 401, 403, 404, 407, 501})
        BOOST_TEST(!refused(status).is_retryable(), status);
}

BOOST_AUTO_TEST_CASE(read_as_one_line)
{
    BOOST_TEST(answered(422, "form_identifier_exists").message() ==
               "CreateUser: HTTP 422: service; form_identifier_exists: long");
    error_details details;
    details.kind = error_kind::connection;
    details.outcome = call_outcome::unknown;
    details.stopped = stop_reason::not_repeatable;
    details.operation = "CreateUser";
    details.attempts = 2;
    details.text = "the connection ended before an answer came";
    details.trace_id = "abc";
    BOOST_TEST(error(details).message() ==
               "CreateUser: the connection ended before an answer came; 2 attempts, not safe to "
               "repeat; it may have taken effect; trace abc");
}

BOOST_AUTO_TEST_CASE(are_thrown_by_value_and_only_by_value)
{
    const result<int> failed = answered(404);
    BOOST_TEST(!failed);
    BOOST_CHECK_EXCEPTION(failed.value(), call_failed, [](const call_failed& e) { return e.error().is_not_found(); });
    const result<int> good = 7;
    BOOST_TEST(good.value() == 7);
}

BOOST_AUTO_TEST_CASE(have_a_text_for_every_enumerator)
{
    for (int i = 0; i <= static_cast<int>(error_kind::credentials); ++i)
        BOOST_TEST(!to_string(static_cast<error_kind>(i)).empty());
    for (int i = 0; i <= static_cast<int>(call_stage::backoff); ++i)
        BOOST_TEST(!to_string(static_cast<call_stage>(i)).empty());
    BOOST_TEST(to_string(error_kind::credentials) == "credentials");
    BOOST_TEST(to_string(call_stage::backoff) == "backoff");
    BOOST_TEST(to_string(stop_reason::cancelled) == "cancelled");
}

BOOST_AUTO_TEST_SUITE_END()
