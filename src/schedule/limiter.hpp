// The limits of one instance of a service, as calls meet them: admission that waits.
//
// Vocabulary. A *waiter* is a call that was not admitted at once. The *alarm* is the timer that looks at the line next.
// Invariants. Whoever may start now is not in line. The alarm is set exactly while somebody is in line whom time alone
// can help, so nothing is pending when nobody waits. Every ticket is settled once.
// Lifecycle of a waiter. In line; then granted (its timer is cancelled, the ticket is in it), or it ends by
// deadline or cancellation and leaves the line. A granted one that is cancelled before it runs gives its ticket back.
#ifndef USHER_SRC_SCHEDULE_LIMITER_HPP
#define USHER_SRC_SCHEDULE_LIMITER_HPP

#include "schedule/pacer.hpp"
#include "schedule/waiting_line.hpp"

#include <usher/options.hpp>
#include <usher/quota.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>

namespace usher::schedule {

/// Why a call was not admitted.
enum class admission_error {
    overloaded = 1, ///< too many wait already
    timed_out,      ///< not before the deadline
    cancelled
};

const boost::system::error_category& admission_category() noexcept;
boost::system::error_code make_error_code(admission_error error) noexcept;

/// Admission to one instance (origin + key), shared by its clients through `shared_ptr`.
///
/// `Clock` has steady_clock's time points; `limiter` is the one to use.
/// *Thread safety*: none. Everything happens on `executor`, which must not run handlers concurrently.
template <class Clock>
class basic_limiter : public std::enable_shared_from_this<basic_limiter<Clock>> {
public:
    static constexpr std::size_t default_max_waiting = 100'000;

    /// At most `max_waiting` calls wait. `timeout`: see `pacer`. Held by a `shared_ptr` before `admit` is called.
    basic_limiter(boost::asio::any_io_executor executor, const quota& limit,
                  std::size_t max_waiting = default_max_waiting, duration timeout = std::chrono::seconds(30));
    basic_limiter(const basic_limiter&) = delete;
    basic_limiter& operator=(const basic_limiter&) = delete;
    ~basic_limiter();

    /// A ticket, if one can be had now without passing anyone who waits; else `admit` waits for one.
    std::optional<ticket> try_admit(std::uint16_t endpoint, lane priority);

    /// Waits for a ticket and puts it into `out`: first come, first served in each lane, interactive before bulk
    /// (waiting_line.hpp says how far). A frozen endpoint holds up nobody else.
    ///
    /// *Errors*: `timed_out` at the deadline, or at once when the predicted start is not before it (the prediction
    /// leans to the early side); `overloaded` at once; `cancelled`. `out` is valid exactly when there is no error.
    /// *Cancellation*: terminal, and partial and total where the coroutine's cancellation state lets them through:
    /// leaves the line, draws on nothing. *Lifetime*: `out` until it ends; the limiter is kept.
    boost::asio::awaitable<boost::system::error_code> admit(std::uint16_t endpoint, lane priority, time_point deadline,
                                                            ticket& out);

    /// See `pacer`; wakes whoever may start now.
    void answered(ticket& pass, time_point sent, const answer_info& answer);
    void unanswered(ticket& pass, bool sent);

    std::size_t waiting() const noexcept { return line_.size(); }
    pacer_stats stats() const noexcept { return pacer_.stats(Clock::now()); }

private:
    using timer = boost::asio::basic_waitable_timer<Clock>;
    class waiter;

    static boost::asio::awaitable<boost::system::error_code> wait(std::shared_ptr<basic_limiter> self,
                                                                  std::uint16_t endpoint, lane priority,
                                                                  time_point deadline, ticket* out);
    boost::system::error_code join(waiter& one, time_point deadline);
    void pump();
    void set_alarm(time_point now);
    void clear_alarm() noexcept;

    pacer pacer_;
    waiting_line line_;
    std::size_t max_waiting_;
    boost::asio::any_io_executor executor_;
    timer alarm_;
    time_point alarm_time_ = time_point::max(); // max: not set
};

extern template class basic_limiter<std::chrono::steady_clock>;
using limiter = basic_limiter<std::chrono::steady_clock>;

/// A ticket that can't get lost: when its scope is left without a word, by return, exception or cancellation, the
/// limiter hears that no answer came. *Lifetime*: the limiter must outlive it.
template <class Clock>
class basic_held_ticket {
public:
    explicit basic_held_ticket(basic_limiter<Clock>& owner) noexcept : owner_(owner) {}
    basic_held_ticket(const basic_held_ticket&) = delete;
    basic_held_ticket& operator=(const basic_held_ticket&) = delete;
    ~basic_held_ticket()
    {
        if (pass_.valid())
            owner_.unanswered(pass_, is_sent_);
    }

    /// For `admit`, or to be assigned to.
    ticket& pass() noexcept { return pass_; }
    /// From now on the request may have arrived: call it right before the first byte is written.
    void sending() noexcept
    {
        is_sent_ = true;
        sent_ = Clock::now();
    }
    /// The answer came, after `sending`.
    void answered(const answer_info& answer)
    {
        owner_.answered(pass_, sent_, answer);
        is_sent_ = false;
    }
    /// The attempt ended without an answer. When no byte of it was `sent` after all, everything is given back.
    void unanswered(bool sent)
    {
        owner_.unanswered(pass_, sent);
        is_sent_ = false;
    }

private:
    basic_limiter<Clock>& owner_;
    ticket pass_;
    time_point sent_{};
    bool is_sent_ = false;
};

using held_ticket = basic_held_ticket<std::chrono::steady_clock>;

} // namespace usher::schedule

template <>
struct boost::system::is_error_code_enum<usher::schedule::admission_error> : std::true_type {
};

#endif
