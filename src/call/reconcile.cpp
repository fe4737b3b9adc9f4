#include "call/reconcile.hpp"

#include "retry/decide.hpp"

#include <usher/reconcile.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>

namespace usher::detail {

namespace asio = boost::asio;

namespace {

/// The look-up of the caller; what it throws is kept, so that its time limit does not swallow it.
asio::awaitable<look_result> look_own(const look_up& how, void* target)
{
    look_result result;
    try {
        const auto is_there = co_await how.look(target);
        if (!is_there)
            result = failure_of(is_there.error());
        else
            result.what = *is_there ? found::there : found::absent;
    } catch (...) {
        result.what = found::failed;
        result.thrown = std::current_exception();
    }
    co_return result;
}

asio::awaitable<void> until(time_point deadline)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, deadline);
    [[maybe_unused]] auto [ec] = co_await timer.async_wait(asio::as_tuple(asio::deferred));
}

} // namespace

look_result failure_of(error why)
{
    look_result result;
    result.what = found::failed;
    result.why = std::move(why);
    return result;
}

look_result failure_of(const prepared_call& call, error_kind kind, const char* text)
{
    error_details details;
    details.kind = kind;
    details.operation = call.operation.id;
    details.text = text;
    return failure_of(error(std::move(details)));
}

bool can_reconcile(const prepared_call& call) noexcept
{
    const auto& how = call.options.reconcile;
    return !call.external_id.empty() || (how.own() != nullptr && !retry::is_idempotent(call.operation.method));
}

asio::awaitable<look_result> look_for_effect(const prepared_call& call, void* target, time_point sent,
                                             time_point deadline)
{
    using namespace asio::experimental::awaitable_operators;
    const auto own = call.options.reconcile.own();
    if (!own) {
        auto found = co_await look_ready_made(call, target, sent, deadline);
        if (found.why && found.why->is_cancelled())
            found.what = found::cancelled;
        co_return found;
    }
    auto ended = co_await (look_own(*own, target) || until(deadline));
    const auto state = co_await asio::this_coro::cancellation_state;
    look_result result;
    if (state.cancelled() != asio::cancellation_type::none) {
        result.what = found::cancelled;
        co_return result;
    }
    if (ended.index() == 1)
        co_return failure_of(call, error_kind::timeout, "the look-up did not end before the deadline");
    co_return std::get<0>(std::move(ended));
}

} // namespace usher::detail
