// Opaque tokens: the service says what they are.
#include <usher/authenticate.hpp>

#include "token/opaque_answer.hpp"

#include <usher/clerk/api_keys.hpp>
#include <usher/clerk/m2m_tokens.hpp>
#include <usher/clerk/oauth_access_tokens.hpp>
#include <usher/clerk/operations.hpp>
#include <usher/detail/operation.hpp>
#include <usher/detail/type_table.hpp>
#include <usher/detail/typed_call.hpp>

#include <stdexcept>

namespace usher::token {

namespace {

namespace json = boost::json;

/// The operation with an answer as it came: a typed one does not tell a flag that is false from one that is missing.
usher::detail::operation_info answered_in_json(std::string_view id)
{
    static const usher::detail::type_info any{usher::detail::kind::json_value,
                                              "json_value",
                                              sizeof(json::value),
                                              {},
                                              {},
                                              {},
                                              {},
                                              nullptr,
                                              nullptr,
                                              nullptr,
                                              nullptr};
    for (const auto* one : clerk::service().operations)
        if (one->id == id) {
            auto same = *one;
            same.result = &any;
            return same;
        }
    throw std::logic_error("the service has no such operation");
}

unix_seconds current_time()
{
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

template <class Claims>
using reading = verdict<Claims> (*)(const json::value& answer, unix_seconds now);

template <class Claims>
boost::asio::awaitable<verdict<Claims>> refuse(rejection why)
{
    co_return why;
}

template <class Claims>
boost::asio::awaitable<verdict<Claims>> judge(boost::asio::awaitable<result<json::value>> asking, reading<Claims> read)
{
    const auto answer = co_await std::move(asking);
    if (!answer)
        co_return detail::explain_call(answer.error());
    co_return read(*answer, current_time());
}

/// `params` has the token already.
template <class Claims, class Params>
boost::asio::awaitable<verdict<Claims>> ask(const clerk::client& client, std::string_view token, const Params& params,
                                            const usher::detail::operation_info& operation, reading<Claims> read,
                                            const call_options& options)
{
    auto why = detail::check_opaque_text(token);
    if (why.reason != reason::none)
        return refuse<Claims>(std::move(why));
    auto call = usher::detail::prepare(client.state(), operation, {}, &params, options);
    return judge<Claims>(usher::detail::run<json::value>(std::move(call)), read);
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
    static const auto operation = answered_in_json("verifyM2MToken");
    return ask<m2m_claims>(client, token, params, operation, detail::read_m2m_answer, options);
}

boost::asio::awaitable<verdict<oauth_claims>> verify_oauth(const clerk::client& client, std::string_view token,
                                                           const call_options& options)
{
    clerk::verify_oauth_access_token_params params;
    params.access_token = std::string(token);
    static const auto operation = answered_in_json("verifyOAuthAccessToken");
    return ask<oauth_claims>(client, token, params, operation, detail::read_oauth_answer, options);
}

boost::asio::awaitable<verdict<api_key_claims>> verify_api_key(const clerk::client& client, std::string_view token,
                                                               const call_options& options)
{
    clerk::verify_api_key_params params;
    params.secret = std::string(token);
    static const auto operation = answered_in_json("verifyApiKey");
    return ask<api_key_claims>(client, token, params, operation, detail::read_api_key_answer, options);
}

} // namespace usher::token
