// The limits of one instance of a service, as calls meet them: admission that waits.
//
// Vocabulary. A *waiter* is a call that was not admitted at once. The *alarm* is the timer that looks at the line next.
// Invariants. Whoever may start now is not in line. The alarm is set exactly while somebody is in line whom time alone
// can help, so nothing is pending when nobody waits. Every ticket is settled once.
// Lifecycle of a waiter. In line; then granted (its timer is cancelled, the ticket is in it), or it ends by
// deadline or cancellation and leaves the line. A granted one that is cancelled before it runs gives its ticket back.
#ifndef USHER_SRC_SCHEDULE_LIMITER_HPP
#define USHER_SRC_SCHEDULE_LIMITER_HPP

#include "schedule/scheduler.hpp"

#include <usher/quota_store.hpp>

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
    cancelled,
    not_remembered ///< what it draws on is to be remembered over a restart, and could not be saved
};

const boost::system::error_category& admission_category() noexcept;
boost::system::error_code make_error_code(admission_error error) noexcept;

/// Beside the quota itself.
struct limiter_options {
    limiter_options() = default;
    std::size_t max_waiting = 100'000; ///< calls that wait, at most
    /// A request without an answer may still arrive until then after its admission.
    duration timeout = std::chrono::seconds(30);
    std::string instance; ///< names it to the budget and the store; no secret
    std::shared_ptr<budget> shared;
    std::shared_ptr<quota_store> memory;
};

/// Admission to one instance (origin + key), shared by its clients through `shared_ptr`.
///
/// `Clock` has steady_clock's time points; `limiter` is the one to use.
/// *Thread safety*: none. Everything happens on `executor`, which must not run handlers concurrently.
template <class Clock>
class basic_limiter : public std::enable_shared_from_this<basic_limiter<Clock>> {
public:
    /// Held by a `shared_ptr` before `admit` is called. *Errors*: `std::runtime_error` for what the store holds.
    basic_limiter(boost::asio::any_io_executor executor, std::shared_ptr<const rule_table> rules,
                  limiter_options options = limiter_options());
    basic_limiter(const basic_limiter&) = delete;
    basic_limiter& operator=(const basic_limiter&) = delete;
    ~basic_limiter();

    const rule_table& rules() const noexcept { return scheduler_.rules(); }
    /// See `scheduler::tenant`.
    std::uint16_t tenant(std::string_view name, std::uint32_t weight) { return scheduler_.tenant(name, weight); }

    /// A ticket, if one can be had now without passing anyone who waits; else `admit` waits for one.
    std::optional<ticket> try_admit(const demand& what);

    /// Waits for a ticket and puts it into `out`, in the order of line.hpp. What holds up others costs it nothing.
    ///
    /// *Errors*: `timed_out` at the deadline, or at once when the predicted start is not before it (the prediction
    /// leans to the early side); `overloaded` and `not_remembered` at once; `cancelled`. `out` is valid exactly when
    /// there is no error.
    /// *Cancellation*: terminal, and partial and total where the coroutine's cancellation state lets them through:
    /// leaves the line, draws on nothing. *Lifetime*: `out` and `held` until it ends; the limiter is kept.
    /// `held`: what it waited for longest, or would have had to.
    boost::asio::awaitable<boost::system::error_code> admit(demand what, time_point deadline, ticket& out,
                                                            held_up* held = nullptr);

    /// See `scheduler`; wakes whoever may start now.
    void answered(ticket& pass, time_point sent, const answer_info& answer);
    void unanswered(ticket& pass, bool sent, bool timed_out = false);

    std::size_t waiting() const noexcept { return scheduler_.waiting(); }
    std::size_t waiting(std::uint16_t tenant) const noexcept { return scheduler_.waiting(tenant); }
    std::uint64_t admitted(std::uint16_t tenant) const noexcept { return scheduler_.admitted(tenant); }
    std::uint64_t refused(std::uint16_t tenant) const noexcept { return scheduler_.refused(tenant); }
    /// Of an interactive call of this tenant that draws on the instance's limits only, at least.
    duration predicted_wait(std::uint16_t tenant)
    {
        const auto none = rules().no_operation();
        const demand what(none, rules().draws(none, {}), lane::interactive, tenant);
        const auto now = Clock::now();
        return scheduler_.predicted_start(what, time_point::max(), now) - now;
    }
    scheduler_stats stats() { return scheduler_.stats(Clock::now()); }
    std::vector<rule_stats> rule_figures() { return scheduler_.rule_figures(Clock::now()); }
    /// What the last window has used of the instance's limits, 0 to 1.
    double utilisation() { return scheduler_.utilisation(Clock::now()); }

private:
    using timer = boost::asio::basic_waitable_timer<Clock>;
    class waiter;

    static boost::asio::awaitable<boost::system::error_code> wait(std::shared_ptr<basic_limiter> self, demand what,
                                                                  time_point deadline, ticket* out, held_up* held);
    boost::system::error_code join(waiter& one, time_point deadline);
    bool remember();
    void pump();
    void send_orders(time_point now);
    void set_alarm(time_point now);
    void clear_alarm() noexcept;

    limiter_options options_;
    scheduler scheduler_;
    boost::asio::any_io_executor executor_;
    std::optional<timer> alarm_;                // there while it is set, so that the limiter may outlive its context
    time_point alarm_time_ = time_point::max(); // max: not set
    bool is_pumping_ = false;
    bool pump_again_ = false;
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
        pass_.leaves(sent_);
    }
    /// The answer came, after `sending`.
    void answered(const answer_info& answer)
    {
        owner_.answered(pass_, sent_, answer);
        is_sent_ = false;
    }
    /// The attempt ended without an answer. When no byte of it was `sent` after all, everything is given back.
    void unanswered(bool sent, bool timed_out = false)
    {
        owner_.unanswered(pass_, sent, timed_out);
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
