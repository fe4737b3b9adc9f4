#include "soak/virtual_day.hpp"

#include "soak/virtual_state.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace soak {

trouble virtual_day::trouble_now() const
{
    // Each hour another one, from its 20th minute on, for up to nine minutes.
    const auto since = now_ - begin;
    const auto hour = since / std::chrono::hours(1);
    const auto minute = since % std::chrono::hours(1) / std::chrono::minutes(1);
    return minute >= 20 && minute < 20 + 1 + hour % 9 ? static_cast<trouble>(1 + hour % 4) : trouble::none;
}

bool virtual_day::is_refused()
{
    const auto current = now_.time_since_epoch() / window;
    if (current != service_window_) {
        service_window_ = current;
        service_count_ = static_cast<std::uint32_t>(share() * 40); // somebody else's
    }
    if (service_count_ >= allowed)
        return true;
    ++service_count_;
    return false;
}

void virtual_day::arrive()
{
    // Night and day, and a rush every ten minutes.
    const double hour = std::chrono::duration<double, std::ratio<3600>>(now_ - begin).count();
    const double rush = std::fmod(hour * 6, 1.0) < 0.1 ? 60 : 0;
    const double per_second = 20 + 15 * std::sin(hour / 24 * 6.283) + rush;
    if (now_ < end_)
        at(now_ + nanoseconds(static_cast<std::int64_t>(-std::log(1 - share()) / per_second * 1e9)),
           event::kind::arrival);
    if (free_.empty())
        return;
    const auto who = free_.back();
    free_.pop_back();
    auto& one = calls_[who];
    const auto use = one.use;
    one.is_live = true;
    one.is_get = share() < 0.6;
    one.begun = now_;
    one.deadline = now_ + (share() < 0.05 ? nanoseconds(random_.up_to(2s)) : nanoseconds(120s));
    one.attempts = one.backoffs = 0;
    usher::schedule::draw_list draws;
    draws.add({0, 0});
    if (!one.is_get)
        draws.add({1, 1 + random_() % record_count});
    one.wanted = usher::schedule::demand(static_cast<std::uint16_t>(random_() % 20), draws,
                                         share() < 0.3 ? usher::lane::bulk : usher::lane::interactive,
                                         share() < 0.5 ? second_tenant_ : std::uint16_t{0});
    ++begun_;
    ++in_flight_;
    if (share() < 0.05)
        at(now_ + random_.up_to(3s), event::kind::cancel, who, use);
    go_on(who);
}

void virtual_day::go_on(std::uint32_t who)
{
    auto& one = calls_[who];
    if (!breaker_.is_passable(now_)) {
        ++held_;
        const auto known = breaker_.passable_at();
        const auto next = known == time_point::max() ? now_ + 100ms : known;
        if (one.wanted.priority == usher::lane::interactive || next >= one.deadline)
            return finish(who, false);
        return at(next, event::kind::go_on, who, one.use);
    }
    if (auto ticket = limits_.try_admit(one.wanted, now_))
        return start(who, std::move(*ticket));
    if (now_ >= one.deadline || limits_.predicted_start(one.wanted, one.deadline, now_) >= one.deadline)
        return finish(who, false);
    one.line.emplace(one.wanted, one.deadline, who);
    limits_.join(*one.line, now_);
    pump();
}

void virtual_day::pump()
{
    usher::schedule::ticket ticket;
    while (auto* found = limits_.next(now_, ticket)) {
        const auto who = static_cast<place_in_line*>(found)->who;
        calls_[who].line.reset();
        if (ticket.valid())
            start(who, std::move(ticket));
        else
            finish(who, false);
    }
    const auto look = limits_.waiting() == 0 ? time_point::max() : limits_.next_look(now_);
    if (look < look_) {
        look_ = look;
        at(std::max(look, now_ + 1us), event::kind::look);
    }
}

void virtual_day::start(std::uint32_t who, usher::schedule::ticket admitted)
{
    auto& one = calls_[who];
    if (!breaker_.is_passable(now_)) { // it has opened meanwhile
        limits_.unanswered(admitted, now_, false);
        return at(now_ + 100ms, event::kind::go_on, who, one.use);
    }
    one.pass = breaker_.enter(now_);
    one.ticket = std::move(admitted);
    one.sent = now_;
    ++one.attempts;
    ++attempts_;
    one.report = usher::retry::attempt_report();
    one.report.idempotent = one.is_get;
    one.report.attempts = one.attempts;
    one.report.backoffs = one.backoffs;
    one.report.reached = progress::answered;
    one.report.status = 200;
    one.stage = usher::call_stage::body;
    nanoseconds takes = 40ms + random_.up_to(80ms);
    const auto what = trouble_now();
    const auto dice = share();
    const auto answer = [&one](int status) {
        one.report.failure = error_kind::service;
        one.report.status = status;
    };
    if (what == trouble::refuses || what == trouble::is_silent) {
        one.report.failure = what == trouble::refuses ? error_kind::connect : error_kind::timeout;
        one.stage = usher::call_stage::connect;
        one.report.reached = progress::not_sent;
        one.report.status = 0;
        takes = what == trouble::refuses ? nanoseconds(1ms) : nanoseconds(usher::phase_timeouts().connect);
    } else if (what == trouble::fails || dice < 0.02) {
        answer(500);
    } else if (what == trouble::asks_to_wait || dice < 0.0205) {
        answer(503);
        one.report.retry_after = 3s;
    } else if (dice < 0.0255) {
        one.report.failure = error_kind::timeout;
        one.stage = usher::call_stage::first_byte;
        one.report.reached = progress::sent;
        one.report.status = 0;
        takes = usher::phase_timeouts().first_byte;
    } else if (is_refused()) {
        answer(429);
        one.report.retry_after = 1s;
        ++refused_;
    }
    at(std::min(now_ + takes, std::max(one.deadline, now_)), event::kind::ended, who, one.use);
}

void virtual_day::ended(std::uint32_t who)
{
    auto& one = calls_[who];
    auto& report = one.report;
    const bool is_answered = report.reached == progress::answered;
    if (is_answered)
        limits_.answered(one.ticket, one.sent, now_, usher::schedule::answer_info(report.status, report.retry_after));
    else
        limits_.unanswered(one.ticket, now_, report.reached != progress::not_sent, true);
    const bool is_success = report.failure == error_kind::none;
    breaker_.settle(one.pass,
                    is_success ? usher::retry::health_sign::good : usher::retry::sign_of(report, one.stage, 1h), now_);
    if (is_success) {
        budget_.succeeded();
        finish(who, true);
        return pump();
    }
    report.elapsed = now_ - one.begun;
    report.to_deadline = one.deadline - now_;
    const auto next = usher::retry::decide(policy_, report, random_, budget_);
    least_budget_ = std::min(least_budget_, budget_.left());
    if (!next.retry) {
        finish(who, false);
    } else {
        one.backoffs += next.is_backoff ? 1 : 0;
        at(now_ + next.wait, event::kind::go_on, who, one.use);
    }
    pump();
}

void virtual_day::cancel(std::uint32_t who)
{
    auto& one = calls_[who];
    if (one.line) {
        limits_.leave(*one.line, now_);
        one.line.reset();
    }
    if (one.ticket.valid())
        limits_.unanswered(one.ticket, now_, true);
    breaker_.settle(one.pass, usher::retry::health_sign::none, now_);
    ++cancelled_;
    finish(who, false);
    pump();
}

void virtual_day::finish(std::uint32_t who, bool is_answer)
{
    auto& one = calls_[who];
    ++(is_answer ? answers_ : errors_);
    --in_flight_;
    one.is_live = false;
    ++one.use;
    free_.push_back(who);
}

void virtual_day::run(double hours)
{
    at(begin, event::kind::arrival);
    std::printf(
        "| virtual hour | calls | answers | errors | cancelled | attempts | 429 | in flight | waiting | MB resident |\n"
        "|---|---|---|---|---|---|---|---|---|---|\n");
    auto sampled = begin;
    int minute = 0;
    const int row = std::max(1, static_cast<int>(hours * 60 / 8));
    while (!events_.empty()) {
        const auto next = events_.top();
        events_.pop();
        now_ = next.when;
        if (now_ >= sampled + 60s && now_ <= end_) {
            sampled += 60s;
            memory_.add(resident_bytes());
            if (++minute % row == 0)
                std::printf("| %.1f | %llu | %llu | %llu | %llu | %llu | %llu | %zu | %zu | %.2f |\n", minute / 60.0,
                            static_cast<unsigned long long>(begun_), static_cast<unsigned long long>(answers_),
                            static_cast<unsigned long long>(errors_), static_cast<unsigned long long>(cancelled_),
                            static_cast<unsigned long long>(attempts_), static_cast<unsigned long long>(refused_),
                            in_flight_, limits_.waiting(), resident_bytes() / 1e6);
        }
        if (next.what == event::kind::arrival) {
            arrive();
        } else if (next.what == event::kind::look) {
            if (now_ >= look_)
                look_ = time_point::max();
            pump();
        } else if (calls_[next.who].is_live && calls_[next.who].use == next.use) {
            next.what == event::kind::go_on   ? go_on(next.who)
            : next.what == event::kind::ended ? ended(next.who)
                                              : cancel(next.who);
        }
    }
}

void virtual_day::check(verdicts& into)
{
    const auto stats = limits_.stats(now_);
    const auto text = [](const char* what, std::uint64_t left, std::uint64_t right) {
        return std::string(what) + ": " + std::to_string(left) + " = " + std::to_string(right);
    };
    into.check(begun_ == answers_ + errors_, text("virtual: calls = answers + errors", begun_, answers_ + errors_));
    into.check(in_flight_ == 0 && stats.in_flight == 0 && stats.waiting == 0,
               "virtual: nobody is left in line or in flight");
    const auto settled = stats.answered + stats.unanswered + stats.given_back;
    into.check(stats.admitted == settled, text("virtual: tickets = tickets settled", stats.admitted, settled));
    into.check(stats.admitted - stats.given_back <= attempts_,
               text("virtual: departures <= attempts", stats.admitted - stats.given_back, attempts_));
    into.check(budget_.left() <= usher::retry::retry_budget::size && least_budget_ >= 0,
               "virtual: the retry budget stayed in its bounds, " + std::to_string(least_budget_) + " at least");
    const double before = memory_.mean(20, 40);
    const double drift = (memory_.mean(80, 100) / before - 1) * 100;
    char line[120];
    // A short one is still growing into its logs: of that one the figure is only told.
    const bool is_long = memory_.size() >= 12 * 60;
    std::snprintf(line, sizeof line, "virtual: resident memory %.2f MB, %+.2f %% later%s", before / 1e6, drift,
                  is_long ? " (below 1 %)" : "");
    if (is_long)
        into.check(drift < 1, line);
    else
        std::printf("%s\n", line);
    // In the first hour with troubles: connections refused, in the second answers 500.
    if (memory_.size() >= 2 * 60) {
        into.check(begun_ >= memory_.size() * 300,
                   "virtual: calls: " + std::to_string(begun_) + ", at least 300 a minute");
        into.check(refused_ > 0, "virtual: answers with 429: " + std::to_string(refused_));
        into.check(held_ > 0, "virtual: held by the breaker: " + std::to_string(held_));
        into.check(cancelled_ > 0, "virtual: cancelled calls: " + std::to_string(cancelled_));
        into.check(attempts_ > begun_ / 2, "virtual: attempts: " + std::to_string(attempts_));
    }
    std::printf("virtual: %llu calls, %llu attempts, %llu refused, %llu times held by the breaker\n",
                static_cast<unsigned long long>(begun_), static_cast<unsigned long long>(attempts_),
                static_cast<unsigned long long>(refused_), static_cast<unsigned long long>(held_));
}

void run_virtual_hours(double hours, std::uint64_t seed, verdicts& into)
{
    virtual_day day(std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double, std::ratio<3600>>(hours)),
                    seed);
    day.run(hours);
    day.check(into);
}

} // namespace soak
