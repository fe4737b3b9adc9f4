#include <usher/authenticate.hpp>

#include "token/ask_limit.hpp"
#include "token/digest.hpp"
#include "token/opaque_answer.hpp"
#include "token/plan.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace usher::token {

namespace {

namespace asio = boost::asio;
using detail::ask_limit;

template <class Claims>
using asking = asio::awaitable<verdict<Claims>> (*)(const clerk::client&, std::string_view, const call_options&);

std::vector<std::string> both(const std::vector<std::string>& a, const std::vector<std::string>& b)
{
    auto all = a;
    all.insert(all.end(), b.begin(), b.end());
    return all;
}

/// Of the token and of who asks about it: another client is another instance of the service.
ask_limit::digest digest_of(const clerk::client& client, std::string_view token)
{
    const auto whose = std::to_string(reinterpret_cast<std::uintptr_t>(client.state().get()));
    return detail::sha256(whose + '\n' + std::string(token));
}

/// Asks whether anybody waits or not: one that gives up must not take the answer from the others.
template <class Claims>
asio::awaitable<void> fly(verifier by, asio::awaitable<verdict<Claims>> question, ask_limit::digest token,
                          std::shared_ptr<ask_limit::flight> one)
{
    rejection why(reason::service_unavailable, "asking the service broke off");
    std::shared_ptr<const void> claims;
    try {
        auto answer = co_await std::move(question);
        claims = answer.share();
        why = answer.error();
    } catch (...) {
        // `why` says so.
    }
    detail::asks_of(*by.state())
        .landed(token, one, std::move(claims), std::move(why), std::chrono::steady_clock::now());
}

/// Somebody who waits for a flight; however its coroutine ends, it is off the list.
class passenger {
public:
    passenger(asio::any_io_executor executor, ask_limit::flight& on)
        : sleep(std::move(executor), asio::steady_timer::time_point::max()),
          on_(on),
          place_(on.wake.insert(on.wake.end(), [this] { sleep.cancel(); }))
    {
    }
    passenger(const passenger&) = delete;
    passenger& operator=(const passenger&) = delete;
    ~passenger()
    {
        if (!on_.is_over)
            on_.wake.erase(place_);
    }

    asio::steady_timer sleep;

private:
    ask_limit::flight& on_;
    std::list<std::function<void()>>::iterator place_;
};

template <class Claims>
asio::awaitable<verdict<Claims>> ask(clerk::client client, verifier by, secret token, asking<Claims> how)
{
    const auto text = token.reveal();
    auto improbable = detail::check_opaque_text(text);
    if (improbable.reason != reason::none)
        co_return improbable;
    const auto digest = digest_of(client, text);
    auto advice = detail::asks_of(*by.state()).ask(digest, std::chrono::steady_clock::now());
    if (advice.why.reason != reason::none)
        co_return advice.why;
    const auto executor = co_await asio::this_coro::executor;
    const auto flight = advice.joined;
    passenger self(executor, *flight);
    if (advice.is_leader)
        asio::co_spawn(executor, fly<Claims>(by, how(client, text, verification_call_options()), digest, flight),
                       [flight](std::exception_ptr) {});
    boost::system::error_code woken;
    auto sleep = asio::redirect_error(asio::use_awaitable, woken);
    co_await self.sleep.async_wait(sleep);
    if (!flight->is_over) {
        rejection why(reason::service_unavailable, "cancelled by the caller");
        error_details details;
        details.kind = error_kind::cancelled;
        details.text = why.text;
        why.cause = error(std::move(details));
        co_return why;
    }
    if (!flight->claims)
        co_return flight->why;
    co_return std::static_pointer_cast<const Claims>(flight->claims);
}

/// A machine's token is for its machines alone, opaque or not.
asio::awaitable<authentication> of_machine(asio::awaitable<verdict<m2m_claims>> verification, verifier by)
{
    const auto& wanted = by.options();
    auto verified = co_await std::move(verification);
    auto answer = detail::granted(std::move(verified), wanted.required_scopes);
    if (answer && !wanted.machine_id.empty() && !answer->has_scope(wanted.machine_id))
        answer = rejection(reason::audience, "the token is not for " + detail::quoted(wanted.machine_id));
    co_return authentication(std::move(answer));
}

} // namespace

asio::awaitable<authentication> authenticate(const clerk::client& client, const request_headers& request,
                                             const verifier& verifier, const authenticate_options& options)
{
    auto made = detail::make_plan(request, options, true);
    if (made.why.reason != reason::none)
        return detail::refused(std::move(made.why));
    const auto& wanted = verifier.options();
    switch (made.kind) {
    case token_kind::opaque_m2m:
        if (wanted.machine_id.empty() && wanted.required_scopes.empty() && !wanted.accept_any_machine)
            return detail::refused(rejection(
                reason::audience, "no machine is configured, and a machine's token is for its machines alone"));
        return of_machine(ask<m2m_claims>(client, verifier, secret(made.text), verify_m2m), verifier);
    case token_kind::opaque_oauth:
        return detail::answered(ask<oauth_claims>(client, verifier, secret(made.text), verify_oauth),
                                both(wanted.required_scopes, options.required_scopes));
    case token_kind::api_key:
        return detail::answered(ask<api_key_claims>(client, verifier, secret(made.text), verify_api_key),
                                both(wanted.required_scopes, options.required_scopes));
    case token_kind::session:
    case token_kind::m2m:
    case token_kind::oauth:
        break;
    }
    return detail::verify_signed(made, verifier, options.required_scopes);
}

} // namespace usher::token
