// A client with a scheduler, as the limiter uses it, and the work that it is given.
#ifndef USHER_TESTS_SCHEDULE_SCHEDULED_CLIENT_HPP
#define USHER_TESTS_SCHEDULE_SCHEDULED_CLIENT_HPP

#include "world.hpp"

#include "schedule/scheduler.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace schedule_tests {

using usher::lane;
using usher::schedule::rule_table;
using usher::schedule::scheduler;
using usher::schedule::ticket;

/// Work of one sort. With a `depth` it never ends: so many of each kind are always in line. Else it comes by chance.
struct source {
    std::vector<const request_kind*> kinds;
    lane priority = lane::interactive;
    std::uint16_t tenant = 0;
    std::uint32_t depth = 0;
    double per_second = 0;
    duration patience{};  ///< zero: it waits as long as it takes
    double cancelled = 0; ///< share of those with patience that go earlier
    bool keeps_waits = false;
    time_point from = world::start;
    time_point until = time_point::max();
};

/// What of one source's work became what.
struct source_figures {
    std::uint64_t asked = 0;
    std::uint64_t sent = 0;
    std::uint64_t declined = 0; ///< on arrival: it would have begun too late
    std::uint64_t expired = 0;  ///< in line
    std::uint64_t cancelled = 0;
    std::vector<duration> waits;
};

class scheduled_client final : public client {
public:
    scheduled_client(world& around, std::shared_ptr<const rule_table> rules);

    ~scheduled_client() override { leave_all(); }

    /// Before `begin`. Returns its place.
    std::size_t add(source work);
    void begin();
    /// No more work comes; what is in line stays.
    void close() noexcept { is_closed_ = true; }
    /// Its process ends at once.
    void die() noexcept;
    /// Of what is admitted, so much is never sent.
    void drop(double share) noexcept { dropped_ = share; }

    /// As a process that starts anew does with what the one before has written.
    void restore(const std::string& saved);
    std::string save();

    usher::schedule::scheduler& limits() noexcept { return scheduler_; }
    std::size_t sources() const noexcept { return sources_.size(); }
    const source_figures& of(std::size_t place) const noexcept { return figures_[place]; }
    /// The first thing that broke a promise; empty: nothing did.
    const std::string& broken() const noexcept { return broken_; }
    /// After everything has ended: what must be true then.
    void check_end();

    void wake(time_point now) override { pump(now); }
    void timer(std::uint32_t what, std::uint32_t which, time_point now) override;
    void answered(std::uint32_t tag, time_point sent, time_point now, const answer_info& answer) override;
    void unanswered(std::uint32_t tag, time_point now) override;

private:
    // Timers: the low bits say what, the others which source or which use of a waiter's place.
    enum task : std::uint32_t { arrival, cancellation, return_unsent };

    struct waiter final : usher::schedule::waiting_entry {
        waiter(const usher::schedule::demand& wanted, time_point last, const request_kind& kind_, std::uint32_t source_,
               std::uint32_t place_, time_point since_)
            : waiting_entry(wanted, last), kind(&kind_), source(source_), place(place_), since(since_)
        {
        }
        const request_kind* kind;
        std::uint32_t source;
        std::uint32_t place;
        time_point since;
    };
    struct chair {
        std::optional<waiter> one;
        std::uint32_t use = 0;
    };
    struct attempt {
        ticket pass;
        const request_kind* kind = nullptr;
    };

    usher::schedule::demand demand_of(const source& from, const request_kind& kind) const
    {
        return {kind.endpoint, kind.draws, from.priority, from.tenant};
    }
    void ask(std::uint32_t place, time_point now);
    void join(std::uint32_t from, const request_kind& kind, time_point now);
    void again(std::uint32_t from, const request_kind& kind, time_point now);
    void release(waiter& one) noexcept;
    void leave_all() noexcept;
    void start(ticket pass, const request_kind& kind, std::uint32_t from, time_point since, time_point now);
    void pump(time_point now);
    std::optional<ticket> try_admit(const usher::schedule::demand& wanted, time_point now);
    void require(bool holds, const char* promise);

    world& world_;
    std::shared_ptr<const rule_table> rules_;
    scheduler scheduler_;
    std::uint32_t who_;
    std::vector<source> sources_;
    std::vector<source_figures> figures_;
    std::deque<chair> seats_;
    std::vector<std::uint32_t> free_seats_;
    std::vector<attempt> attempts_;
    std::vector<std::uint32_t> free_attempts_;
    std::vector<time_point> frozen_; // by kind, from the answers that came
    double dropped_ = 0;
    bool is_closed_ = false;
    bool is_dead_ = false;
    std::uint32_t denials_ = 0;
    std::string broken_;
};

} // namespace schedule_tests

#endif
