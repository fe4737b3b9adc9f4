#include "net/opening.hpp"

#include "net/connection.hpp"

namespace usher::detail {

namespace asio = boost::asio;

namespace {

// Keeps the watch out of the queue, however the opening is left.
struct watch_guard {
    watch_guard(deadline_queue& q, stream_watch& w) : queue(q), watch(w) {}
    watch_guard(const watch_guard&) = delete;
    watch_guard& operator=(const watch_guard&) = delete;
    ~watch_guard() { queue.remove(watch); }
    deadline_queue& queue;
    stream_watch& watch;
};

} // namespace

io_state tls_opening::advance() noexcept
{
    const auto step = on_.handshake();
    code_ = step.error;
    return step.state == io_state::closed ? io_state::failed : step.state;
}

std::string tls_opening::text() const
{
    const std::string why = on_.failure_text();
    return why.empty() ? "the TLS handshake failed" : why;
}

asio::awaitable<opened> drive(std::shared_ptr<deadline_queue> deadlines, stream& on, opening& what, time_point end)
{
    opened result;
    stream_watch watch(on);
    const watch_guard guard(*deadlines, watch);
    deadlines->set(watch, end);
    for (;;) {
        // A peer that always has one byte more must not get around the deadline.
        if (watch.expired || std::chrono::steady_clock::now() >= end) {
            result.error = asio::error::timed_out;
            co_return result;
        }
        const auto state = what.advance();
        if (state == io_state::ready || state == io_state::failed) {
            result.done = state == io_state::ready;
            result.failed_itself = !result.done;
            if (result.failed_itself)
                result.error = what.code();
            co_return result;
        }
        const auto waited = co_await on.wait(state);
        const auto cancelled = co_await asio::this_coro::cancellation_state;
        if (cancelled.cancelled() != asio::cancellation_type::none) {
            result.error = asio::error::operation_aborted;
            co_return result;
        }
        if (waited && !watch.expired) {
            result.error = waited;
            co_return result;
        }
    }
}

} // namespace usher::detail
