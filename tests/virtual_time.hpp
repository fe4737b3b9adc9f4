// Asio's timers on a clock that a test moves by hand.
#ifndef USHER_TESTS_VIRTUAL_TIME_HPP
#define USHER_TESTS_VIRTUAL_TIME_HPP

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <utility>

namespace virtual_tests {

struct virtual_clock {
    using duration = std::chrono::steady_clock::duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::steady_clock::time_point;
    static constexpr bool is_steady = true;
    static time_point now() noexcept { return current; }

    static inline time_point current{};
};

} // namespace virtual_tests

// The context looks at its timers again at once, whatever the virtual time until then.
template <>
struct boost::asio::wait_traits<virtual_tests::virtual_clock> {
    using duration = virtual_tests::virtual_clock::duration;
    static duration to_wait_duration(const duration&) { return duration::zero(); }
    static duration to_wait_duration(const virtual_tests::virtual_clock::time_point&) { return duration::zero(); }
};

namespace virtual_tests {

inline constexpr virtual_clock::time_point begin{std::chrono::hours(1)};

/// A context and its time, which starts at `begin`.
class virtual_time {
public:
    virtual_time() { virtual_clock::current = begin; }

    boost::asio::io_context& context() { return *io_; }

    /// Runs everything that is due now. Timers that are due expire together with one that is, so waiting for that one
    /// is enough.
    void settle()
    {
        for (int round = 0; round != 2; ++round) {
            io_->restart();
            bool is_over = false;
            boost::asio::basic_waitable_timer<virtual_clock> last(*io_, virtual_clock::time_point::min());
            last.async_wait([&is_over](boost::system::error_code) { is_over = true; });
            while (!is_over)
                io_->run_one();
            io_->poll();
        }
    }
    /// To a point in time in one step.
    void jump_to(virtual_clock::time_point when)
    {
        virtual_clock::current = when;
        settle();
    }
    void walk(virtual_clock::duration length, virtual_clock::duration step)
    {
        const auto end = virtual_clock::current + length;
        while (virtual_clock::current < end)
            jump_to(virtual_clock::current + step);
    }
    /// True if nothing is pending. Call it after `settle`.
    bool is_idle() const { return io_->stopped(); }
    /// Destroys the context with all that is pending in it.
    void destroy() { io_.reset(); }

private:
    std::unique_ptr<boost::asio::io_context> io_ = std::make_unique<boost::asio::io_context>(1);
};

} // namespace virtual_tests

#endif
