// A client that always has work, a way that varies and sometimes stands still, and a server that counts.
#ifndef USHER_TESTS_SCHEDULE_SIMULATION_HPP
#define USHER_TESTS_SCHEDULE_SIMULATION_HPP

#include "servers.hpp"

#include "schedule/pacer.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <queue>
#include <random>
#include <vector>

namespace schedule_tests {

struct way {
    std::chrono::milliseconds mean{80};   ///< of the round trip
    std::chrono::milliseconds spread{40}; ///< around the mean, either way
    double outliers = 0;                  ///< share of round trips that take up to three times as long
    std::chrono::milliseconds stall{0};   ///< nothing passes for so long …
    std::chrono::milliseconds every{0};   ///< … each time that this is over; 0: never
    std::chrono::microseconds late{0};    ///< the client's timers are late by up to this
};

struct figures {
    std::uint64_t sent = 0;
    std::uint64_t refused = 0;
    double share = 0; ///< accepted after the first window, of what the quota allows then
    usher::schedule::pacer_stats pacer;
};

class simulation {
public:
    simulation(const usher::quota& limit, const way& path, const server_kind& kind, std::uint64_t seed)
        : limit_(limit),
          path_(path),
          random_(seed),
          pacer_(limit),
          server_(kind.make(limit, start_ - uniform(duration::zero(), limit.window))),
          share_there_(std::uniform_real_distribution<>(0, 1)(random_))
    {
    }

    figures run(std::chrono::seconds length)
    {
        figures result;
        const auto end = start_ + length;
        const auto counted_from = start_ + limit_.window;
        std::uint64_t counted = 0;
        auto now = start_;
        auto wake = pacer_.earliest(0, now);
        for (;;) {
            const bool has_event = !events_.empty();
            if (has_event && events_.top().when <= wake) {
                const auto happening = events_.top();
                events_.pop();
                now = happening.when;
                if (now >= end)
                    break;
                if (happening.arrival) {
                    const auto wait = server_->arrive(now);
                    auto& one = requests_[happening.request];
                    one.refused = wait.has_value();
                    one.retry_after = wait ? std::chrono::ceil<std::chrono::seconds>(*wait) : std::chrono::seconds(0);
                    result.refused += one.refused ? 1 : 0;
                    counted += !one.refused && now >= counted_from ? 1 : 0;
                    events_.push({passes(now + one.back), happening.request, false});
                    continue;
                }
                answer(happening.request, now);
            } else {
                now = wake;
                if (now >= end)
                    break;
                while (auto pass = pacer_.try_admit(0, now))
                    send(std::move(*pass), now, result);
            }
            wake = pacer_.earliest(0, now);
            if (wake != time_point::max() && wake > now)
                wake += uniform(duration::zero(), path_.late);
        }
        const std::chrono::duration<double> span = end - counted_from;
        const std::chrono::duration<double> window = limit_.window;
        result.share = static_cast<double>(counted) / (limit_.requests * (span / window));
        result.pacer = pacer_.stats(now);
        return result;
    }

private:
    struct event {
        time_point when;
        std::size_t request;
        bool arrival;
        bool operator>(const event& other) const { return when > other.when; }
    };
    struct request {
        usher::schedule::ticket pass;
        time_point sent;
        duration back{};
        bool refused = false;
        std::chrono::seconds retry_after{0};
    };

    duration uniform(duration low, duration high)
    {
        return duration(std::uniform_int_distribution<duration::rep>(low.count(), high.count())(random_));
    }

    /// When what would get through now does: not during a stall.
    time_point passes(time_point when) const
    {
        if (path_.every == path_.every.zero())
            return when;
        const auto into = (when - start_) % path_.every;
        const auto stall_begins = duration(path_.every - path_.stall);
        return into < stall_begins ? when : when + (path_.every - into);
    }

    void send(usher::schedule::ticket pass, time_point now, figures& result)
    {
        auto whole = uniform(path_.mean - path_.spread, path_.mean + path_.spread);
        if (std::uniform_real_distribution<>(0, 1)(random_) < path_.outliers)
            whole = uniform(whole, 3 * whole);
        // The least round trip has its share on the way there for good; of what comes on top any part may be.
        const duration least = path_.mean - path_.spread;
        const auto there =
            std::chrono::duration_cast<duration>(least * share_there_) + uniform(duration::zero(), whole - least);
        requests_.push_back({std::move(pass), now, whole - there});
        events_.push({passes(now + there), requests_.size() - 1, true});
        ++result.sent;
    }

    void answer(std::size_t index, time_point now)
    {
        auto& one = requests_[index];
        const auto answer =
            one.refused ? usher::schedule::answer_info(429, one.retry_after) : usher::schedule::answer_info(200);
        pacer_.answered(one.pass, one.sent, now, answer);
    }

    usher::quota limit_;
    way path_;
    std::mt19937_64 random_;
    time_point start_{std::chrono::hours(1)};
    usher::schedule::pacer pacer_;
    std::unique_ptr<server> server_;
    double share_there_;
    std::vector<request> requests_;
    std::priority_queue<event, std::vector<event>, std::greater<>> events_;
};

} // namespace schedule_tests

#endif
