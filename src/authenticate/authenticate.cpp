#include <usher/authenticate.hpp>

#include "token/plan.hpp"

namespace usher::token {

namespace {

std::vector<std::string> both(const std::vector<std::string>& a, const std::vector<std::string>& b)
{
    auto all = a;
    all.insert(all.end(), b.begin(), b.end());
    return all;
}

/// A machine's token is for its machines alone, opaque or not.
boost::asio::awaitable<authentication> asked_of_machine(boost::asio::awaitable<verdict<m2m_claims>> verification,
                                                        verifier by)
{
    const auto& wanted = by.options();
    auto verified = co_await std::move(verification);
    auto answer = detail::granted(std::move(verified), wanted.required_scopes);
    if (answer && !wanted.machine_id.empty() && !answer->has_scope(wanted.machine_id))
        answer = rejection(reason::audience, "the token is not for " + detail::quoted(wanted.machine_id));
    co_return authentication(std::move(answer));
}

} // namespace

boost::asio::awaitable<authentication> authenticate(const clerk::client& client, const request_headers& request,
                                                    const verifier& verifier, const authenticate_options& options)
{
    auto made = detail::make_plan(request, options, true);
    if (made.why.reason != reason::none)
        return detail::refused(std::move(made.why));
    const auto& wanted = verifier.options();
    const auto required = both(wanted.required_scopes, options.required_scopes);
    switch (made.kind) {
    case token_kind::opaque_m2m:
        if (wanted.machine_id.empty() && wanted.required_scopes.empty() && !wanted.accept_any_machine)
            return detail::refused(rejection(reason::audience, "no machine is configured, and a machine's token is for "
                                                               "its machines alone"));
        return asked_of_machine(verify_m2m(client, made.text), verifier);
    case token_kind::opaque_oauth:
        return detail::answered(verify_oauth(client, made.text), required);
    case token_kind::api_key:
        return detail::answered(verify_api_key(client, made.text), required);
    case token_kind::session:
    case token_kind::m2m:
    case token_kind::oauth:
        break;
    }
    return detail::verify_signed(made, verifier, options.required_scopes);
}

} // namespace usher::token
