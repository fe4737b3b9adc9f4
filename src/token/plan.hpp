// How a request is to be judged.
#ifndef USHER_TOKEN_PLAN_HPP
#define USHER_TOKEN_PLAN_HPP

#include <usher/token/request.hpp>

#include "token/jws.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace usher::token::detail {

/// Refused already (`why` has a reason), or a token and its kind. `text` is a part of the request.
struct plan {
    std::string_view text;
    token_kind kind = token_kind::session;
    rejection why;
};

/// `can_ask`: the service can be asked about opaque tokens.
plan make_plan(const request_headers& request, const authenticate_options& options, bool can_ask);

/// The signed kinds, by the keys at hand or with waiting for them; `required`: scopes of kinds that have scopes.
authentication check_signed(const plan& made, const verifier& by, const std::vector<std::string>& required);
boost::asio::awaitable<authentication> verify_signed(const plan& made, const verifier& by,
                                                     const std::vector<std::string>& required);
boost::asio::awaitable<authentication> refused(rejection why);

/// Refuses what was accepted when a required scope is not granted.
template <class Claims>
verdict<Claims> granted(verdict<Claims> answer, const std::vector<std::string>& required)
{
    if (answer)
        for (const auto& scope : required)
            if (!answer->has_scope(scope))
                return rejection(reason::scope, "the scope " + quoted(scope) + " is not granted");
    return answer;
}

/// Waits for a verification and makes an answer of it.
template <class Claims>
boost::asio::awaitable<authentication> answered(boost::asio::awaitable<verdict<Claims>> verification)
{
    auto answer = co_await std::move(verification);
    co_return authentication(std::move(answer));
}

/// The same of what has scopes.
template <class Claims>
boost::asio::awaitable<authentication> answered(boost::asio::awaitable<verdict<Claims>> verification,
                                                std::vector<std::string> required)
{
    auto answer = co_await std::move(verification);
    co_return authentication(granted(std::move(answer), required));
}

} // namespace usher::token::detail

#endif
