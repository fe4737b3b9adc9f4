#include <usher/trace.hpp>

#include "call/watch_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace usher {

namespace {

using std::chrono::nanoseconds;

/// Puts an attempt's stretches of time one after the other.
class stretches {
public:
    stretches(std::vector<trace_step>& steps, int attempt, nanoseconds begin)
        : steps_(steps), attempt_(attempt), at_(begin)
    {
    }

    trace_step* add(call_phase phase, nanoseconds duration)
    {
        if (duration <= nanoseconds::zero())
            return nullptr;
        trace_step step;
        step.phase = phase;
        step.attempt = attempt_;
        step.begin = at_;
        step.duration = duration;
        at_ += duration;
        steps_.push_back(std::move(step));
        return &steps_.back();
    }
    nanoseconds at() const noexcept { return at_; }

private:
    std::vector<trace_step>& steps_;
    int attempt_;
    nanoseconds at_;
};

void add_exchange(stretches& to, const attempt_event& event)
{
    auto spent = event.exchange;
    const auto take = [&spent](nanoseconds most) {
        const auto part = std::clamp(most, nanoseconds::zero(), spent);
        spent -= part;
        return part;
    };
    const bool is_answered = event.first_byte > nanoseconds::zero();
    const bool is_sent = event.written > nanoseconds::zero() || is_answered;
    const auto written = is_sent ? take(event.written) : take(spent);
    to.add(call_phase::write, written);
    to.add(call_phase::first_byte, is_answered ? take(event.first_byte - written) : take(spent));
    to.add(call_phase::body, spent);
}

/// What is later than `end` did not happen.
void cut(std::vector<trace_step>& steps, nanoseconds end)
{
    std::erase_if(steps, [end](const auto& step) { return step.begin >= end; });
    for (auto& step : steps)
        step.duration = std::min(step.duration, end - step.begin);
}

} // namespace

std::string_view to_string(call_phase phase) noexcept
{
    constexpr std::array<std::string_view, 12> names{"breaker",   "token", "admission",  "pool", "resolve", "connect",
                                                     "handshake", "write", "first_byte", "body", "backoff", "look_up"};
    const auto place = static_cast<std::size_t>(phase);
    return place < names.size() ? names[place] : std::string_view();
}

void call_trace::begin(const call_event& event)
{
    *this = call_trace();
    number_ = event.call;
    service_ = event.service;
    operation_ = event.operation;
    method_ = event.method;
    path_ = event.path;
}

void call_trace::on_attempt(const attempt_event& event) noexcept
try {
    add(event);
} catch (...) {
    // Without memory there is less of a trace.
}

void call_trace::add(const attempt_event& event)
{
    if (number_ == 0) {
        call_event first;
        first.call = event.call;
        first.service = event.service;
        first.operation = event.operation;
        first.method = event.method;
        first.path = event.path;
        begin(first);
    }
    trace_attempt one;
    one.number = event.attempt;
    one.begin = event.begun;
    one.status = event.status;
    one.failure = event.failure;
    one.stage = event.stage;
    one.text = detail::end_text(event.status, event.failure, event.stage, event.text);
    one.reused_connection = event.reused_connection;
    one.resumed_session = event.resumed_session;
    one.has_exchange = event.bytes_sent != 0;
    one.is_hedge = event.is_hedge;
    one.is_needless = event.is_needless;
    one.will_retry = event.will_retry;
    one.was_admitted = event.was_admitted();
    one.stopped = event.stopped;
    one.retry_after = event.retry_after;
    one.bytes_sent = event.bytes_sent;
    one.bytes_received = event.bytes_received;
    const auto set_up = event.resolve + event.connect + event.handshake;
    one.end = event.begun + event.breaker + event.credentials + event.admission +
              std::max(event.pool, nanoseconds::zero()) + event.exchange;
    // A second request runs beside the first: only the one that counts takes the call's time.
    if (event.is_hedge && !event.is_needless)
        cut(steps_, event.begun);
    if (!event.is_hedge || !event.is_needless) {
        stretches to(steps_, static_cast<int>(attempts_.size()), event.begun);
        to.add(call_phase::breaker, event.breaker);
        to.add(call_phase::token, event.credentials);
        if (auto* step = to.add(call_phase::admission, event.admission)) {
            step->held = event.held;
            step->held_by = event.held_by;
        }
        to.add(call_phase::pool, event.pool - set_up);
        to.add(call_phase::resolve, event.resolve);
        to.add(call_phase::connect, event.connect);
        to.add(call_phase::handshake, event.handshake);
        add_exchange(to, event);
        if (event.will_retry)
            if (auto* step = to.add(call_phase::backoff, event.backoff))
                step->was_asked_for = event.retry_after.has_value();
    }
    attempts_.push_back(std::move(one));
}

void call_trace::looked_up(nanoseconds begin, nanoseconds duration)
{
    trace_step step;
    step.phase = call_phase::look_up;
    step.attempt = static_cast<int>(attempts_.size()) - 1;
    step.begin = begin;
    step.duration = duration;
    steps_.push_back(std::move(step));
}

void call_trace::on_call(const call_event& event) noexcept
try {
    if (number_ == 0)
        begin(event);
    is_over_ = true;
    is_reconciled_ = event.reconciled;
    failure_ = event.failure != nullptr ? event.failure->kind() : error_kind::none;
    status_ = event.status;
    requests_ = event.attempts;
    duration_ = event.duration;
    cut(steps_, duration_); // a backoff that was cancelled
} catch (...) {
    // As above.
}

std::optional<slow_phase> call_trace::slowest() const
{
    std::vector<slow_phase> sums;
    for (const auto& step : steps_) {
        auto found = std::find_if(sums.begin(), sums.end(), [&step](const auto& one) {
            return one.phase == step.phase && one.held == step.held && one.held_by == step.held_by &&
                   one.was_asked_for == step.was_asked_for;
        });
        if (found == sums.end()) {
            found = sums.insert(found, slow_phase());
            found->phase = step.phase;
            found->held = step.held;
            found->held_by = step.held_by;
            found->was_asked_for = step.was_asked_for;
        }
        found->duration += step.duration;
        ++found->times;
    }
    const auto most = std::max_element(sums.begin(), sums.end(),
                                       [](const auto& a, const auto& b) { return a.duration < b.duration; });
    return most == sums.end() ? std::nullopt : std::optional(*most);
}

} // namespace usher
