#include "net/dial.hpp"

#include "net/race.hpp"
#include "net/tcp_stream.hpp"

#include <algorithm>

namespace usher::detail {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::chrono::seconds addresses_kept{30};

void describe(dial_result& result, error_kind kind, call_stage stage, const error_code& ec, std::string text)
{
    result.stage = stage;
    result.text = std::move(text);
    if (ec == asio::error::timed_out) {
        result.failure = error_kind::timeout;
    } else if (ec == asio::error::operation_aborted) {
        result.failure = error_kind::cancelled;
        result.text = "cancelled by the caller";
    } else {
        result.failure = kind;
        result.code = ec;
    }
}

// Keeps the watch out of the queue, however the handshake is left.
struct watch_guard {
    watch_guard(deadline_queue& q, stream_watch& w) : queue(q), watch(w) {}
    watch_guard(const watch_guard&) = delete;
    watch_guard& operator=(const watch_guard&) = delete;
    ~watch_guard() { queue.remove(watch); }
    deadline_queue& queue;
    stream_watch& watch;
};

asio::awaitable<void> shake_hands(std::shared_ptr<deadline_queue> deadlines, stream& io, time_point end,
                                  dial_result& result)
{
    stream_watch watch(io);
    const watch_guard guard(*deadlines, watch);
    deadlines->set(watch, end);
    for (;;) {
        const auto step = io.handshake();
        if (step.state == io_state::ready)
            co_return;
        if (step.state == io_state::failed || step.state == io_state::closed) {
            const std::string why = io.failure_text();
            describe(result, error_kind::tls, call_stage::handshake, step.error,
                     why.empty() ? "the TLS handshake failed" : why);
            co_return;
        }
        auto ec = co_await io.wait(step.state);
        const auto cancelled = co_await asio::this_coro::cancellation_state;
        if (cancelled.cancelled() != asio::cancellation_type::none)
            ec = asio::error::operation_aborted;
        if (watch.expired) {
            describe(result, error_kind::tls, call_stage::handshake, asio::error::timed_out,
                     "the TLS handshake did not end in time");
            co_return;
        }
        if (ec) {
            describe(result, error_kind::tls, call_stage::handshake, ec, "waiting for the TLS handshake failed");
            co_return;
        }
    }
}

} // namespace

asio::awaitable<dial_result> dial(asio::any_io_executor executor, std::shared_ptr<deadline_queue> deadlines,
                                  std::shared_ptr<dial_target> target, dial_limits limits)
{
    dial_result result;
    const auto begun = std::chrono::steady_clock::now();
    if (target->make_stream) {
        result.made = std::make_unique<connection>(target->make_stream(), begun);
        co_return std::move(result);
    }
    const auto connect_end = std::min(limits.end, begun + limits.connect);
    auto addresses = target->addresses.addresses;
    if (addresses.empty() || begun >= target->addresses.until) {
        auto found = co_await look_up(executor, target->url.host, target->url.port, connect_end);
        if (found.addresses.empty()) {
            describe(result, error_kind::resolve, call_stage::resolve, found.error,
                     "the name " + target->url.host + " could not be resolved");
            co_return std::move(result);
        }
        addresses = std::move(found.addresses);
        target->addresses = {addresses, std::chrono::steady_clock::now() + addresses_kept};
    }
    auto won = co_await race(executor, std::move(addresses), connect_end);
    if (!won.socket) {
        target->addresses.addresses.clear();
        describe(result, error_kind::connect, call_stage::connect, won.error,
                 won.error == asio::error::timed_out ? "no address of " + target->url.host + " connected in time"
                                                     : "no address of " + target->url.host + " accepted a connection");
        co_return std::move(result);
    }
    std::unique_ptr<stream> io = std::make_unique<tcp_stream>(std::move(*won.socket));
    if (target->tls) {
        io = std::make_unique<tls_stream>(std::move(io), *target->tls, target->url.host, target->sessions);
        const auto end = std::min(limits.end, std::chrono::steady_clock::now() + limits.handshake);
        co_await shake_hands(deadlines, *io, end, result);
        if (result.failure != error_kind::none)
            co_return std::move(result);
        result.resumed = io->resumed();
    }
    result.made = std::make_unique<connection>(std::move(io), std::chrono::steady_clock::now());
    co_return std::move(result);
}

} // namespace usher::detail
