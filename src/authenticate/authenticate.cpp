#include <usher/authenticate.hpp>

#include "token/jws.hpp"
#include "token/plan.hpp"

namespace usher::token {

namespace {

/// A verification by the service, held to the scopes that the verifier asks for.
template <class Claims>
boost::asio::awaitable<authentication> asked(boost::asio::awaitable<verdict<Claims>> verification,
                                             std::vector<std::string> required)
{
    auto answer = co_await std::move(verification);
    if (answer)
        for (const auto& scope : required)
            if (!answer->has_scope(scope))
                co_return authentication(
                    rejection(reason::scope, "the scope " + detail::quoted(scope) + " is not granted"));
    co_return authentication(std::move(answer));
}

} // namespace

boost::asio::awaitable<authentication> authenticate(const clerk::client& client, const request_headers& request,
                                                    const verifier& verifier, const authenticate_options& options)
{
    auto made = detail::make_plan(request, options, true);
    if (made.why.reason != reason::none)
        return detail::refused(std::move(made.why));
    const auto& required = verifier.options().required_scopes;
    switch (made.kind) {
    case token_kind::opaque_m2m:
        return asked(verify_m2m(client, made.text), required);
    case token_kind::opaque_oauth:
        return asked(verify_oauth(client, made.text), required);
    case token_kind::api_key:
        return asked(verify_api_key(client, made.text), required);
    case token_kind::session:
    case token_kind::m2m:
    case token_kind::oauth:
        break;
    }
    return detail::verify_signed(made, verifier);
}

} // namespace usher::token
