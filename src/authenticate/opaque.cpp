// Opaque tokens: the service says what they are.
#include <usher/authenticate.hpp>

#include <usher/clerk/api_keys.hpp>
#include <usher/clerk/m2m_tokens.hpp>
#include <usher/clerk/oauth_access_tokens.hpp>

#include <cmath>

namespace usher::token {

namespace {

/// What an error of the call says about the token.
rejection explain(const error& why)
{
    // 400: no such form of token; 404: no such token. Both are about what was sent, all else is about the way there.
    if (why.kind() == error_kind::service && (why.status() == 400 || why.status() == 404))
        return {reason::revoked, "the service does not know the token"};
    rejection refused(reason::service_unavailable, "the service could not be asked: " + why.message());
    refused.cause = why;
    return refused;
}

/// Nothing to say when the service vouches for the token.
template <class Answer>
rejection judge(const Answer& answer)
{
    if (answer.revoked)
        return {reason::revoked, "the token was revoked"};
    if (answer.expired)
        return {reason::expired, "the token has expired"};
    if (answer.subject.empty())
        return {reason::claim_missing, "the service names no subject"};
    return {};
}

template <class Answer>
void take_common(const Answer& answer, claims& to)
{
    to.subject = answer.subject;
    to.id = answer.id;
    if (answer.expiration)
        to.expires = std::chrono::floor<std::chrono::seconds>(*answer.expiration);
    to.issued = std::chrono::floor<std::chrono::seconds>(answer.created_at);
    if (answer.claims && answer.claims->is_object())
        to.all = answer.claims->get_object();
}

/// The document does not say the unit of these two; no time of interest is near 1973, where milliseconds would be
/// seconds.
unix_seconds either_unit(double count)
{
    constexpr double largest = 253'402'300'799.0;
    const double seconds = count > 1e11 ? count / 1000 : count;
    return unix_seconds(std::chrono::seconds(
        static_cast<std::int64_t>(std::isfinite(seconds) && seconds > 0 ? std::fmin(seconds, largest) : 0)));
}

boost::asio::awaitable<verdict<m2m_claims>> ask_m2m(clerk::client client, clerk::verify_m2m_token_params params,
                                                    call_options options)
{
    const auto answer = co_await client.m2m_tokens().verify(params, options);
    if (!answer)
        co_return explain(answer.error());
    auto why = judge(*answer);
    if (why.reason != reason::none)
        co_return why;
    auto found = std::make_shared<m2m_claims>();
    take_common(*answer, *found);
    found->scopes = answer->scopes.value_or(std::vector<std::string>());
    co_return std::shared_ptr<const m2m_claims>(std::move(found));
}

boost::asio::awaitable<verdict<oauth_claims>> ask_oauth(clerk::client client,
                                                        clerk::verify_oauth_access_token_params params,
                                                        call_options options)
{
    const auto answer = co_await client.oauth_access_tokens().verify(params, options);
    if (!answer)
        co_return explain(answer.error());
    const auto* known = std::get_if<clerk::verify_oauth_access_token_result_option_1>(&*answer);
    if (!known)
        co_return rejection(reason::revoked, "the service says that the token is not active");
    auto why = judge(*known);
    if (why.reason != reason::none)
        co_return why;
    auto found = std::make_shared<oauth_claims>();
    found->subject = known->subject;
    found->id = known->id;
    found->client_id = known->client_id;
    found->scopes = known->scopes;
    if (known->expiration)
        found->expires = either_unit(*known->expiration);
    found->issued = either_unit(known->created_at);
    co_return std::shared_ptr<const oauth_claims>(std::move(found));
}

boost::asio::awaitable<verdict<api_key_claims>> ask_api_key(clerk::client client, clerk::verify_api_key_params params,
                                                            call_options options)
{
    const auto answer = co_await client.api_keys().verify(params, options);
    if (!answer)
        co_return explain(answer.error());
    auto why = judge(*answer);
    if (why.reason != reason::none)
        co_return why;
    auto found = std::make_shared<api_key_claims>();
    take_common(*answer, *found);
    found->name = answer->name;
    found->scopes = answer->scopes;
    co_return std::shared_ptr<const api_key_claims>(std::move(found));
}

} // namespace

call_options verification_call_options()
{
    call_options options;
    options.deadline = std::chrono::seconds(10);
    options.retry.emplace();
    options.retry->max_attempts = 3;
    options.retry->repeat_unsafe = true;
    return options;
}

boost::asio::awaitable<verdict<m2m_claims>> verify_m2m(const clerk::client& client, std::string_view token,
                                                       const call_options& options)
{
    clerk::verify_m2m_token_params params;
    params.token = std::string(token);
    return ask_m2m(client, std::move(params), options);
}

boost::asio::awaitable<verdict<oauth_claims>> verify_oauth(const clerk::client& client, std::string_view token,
                                                           const call_options& options)
{
    clerk::verify_oauth_access_token_params params;
    params.access_token = std::string(token);
    return ask_oauth(client, std::move(params), options);
}

boost::asio::awaitable<verdict<api_key_claims>> verify_api_key(const clerk::client& client, std::string_view token,
                                                               const call_options& options)
{
    clerk::verify_api_key_params params;
    params.secret = std::string(token);
    return ask_api_key(client, std::move(params), options);
}

} // namespace usher::token
