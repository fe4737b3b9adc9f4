// A call that wants one ticket, and what became of it.
#ifndef USHER_TESTS_SCHEDULE_LIMITER_CALL_HPP
#define USHER_TESTS_SCHEDULE_LIMITER_CALL_HPP

#include "limiter_time.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <memory>

namespace schedule_tests {

inline std::shared_ptr<limiter> make_limiter(virtual_time& time, const usher::quota& limit,
                                             std::size_t max_waiting = 1000)
{
    usher::schedule::limiter_options how;
    how.max_waiting = max_waiting;
    return std::make_shared<limiter>(time.context().get_executor(),
                                     std::make_shared<usher::schedule::rule_table>(limit), how);
}

inline usher::schedule::demand demand_of(const limiter& limits, std::uint16_t endpoint,
                                         usher::lane priority = usher::lane::interactive, std::uint16_t tenant = 0)
{
    return {endpoint, limits.rules().draws(endpoint, {}), priority, tenant};
}

class call {
public:
    std::uint16_t endpoint = 0;
    usher::lane priority = usher::lane::interactive;
    std::uint16_t tenant = 0;
    virtual_clock::time_point deadline = virtual_clock::time_point::max();

    bool ended = false;
    boost::system::error_code error;
    virtual_clock::time_point when{};
    usher::schedule::ticket pass;
    boost::asio::cancellation_signal cancel;

    bool admitted() const { return ended && !error && pass.valid(); }
    bool failed(usher::schedule::admission_error expected) const { return ended && error == expected && !pass.valid(); }
};

inline boost::asio::awaitable<void> run(std::shared_ptr<limiter> limits, call* one)
{
    namespace asio = boost::asio;
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto what = demand_of(*limits, one->endpoint, one->priority, one->tenant);
    one->error = co_await limits->admit(what, one->deadline, one->pass);
    one->when = virtual_clock::now();
    one->ended = true;
}

/// Starts it, up to where it waits.
inline void spawn(virtual_time& time, const std::shared_ptr<limiter>& limits, call& one)
{
    namespace asio = boost::asio;
    asio::co_spawn(time.context(), run(limits, &one),
                   asio::bind_cancellation_slot(one.cancel.slot(), [](std::exception_ptr thrown) {
                       if (thrown)
                           std::rethrow_exception(thrown);
                   }));
    time.settle();
}

} // namespace schedule_tests

#endif
