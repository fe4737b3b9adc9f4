// Engines that share a limit, the store between them, and what the service sees of it, in virtual time.
#ifndef USHER_TESTS_BUDGET_FLEET_HPP
#define USHER_TESTS_BUDGET_FLEET_HPP

#include "schedule/budget_state.hpp"
#include "schedule/lease_state.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <queue>
#include <random>
#include <vector>

namespace budget_tests {

using namespace std::chrono_literals;
using usher::schedule::budget_state;
using usher::schedule::duration;
using usher::schedule::lease_state;
using usher::schedule::time_point;

inline constexpr time_point begin{std::chrono::hours(1)};

struct limit {
    std::uint32_t requests = 1000;
    duration window = 10s;
    bool is_paced = true;
    std::uint32_t burst = 5;
    duration spread = 20ms;
    duration interval() const
    {
        return is_paced ? (window + spread) / (requests - std::min(burst, requests - 1)) : duration::zero();
    }
};

/// Members that always have work, unless they are told to rest.
class fleet {
public:
    fleet(const limit& what, std::size_t size, std::uint64_t seed) : limit_(what), random_(seed), members_(size)
    {
        for (std::size_t i = 0; i != size; ++i) {
            members_[i].leases.set(what.requests, what.window, what.interval(), what.burst);
            look(i, begin + uniform(0ms, 20ms));
        }
    }

    /// The store does not answer any more; commands run out after `timeout`. It forgets all if `loses_all`.
    void stop_store(bool loses_all, duration timeout = 500ms)
    {
        is_store_up_ = false;
        timeout_ = timeout;
        if (loses_all)
            store_ = budget_state();
    }
    void start_store() { is_store_up_ = true; }
    void kill(std::size_t who) { members_[who].is_alive = false; }
    /// It has no more work, and returns what it has.
    void rest(std::size_t who)
    {
        members_[who].is_busy = false;
        const auto unused = members_[who].leases.drop_unused(now_);
        if (unused != 0)
            store_.give_back("instance:all", unused, who, now_);
    }
    void work(std::size_t who)
    {
        members_[who].is_busy = true;
        look(who, now_);
    }
    duration late = 2ms;      ///< timers, at most
    duration store_way = 1ms; ///< one way to the store, at most

    void run(duration length)
    {
        const auto end = now_ + length;
        while (!events_.empty() && events_.top().when <= end) {
            auto next = events_.top();
            events_.pop();
            now_ = next.when;
            next.what();
        }
        now_ = end;
    }

    time_point now() const { return now_; }
    const lease_state& leases(std::size_t who) const { return members_[who].leases; }
    const std::vector<time_point>& departures() const { return departures_; }
    std::uint64_t orders() const { return orders_; }
    std::size_t left_between(time_point from, time_point to) const
    {
        const auto first = std::lower_bound(departures_.begin(), departures_.end(), from);
        return static_cast<std::size_t>(std::lower_bound(first, departures_.end(), to) - first);
    }
    /// In the fullest of all windows.
    std::size_t most_in_a_window() const
    {
        std::size_t most = 0;
        for (std::size_t first = 0, i = 0; i != departures_.size(); ++i) {
            while (departures_[i] - departures_[first] >= limit_.window)
                ++first;
            most = std::max(most, i - first + 1);
        }
        return most;
    }
    double share(time_point from, time_point to) const
    {
        const std::chrono::duration<double> time = to - from;
        const std::chrono::duration<double> window = limit_.window;
        return static_cast<double>(left_between(from, to)) / (limit_.requests * (time / window));
    }

private:
    struct member {
        lease_state leases;
        time_point wakes = time_point::max();
        bool is_alive = true;
        bool is_busy = true;
    };
    struct event {
        time_point when;
        std::uint64_t number;
        std::function<void()> what;
        bool operator<(const event& other) const
        {
            return when != other.when ? when > other.when : number > other.number;
        }
    };

    duration uniform(duration from, duration to)
    {
        return duration(std::uniform_int_distribution<duration::rep>(from.count(), to.count())(random_));
    }
    void at(time_point when, std::function<void()> what) { events_.push({when, ++numbers_, std::move(what)}); }

    void look(std::size_t who, time_point when)
    {
        if (when >= members_[who].wakes)
            return;
        members_[who].wakes = when;
        at(when, [this, who, when] {
            if (members_[who].wakes != when)
                return;
            members_[who].wakes = time_point::max();
            act(who);
        });
    }

    void act(std::size_t who)
    {
        auto& one = members_[who];
        if (!one.is_alive || !one.is_busy)
            return;
        order(who);
        while (one.leases.next(now_) <= now_) {
            one.leases.take(now_);
            departures_.push_back(now_);
            order(who);
        }
        const auto next = std::min(one.leases.next(now_), one.leases.next_ask(now_));
        if (next != time_point::max())
            look(who, std::max(next, now_) + uniform(1us, late));
    }

    void order(std::size_t who)
    {
        auto wanted = members_[who].leases.ask(now_, true);
        if (!wanted)
            return;
        ++orders_;
        wanted->bucket = "instance:all";
        at(now_ + uniform(100us, store_way), [this, who, asked = now_, request = *wanted] {
            usher::lease_grant grant;
            grant.is_reachable = is_store_up_;
            if (is_store_up_)
                grant = store_.lease(request, who, now_);
            at(now_ + (is_store_up_ ? uniform(100us, store_way) : timeout_), [this, who, asked, grant] {
                members_[who].leases.granted(grant, asked, now_);
                act(who);
            });
        });
    }

    limit limit_;
    std::mt19937_64 random_;
    std::vector<member> members_;
    budget_state store_;
    bool is_store_up_ = true;
    duration timeout_{};
    std::priority_queue<event> events_;
    std::uint64_t numbers_ = 0;
    std::uint64_t orders_ = 0;
    time_point now_ = begin;
    std::vector<time_point> departures_;
};

} // namespace budget_tests

#endif
