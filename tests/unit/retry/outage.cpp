// A service that goes down while calls keep coming: what it is sent, in virtual time, by the decisions that calls make.
#include "retry/breaker.hpp"
#include "retry/decide.hpp"
#include "schedule/scheduler.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <queue>
#include <vector>

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using usher::error_kind;
using usher::lane;
using usher::retry::attempt_report;
using usher::retry::breaker;
using usher::retry::health_sign;
using usher::retry::progress;
using usher::retry::time_point;

namespace {

constexpr time_point begin{std::chrono::hours(1)};
constexpr auto outage_begins = begin + 60s;
constexpr auto outage_ends = outage_begins + 10min;
constexpr auto end = outage_ends + 120s;
constexpr nanoseconds between_calls = 20ms; // 50 calls a second

enum class trouble : std::uint8_t { refuses, fails, asks_to_wait, is_silent, fails_now_and_then };

const char* name_of(trouble what)
{
    static constexpr const char* names[] = {"refuses connections", "answers 500", "answers 503 with Retry-After",
                                            "says nothing", "answers 500 to 3 %"};
    return names[static_cast<int>(what)];
}

struct figures {
    int calls = 0;    // begun during the outage
    int attempts = 0; // that arrived meanwhile, or would have
    int failed = 0;   // of all calls
    int failed_afterwards = 0;
    int too_early = 0; // that came before a Retry-After had ended
    int out_of_budget = 0;
    time_point first_success = time_point::max(); // of an attempt after the outage
    time_point last_failure = time_point::min();  // of a call
};

class simulation {
public:
    simulation(trouble what, lane priority, bool budgeted, bool has_breaker, std::uint64_t seed)
        : what_(what), priority_(priority), has_breaker_(has_breaker), random_(seed), breaker_(seed + 1)
    {
        policy_.budgeted = budgeted;
    }

    figures run()
    {
        for (auto when = begin; when < end; when += between_calls)
            at(when, [this] { start(call()); });
        while (!events_.empty()) {
            auto next = events_.top();
            events_.pop();
            now_ = next.when;
            next.what();
        }
        return seen_;
    }

private:
    struct call {
        time_point begun{};
        int attempts = 0;
        int backoffs = 0;
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

    bool is_down() const { return now_ >= outage_begins && now_ < outage_ends; }
    void at(time_point when, std::function<void()> what) { events_.push({when, ++number_, std::move(what)}); }

    void start(call one)
    {
        one.begun = now_;
        seen_.calls += is_down() ? 1 : 0;
        go_on(one);
    }

    // The order of the line: breaker, admission, pass. The scheduler has no limit here, but it keeps a Retry-After.
    void go_on(call one)
    {
        const auto deadline = one.begun + usher::call_options().deadline;
        if (has_breaker_ && !breaker_.is_passable(now_)) {
            const auto known = breaker_.passable_at();
            const auto next = known == time_point::max() ? now_ + 1s : known;
            if (priority_ == lane::interactive || next >= deadline)
                return failed();
            return at(next, [this, one] { go_on(one); });
        }
        auto ticket = scheduler_.try_admit(demand_, now_);
        if (!ticket) {
            const auto start = scheduler_.predicted_start(demand_, deadline, now_);
            if (start >= deadline)
                return failed();
            return at(std::max(start, now_ + 1ms), [this, one] { go_on(one); });
        }
        attempt(one, std::move(*ticket));
    }

    void attempt(call one, usher::schedule::ticket admitted)
    {
        ++one.attempts;
        seen_.attempts += is_down() ? 1 : 0;
        seen_.too_early += now_ < told_to_wait_until_ ? 1 : 0;
        auto pass = std::make_shared<breaker::pass>(breaker_.enter(now_));
        auto ticket = std::make_shared<usher::schedule::ticket>(std::move(admitted));
        attempt_report report;
        report.idempotent = true;
        report.attempts = one.attempts;
        report.backoffs = one.backoffs;
        auto stage = usher::call_stage::body;
        nanoseconds takes = 40ms + random_.up_to(80ms);
        const bool fails = is_down() && (what_ != trouble::fails_now_and_then || random_() % 100 < 3);
        if (fails) {
            report.failure = error_kind::service;
            report.reached = progress::answered;
            report.status = what_ == trouble::asks_to_wait ? 503 : 500;
            if (what_ == trouble::asks_to_wait)
                report.retry_after = 7s;
            if (what_ == trouble::refuses || what_ == trouble::is_silent) {
                report.failure = what_ == trouble::refuses ? error_kind::connect : error_kind::timeout;
                stage = usher::call_stage::connect;
                report.reached = progress::not_sent;
                report.status = 0;
                takes = what_ == trouble::refuses ? 1ms : nanoseconds(usher::phase_timeouts().connect);
            }
        }
        at(now_ + takes, [this, one, pass, ticket, report, stage, sent = now_]() mutable {
            if (report.reached == progress::answered || report.failure == error_kind::none)
                scheduler_.answered(*ticket, sent, now_,
                                    usher::schedule::answer_info(report.status, report.retry_after));
            else
                scheduler_.unanswered(*ticket, now_, false);
            ended(one, *pass, report, stage);
        });
    }

    void ended(call one, breaker::pass& pass, attempt_report& report, usher::call_stage stage)
    {
        const bool is_success = report.failure == error_kind::none;
        breaker_.settle(pass, is_success ? health_sign::good : usher::retry::sign_of(report, stage, 1h), now_);
        if (is_success) {
            budget_.succeeded();
            if (now_ >= outage_ends)
                seen_.first_success = std::min(seen_.first_success, now_);
            return;
        }
        if (report.retry_after)
            told_to_wait_until_ = std::max(told_to_wait_until_, now_ + *report.retry_after);
        report.elapsed = now_ - one.begun;
        report.to_deadline = one.begun + usher::call_options().deadline - now_;
        const auto next = usher::retry::decide(policy_, report, random_, budget_);
        seen_.out_of_budget += !next.retry && next.stopped == usher::stop_reason::retry_budget ? 1 : 0;
        if (!next.retry)
            return failed();
        one.backoffs += next.is_backoff ? 1 : 0;
        at(now_ + next.wait, [this, one] { go_on(one); });
    }

    void failed()
    {
        ++seen_.failed;
        seen_.last_failure = std::max(seen_.last_failure, now_);
    }

    trouble what_;
    lane priority_;
    bool has_breaker_;
    usher::retry_policy policy_;
    usher::retry::rng random_;
    usher::retry::retry_budget budget_;
    breaker breaker_;
    usher::schedule::scheduler scheduler_{std::make_shared<usher::schedule::rule_table>(usher::quota::unlimited())};
    usher::schedule::demand demand_;
    std::priority_queue<event> events_;
    std::uint64_t number_ = 0;
    time_point now_ = begin;
    time_point told_to_wait_until_{};
    figures seen_;
};

constexpr trouble all_troubles[] = {trouble::refuses, trouble::fails, trouble::asks_to_wait, trouble::is_silent};
constexpr std::uint64_t seeds[] = {1, 20261122, 77};

void check_amplification(const figures& seen, trouble what, std::uint64_t seed)
{
    const auto amplification = static_cast<double>(seen.attempts) / seen.calls;
    BOOST_TEST_MESSAGE(name_of(what) << ", seed " << seed << ": " << seen.calls << " calls, " << seen.attempts
                                     << " attempts, " << amplification << " each");
    BOOST_TEST(seen.calls == 30'000);
    BOOST_TEST(seen.attempts > 20);
    BOOST_TEST(amplification <= 1.1);
    BOOST_TEST(seen.too_early == 0);
}

} // namespace

BOOST_AUTO_TEST_SUITE(outage)

BOOST_AUTO_TEST_CASE(ten_minutes_of_it_cost_at_most_a_tenth_more_requests_than_calls)
{
    for (const auto what : all_troubles)
        for (const auto seed : seeds)
            check_amplification(simulation(what, lane::interactive, true, true, seed).run(), what, seed);
}

BOOST_AUTO_TEST_CASE(the_same_holds_for_bulk_calls_that_no_budget_bounds)
{
    for (const auto what : all_troubles)
        for (const auto seed : seeds)
            check_amplification(simulation(what, lane::bulk, false, true, seed).run(), what, seed);
}

BOOST_AUTO_TEST_CASE(the_same_holds_for_the_budget_alone)
{
    for (const auto what : all_troubles)
        for (const auto seed : seeds)
            check_amplification(simulation(what, lane::interactive, true, false, seed).run(), what, seed);
}

BOOST_AUTO_TEST_CASE(calls_get_through_again_within_thirty_seconds_and_a_probe)
{
    for (const auto what : all_troubles)
        for (const auto priority : {lane::interactive, lane::bulk})
            for (const auto seed : seeds) {
                const auto seen = simulation(what, priority, priority == lane::interactive, true, seed).run();
                const auto probe = what == trouble::is_silent ? nanoseconds(usher::phase_timeouts().connect) : 200ms;
                const auto asked_to_wait = what == trouble::asks_to_wait ? 7s : 0s;
                const std::chrono::duration<double> took = seen.first_success - outage_ends;
                BOOST_TEST_MESSAGE(name_of(what)
                                   << ", seed " << seed << ": first success after " << took.count() << " s");
                BOOST_TEST((seen.first_success <= outage_ends + 30s + probe + asked_to_wait));
                // Three probes, and everything goes as before.
                BOOST_TEST((seen.last_failure <= seen.first_success + 1s + asked_to_wait));
            }
}

BOOST_AUTO_TEST_CASE(a_service_that_fails_three_times_in_a_hundred_is_asked_again_every_time)
{
    for (const auto seed : seeds) {
        const auto seen = simulation(trouble::fails_now_and_then, lane::interactive, true, true, seed).run();
        BOOST_TEST_MESSAGE("seed " << seed << ": " << seen.attempts - seen.calls << " retries");
        BOOST_TEST(seen.calls == 30'000);
        BOOST_TEST(seen.attempts > 30'600);
        BOOST_TEST(seen.out_of_budget == 0);
        BOOST_TEST(seen.failed == 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()
