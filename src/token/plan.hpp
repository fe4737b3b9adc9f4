// How a request is to be judged.
#ifndef USHER_TOKEN_PLAN_HPP
#define USHER_TOKEN_PLAN_HPP

#include <usher/token/request.hpp>

#include <string_view>

namespace usher::token::detail {

/// Refused already (`why` has a reason), or a token and its kind. `text` is a part of the request.
struct plan {
    std::string_view text;
    token_kind kind = token_kind::session;
    rejection why;
};

/// `can_ask`: the service can be asked about opaque tokens.
plan make_plan(const request_headers& request, const authenticate_options& options, bool can_ask);

/// The signed kinds, by the keys at hand or with waiting for them.
authentication check_signed(const plan& made, const verifier& by);
boost::asio::awaitable<authentication> verify_signed(const plan& made, const verifier& by);
boost::asio::awaitable<authentication> refused(rejection why);

/// Waits for a verification and makes an answer of it.
template <class Claims>
boost::asio::awaitable<authentication> answered(boost::asio::awaitable<verdict<Claims>> verification)
{
    auto answer = co_await std::move(verification);
    co_return authentication(std::move(answer));
}

} // namespace usher::token::detail

#endif
