// The state of a simulated client: calls, the line, and what the service does. See virtual_day.hpp.
#ifndef USHER_BENCH_SOAK_VIRTUAL_STATE_HPP
#define USHER_BENCH_SOAK_VIRTUAL_STATE_HPP

#include "soak/figures.hpp"
#include "soak/resources.hpp"

#include "retry/breaker.hpp"
#include "retry/budget.hpp"
#include "retry/decide.hpp"
#include "schedule/scheduler.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <queue>
#include <vector>

namespace soak {

using namespace std::chrono_literals;
using usher::error_kind;
using usher::retry::progress;
using usher::retry::time_point;
using nanoseconds = std::chrono::nanoseconds;

constexpr time_point begin{std::chrono::hours(1)};
constexpr std::uint32_t allowed = 500; // in 10 s
constexpr nanoseconds window = 10s;
constexpr std::uint64_t record_count = 5000;

enum class trouble : std::uint8_t { none, refuses, fails, asks_to_wait, is_silent };

inline usher::quota limits()
{
    usher::quota all(allowed, 10s);
    usher::quota_rule record("record", 10, 10s);
    record.key = usher::quota_key::entity;
    all.rules.push_back(std::move(record));
    return all;
}

struct place_in_line final : usher::schedule::waiting_entry {
    place_in_line(const usher::schedule::demand& what, time_point deadline, std::uint32_t who_)
        : waiting_entry(what, deadline), who(who_)
    {
    }
    std::uint32_t who;
};

struct call {
    std::uint32_t use = 0; ///< events of an earlier use of this place mean nothing
    bool is_live = false;
    bool is_get = false;
    time_point begun{};
    time_point deadline{};
    int attempts = 0;
    int backoffs = 0;
    usher::schedule::demand wanted;
    std::optional<place_in_line> line;
    usher::schedule::ticket ticket;
    usher::retry::breaker::pass pass;
    time_point sent{};
    usher::retry::attempt_report report;
    usher::call_stage stage = usher::call_stage::body;
};

struct event {
    enum class kind : std::uint8_t { arrival, go_on, ended, cancel, look };
    time_point when;
    std::uint64_t number;
    kind what;
    std::uint32_t who;
    std::uint32_t use;
    bool operator<(const event& other) const { return when != other.when ? when > other.when : number > other.number; }
};

class virtual_day {
public:
    virtual_day(nanoseconds length, std::uint64_t seed)
        : end_(begin + length),
          random_(seed),
          breaker_(seed + 1),
          limits_(std::make_shared<usher::schedule::rule_table>(limits())),
          second_tenant_(limits_.tenant("second", 2))
    {
        // Backlogs differ from hour to hour: room for the largest is taken now.
        calls_.resize(30'000);
        for (std::uint32_t i = 0; i != calls_.size(); ++i)
            free_.push_back(i);
        std::vector<event> room;
        room.reserve(200'000);
        events_ = std::priority_queue<event>(std::less<event>(), std::move(room));
    }

    void run(double hours);
    void check(verdicts& into);

private:
    double share() { return static_cast<double>(random_() >> 11) / static_cast<double>(1ULL << 53); }
    void at(time_point when, event::kind what, std::uint32_t who = 0, std::uint32_t use = 0)
    {
        events_.push({when, ++number_, what, who, use});
    }
    void arrive();
    void go_on(std::uint32_t who);
    void start(std::uint32_t who, usher::schedule::ticket admitted);
    void ended(std::uint32_t who);
    void cancel(std::uint32_t who);
    void finish(std::uint32_t who, bool is_answer);
    void pump();
    trouble trouble_now() const;
    /// True: the service's own count of the window is full, other callers of it counted.
    bool is_refused();
    void sample();

    time_point end_;
    time_point now_ = begin;
    usher::retry::rng random_;
    usher::retry::breaker breaker_;
    usher::retry::retry_budget budget_;
    usher::retry_policy policy_;
    usher::schedule::scheduler limits_;
    std::uint16_t second_tenant_;
    std::deque<call> calls_;
    std::vector<std::uint32_t> free_;
    std::priority_queue<event> events_;
    std::uint64_t number_ = 0;
    time_point look_ = time_point::max();
    std::int64_t service_window_ = 0;
    std::uint32_t service_count_ = 0;
    std::uint64_t begun_ = 0, answers_ = 0, errors_ = 0, cancelled_ = 0, attempts_ = 0, refused_ = 0, held_ = 0;
    int least_budget_ = usher::retry::retry_budget::size;
    std::size_t in_flight_ = 0;
    series memory_{24 * 60 + 10};
};

} // namespace soak

#endif
