// Who sent a request, when Clerk has to be asked: opaque tokens of machines, OAuth clients and API keys.
#ifndef USHER_AUTHENTICATE_HPP
#define USHER_AUTHENTICATE_HPP

#include <usher/clerk/client.hpp>
#include <usher/options.hpp>
#include <usher/token/request.hpp>

#include <boost/asio/awaitable.hpp>

#include <string_view>

namespace usher::token {

/// What a verification by the service is called with unless told otherwise: 10 s in all, repeated when it fails on the
/// way, since asking twice does no harm.
call_options verification_call_options();

// Each asks the service about one opaque token, at the cost of one request of the client's quota.
//
// *Errors*: `too_large` or `malformed` for what can be none, and nothing is sent; `revoked` for a token that the
// service says it does not know or that was revoked, `expired`; `service_unavailable` with its `cause` for everything
// that says nothing about the token, a refused key of the client and an answer of another form among it.
// *Cancellation*: that of the call. *Lifetime*: the text is needed until the function returns its awaitable.

/// `mt_…`
boost::asio::awaitable<verdict<m2m_claims>> verify_m2m(const clerk::client& client, std::string_view token,
                                                       const call_options& options = verification_call_options());
/// `oat_…`
boost::asio::awaitable<verdict<oauth_claims>> verify_oauth(const clerk::client& client, std::string_view token,
                                                           const call_options& options = verification_call_options());
/// `ak_…`
boost::asio::awaitable<verdict<api_key_claims>> verify_api_key(
    const clerk::client& client, std::string_view token, const call_options& options = verification_call_options());

/// Who sent a request: signed tokens by `verifier`, which may wait for its keys; opaque ones, told by their prefix, by
/// the service. The verifier's required scopes and machine hold for both.
///
/// A token that several bring at once is asked about once; a refusal is remembered for five seconds; at most 64
/// questions are under way, more are refused as `service_unavailable`. These bounds belong to `verifier` and its
/// copies: keep one. *Cancellation*: terminal; a question that others wait for goes on. *Lifetime*: the texts are
/// needed until the function returns its awaitable.
boost::asio::awaitable<authentication> authenticate(const clerk::client& client, const request_headers& request,
                                                    const verifier& verifier,
                                                    const authenticate_options& options = authenticate_options());

} // namespace usher::token

#endif
