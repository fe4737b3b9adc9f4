// How the service behind one instance has been doing: its breaker, its budgets, its latencies.
//
// Vocabulary. See retry/breaker.hpp and retry/budget.hpp. A call is *held* when the breaker lets no attempt go: one of
// the interactive lane is refused at once, one of the bulk lane waits. Invariants. While a probe is out nobody who
// waits is woken. While none is and one may go, another waiter is woken every tenth of a second until one of them has
// become the probe: whom the quota or a frozen endpoint holds up holds up nobody else. The alarm is set only while
// somebody waits. Lifecycle. A waiter that is woken leaves the line, goes for its admission, and comes back when it was
// too late.
#ifndef USHER_CALL_HEALTH_HPP
#define USHER_CALL_HEALTH_HPP

#include "retry/breaker.hpp"
#include "retry/budget.hpp"
#include "retry/latencies.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace usher::detail {

using retry::time_point;

/// Of one instance (origin + key), shared by its clients. *Thread safety*: none; everything happens on `executor`.
class service_health : public std::enable_shared_from_this<service_health> {
public:
    service_health(boost::asio::any_io_executor executor, std::uint64_t seed);
    service_health(const service_health&) = delete;
    service_health& operator=(const service_health&) = delete;
    ~service_health();

    bool is_passable(time_point now) const noexcept { return breaker_.is_passable(now); }
    bool is_closed() const noexcept { return breaker_.is_closed(); }
    /// While no attempt may go: how long not, as far as that is known; at least a second.
    std::chrono::seconds held_for(time_point now) const noexcept;
    /// What a person should know of it.
    std::string held_text(time_point now) const;
    /// Waits until an attempt may be tried. *Errors*: `timed_out` at the deadline, or at once when nothing can go
    /// before it; `operation_aborted` when cancelled.
    static boost::asio::awaitable<boost::system::error_code> wait(std::shared_ptr<service_health> self,
                                                                  time_point deadline);

    retry::breaker::pass enter(time_point now) noexcept { return breaker_.enter(now); }
    /// How an attempt ended. `text` says what was bad.
    void settle(retry::breaker::pass& of, retry::health_sign sign, time_point now, std::string_view text);

    retry::retry_budget retries;
    retry::hedge_budget hedges;
    /// Of the operation with this index; only of requests that may be hedged.
    retry::latencies& latencies_of(std::uint16_t operation) { return latencies_[operation]; }

private:
    class waiter : public boost::intrusive::list_base_hook<> {
    public:
        explicit waiter(service_health& owner);
        waiter(const waiter&) = delete;
        waiter& operator=(const waiter&) = delete;
        ~waiter();

        boost::asio::steady_timer sleep;

    private:
        service_health& owner_;
    };

    void pump();
    void set_alarm(time_point when);

    boost::asio::any_io_executor executor_;
    retry::breaker breaker_;
    boost::intrusive::list<waiter, boost::intrusive::constant_time_size<false>> waiters_;
    std::optional<boost::asio::steady_timer> alarm_; // only while somebody waits: see context_end.hpp
    std::string last_failure_;
    std::unordered_map<std::uint16_t, retry::latencies> latencies_;
};

/// A pass that can't get lost: left without a word it says nothing of the service. *Lifetime*: `of` must outlive it.
class held_pass {
public:
    explicit held_pass(service_health& of) noexcept : health_(of) {}
    held_pass(const held_pass&) = delete;
    held_pass& operator=(const held_pass&) = delete;
    ~held_pass()
    {
        if (pass_.valid())
            settle(retry::health_sign::none, {});
    }

    /// False: another one is the probe by now.
    bool take(time_point now) noexcept
    {
        if (!health_.is_passable(now))
            return false;
        pass_ = health_.enter(now);
        return true;
    }
    void settle(retry::health_sign sign, std::string_view text)
    {
        health_.settle(pass_, sign, std::chrono::steady_clock::now(), text);
    }

private:
    service_health& health_;
    retry::breaker::pass pass_;
};

} // namespace usher::detail

#endif
