// A client that always has work and learns its limit, and services that count; their limit may change.
#ifndef USHER_TESTS_SCHEDULE_LEARNING_HPP
#define USHER_TESTS_SCHEDULE_LEARNING_HPP

#include "schedule/learned_rate.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <random>
#include <vector>

namespace schedule_tests::learning {

using usher::schedule::duration;
using usher::schedule::learned_rate;
using usher::schedule::time_point;

enum class algorithm { fixed_window, sliding_log, gcra, sliding_counter, gcra_tenth };

inline constexpr algorithm algorithms[] = {algorithm::fixed_window, algorithm::sliding_log, algorithm::gcra,
                                           algorithm::sliding_counter, algorithm::gcra_tenth};

inline constexpr const char* name_of(algorithm kind)
{
    constexpr const char* names[] = {"fixed window", "sliding log", "GCRA, burst N", "sliding counter",
                                     "GCRA, burst N/10"};
    return names[static_cast<int>(kind)];
}

/// `limit` per window, and it may change at any time.
class service {
public:
    service(algorithm kind, std::uint32_t limit, duration window, time_point phase)
        : kind_(kind), limit_(limit), window_(window), start_(phase)
    {
    }

    void change(std::uint32_t limit) { limit_ = limit; }

    /// Nothing: accepted. Else how long it asks to wait.
    std::optional<duration> arrive(time_point now)
    {
        switch (kind_) {
        case algorithm::fixed_window:
            turn_windows(now);
            if (count_ >= limit_)
                return start_ + window_ - now;
            ++count_;
            return std::nullopt;
        case algorithm::sliding_counter: {
            turn_windows(now);
            const auto left = 1 - std::chrono::duration<double>(now - start_) / std::chrono::duration<double>(window_);
            if (before_ * left + count_ + 1 > limit_)
                return start_ + window_ - now;
            ++count_;
            return std::nullopt;
        }
        case algorithm::sliding_log:
            while (!log_.empty() && log_.front() <= now - window_)
                log_.pop_front();
            if (log_.size() >= limit_)
                return log_[log_.size() - limit_] + window_ - now;
            log_.push_back(now);
            return std::nullopt;
        case algorithm::gcra:
            return cell(now, limit_);
        case algorithm::gcra_tenth:
            return cell(now, limit_ / 10);
        }
        return std::nullopt;
    }

private:
    void turn_windows(time_point now)
    {
        for (; now >= start_ + window_; start_ += window_) {
            before_ = count_;
            count_ = 0;
        }
    }

    std::optional<duration> cell(time_point now, std::uint32_t burst)
    {
        const duration interval = window_ / limit_;
        const duration tolerance = interval * (burst - 1);
        if (due_ - tolerance > now)
            return due_ - tolerance - now;
        due_ = std::max(due_, now) + interval;
        return std::nullopt;
    }

    algorithm kind_;
    std::uint32_t limit_;
    duration window_;
    time_point start_;
    std::uint32_t before_ = 0;
    std::uint32_t count_ = 0;
    std::deque<time_point> log_;
    time_point due_{};
};

struct part {
    std::uint64_t sent = 0;
    std::uint64_t refused = 0;
    double share = 0; ///< of the limit, from two minutes after its beginning on

    double refused_share() const
    {
        return static_cast<double>(refused) / static_cast<double>(std::max<std::uint64_t>(sent, 1));
    }
};

/// Round trips of 80 ms ± 40 ms, at most 32 of them at once.
class run {
public:
    run(algorithm kind, std::uint32_t limit, std::uint64_t seed, learned_rate rate = learned_rate(0, window))
        : random_(seed), service_(kind, limit, window, start - uniform(duration::zero(), window)), rate_(rate)
    {
    }

    /// Goes on for so long with a limit of `limit`.
    part go(std::uint32_t limit, std::chrono::seconds length)
    {
        using namespace std::chrono;
        service_.change(limit);
        part result;
        std::uint64_t counted = 0;
        const auto end = now_ + length;
        const auto counted_from = now_ + settling;
        for (;;) {
            const bool is_free = in_flight_ != most_in_flight && now_ >= frozen_;
            if (!is_free)
                free_from_ = in_flight_ == most_in_flight ? time_point::max() : frozen_;
            else if (free_from_ > now_)
                free_from_ = now_;
            const auto paced = std::max(last_ + rate_.interval(now_), rate_.not_before(now_));
            const auto leaves = std::max({now_, free_from_, paced});
            const bool is_event = !events_.empty() && events_.top().when <= leaves;
            const auto next = is_event ? events_.top().when : leaves;
            if (next >= end)
                break;
            now_ = next;
            if (!is_event) {
                // Asked again, as time has passed.
                if (std::max(last_ + rate_.interval(now_), rate_.not_before(now_)) > now_)
                    continue;
                rate_.departed(now_, paced > free_from_);
                last_ = now_;
                ++in_flight_;
                ++result.sent;
                const auto there = uniform(20ms, 60ms);
                events_.push({now_ + there, true, std::nullopt});
                continue;
            }
            const auto happening = events_.top();
            events_.pop();
            if (happening.arrival) {
                const auto wait = service_.arrive(now_);
                result.refused += wait.has_value();
                counted += !wait.has_value() && now_ >= counted_from;
                events_.push({now_ + uniform(20ms, 60ms), false, wait});
                continue;
            }
            --in_flight_;
            if (happening.wait) {
                frozen_ = std::max(frozen_, now_ + ceil<seconds>(*happening.wait));
                rate_.refused(now_, frozen_);
            } else {
                rate_.answered(now_);
            }
        }
        now_ = end;
        const std::chrono::duration<double> span = end - counted_from;
        result.share = static_cast<double>(counted) / (limit * (span / std::chrono::duration<double>(window)));
        return result;
    }

    learned_rate& rate() { return rate_; }
    time_point now() const { return now_; }

    static constexpr std::chrono::seconds window{60};
    static constexpr std::chrono::seconds settling{120};
    static constexpr time_point start{std::chrono::hours(1)};

private:
    struct event {
        time_point when;
        bool arrival;
        std::optional<duration> wait;
        bool operator>(const event& other) const { return when > other.when; }
    };

    duration uniform(duration low, duration high)
    {
        return duration(std::uniform_int_distribution<duration::rep>(low.count(), high.count())(random_));
    }

    static constexpr std::size_t most_in_flight = 32;

    std::mt19937_64 random_;
    service service_;
    learned_rate rate_;
    time_point now_ = start;
    time_point last_ = start - std::chrono::hours(1);
    time_point frozen_ = start;
    time_point free_from_ = start; // when nothing but the pace held up the next one
    std::size_t in_flight_ = 0;
    std::priority_queue<event, std::vector<event>, std::greater<>> events_;
};

/// Sends as fast as the pace allows, everything is accepted.
inline time_point send(learned_rate& rate, time_point from, time_point until, bool held_up = true)
{
    auto now = std::max(from, rate.not_before(from));
    while (now < until) {
        rate.departed(now, held_up);
        rate.answered(now);
        now = std::max(now + rate.interval(now), rate.not_before(now));
    }
    return now;
}

} // namespace schedule_tests::learning

#endif
