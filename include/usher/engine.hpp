// What clients share: connections, TLS, DNS, scheduling.
#ifndef USHER_ENGINE_HPP
#define USHER_ENGINE_HPP

#include <usher/observer.hpp>
#include <usher/options.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace usher {

namespace detail {
class engine_state;
}

/// Connections, TLS, DNS and scheduling for any number of clients.
///
/// *Lifetime*: clients hold on to what they need of it; the engine may go first. The execution context may go before
/// them all and takes calls along, unless there is a strand or a `redis_budget`. Without a call it holds no work:
/// `io_context::run()` returns, and idle connections stay open for the next run. *Thread safety*: none. One engine per
/// thread; everything of it happens on `executor`, which must not run handlers concurrently (`io_context(1)`, or a
/// strand).
class engine {
public:
    /// *Errors*: `std::invalid_argument` naming the option, or the environment variable of a proxy, that is out of
    /// range; `std::runtime_error` when certificate authorities or revocation lists can't be read.
    explicit engine(boost::asio::any_io_executor executor, engine_options options = engine_options());
    engine(const engine&) = delete;
    engine& operator=(const engine&) = delete;
    /// Closes idle connections. Calls in flight end as they would have.
    ~engine();

    boost::asio::any_io_executor get_executor() const noexcept;
    engine_counters counters() const noexcept;
    /// Closes the connections that no call uses.
    void close_idle();

    const std::shared_ptr<detail::engine_state>& state() const noexcept { return state_; }

private:
    std::shared_ptr<detail::engine_state> state_;
};

} // namespace usher

#endif
