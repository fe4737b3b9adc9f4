#include "call/call_watch.hpp"

#include <usher/trace.hpp>

namespace usher::detail {

namespace {

using clock = std::chrono::steady_clock;

void describe(auto& event, const prepared_call& call, std::uint64_t number)
{
    event.call = number;
    event.service = call.client->service.name;
    event.operation = call.operation.id;
    event.method = call.operation.method;
    event.path = call.operation.path;
}

} // namespace

call_watch::call_watch(const prepared_call& call, std::uint64_t number, time_point begun)
    : call_(call),
      watcher_(call.client->options.watcher.get()),
      log_(call.client->engine->log.get()),
      trace_(call.options.trace),
      number_(number),
      begun_(begun)
{
    if (trace_ == nullptr)
        return;
    call_event event;
    describe(event, call_, number_);
    trace_->begin(event);
}

attempt_event call_watch::event_of(const attempt& ended, const retry::decision& next) const
{
    attempt_event event;
    describe(event, call_, number_);
    event.status = ended.status;
    event.failure = ended.failure;
    event.stage = ended.stage;
    event.text = ended.text;
    event.held = ended.held.why;
    const auto& rules = call_.client->limits->rules().rules();
    if (ended.held.why == wait_reason::limit && ended.held.rule < rules.size())
        event.held_by = rules[ended.held.rule].name;
    event.stopped = next.stopped;
    event.reused_connection = ended.reused;
    event.will_retry = next.retry;
    event.is_hedge = ended.is_hedge;
    event.resumed_session = ended.set_up.resumed;
    event.begun = turned_back_.value_or(ended.begun) - begun_;
    event.breaker = before_.breaker + (ended.passed - ended.begun);
    event.credentials = before_.credentials + (ended.authorised - ended.passed);
    event.admission = before_.admission + (ended.admitted - ended.authorised);
    event.pool = before_.pool + (ended.leased - ended.admitted);
    event.resolve = ended.set_up.resolve;
    event.connect = ended.set_up.connect;
    event.handshake = ended.set_up.handshake;
    const auto& wire = ended.wire;
    if (wire.all_sent >= wire.started)
        event.written = wire.all_sent - wire.started;
    if (wire.reached >= progress::answering)
        event.first_byte = wire.first_byte - wire.started;
    if (wire.ended >= wire.started)
        event.exchange = wire.ended - wire.started;
    event.backoff = next.wait;
    event.retry_after = ended.retry_after;
    event.bytes_sent = wire.bytes_sent;
    event.bytes_received = wire.bytes_received;
    // The service's own text: a server may repeat anything.
    if (!call_.block || !has_credentials(call_.block->lines.reveal(), ended.from_service.trace_id))
        event.trace_id = ended.from_service.trace_id;
    return event;
}

void call_watch::attempt_ended(const attempt& ended, const retry::decision& next, int number, bool needless)
{
    requests_ += ended.was_admitted() ? 1 : 0;
    if (!is_watched())
        return;
    auto event = event_of(ended, next);
    event.attempt = number;
    event.is_needless = needless;
    if (watcher_ != nullptr)
        watcher_->on_attempt(event);
    if (log_ != nullptr)
        log_->on_attempt(event);
    if (trace_ != nullptr)
        trace_->on_attempt(event);
    // A second request shares nothing of these.
    if (!needless || !ended.is_hedge) {
        before_ = waits();
        turned_back_.reset();
    }
}

void call_watch::turned_back(const attempt& early)
{
    if (!is_watched())
        return;
    before_.breaker += early.passed - early.begun;
    before_.credentials += early.authorised - early.passed;
    before_.admission += early.admitted - early.authorised;
    if (early.leased >= early.admitted)
        before_.pool += early.leased - early.admitted;
    if (!turned_back_)
        turned_back_ = early.begun;
}

void call_watch::looked_up(time_point from)
{
    if (!is_watched())
        return;
    const auto spent = clock::now() - from;
    look_up_ += spent;
    if (trace_ != nullptr)
        trace_->looked_up(from - begun_, spent);
}

void call_watch::call_ended(int status, bool reconciled, const error* failure)
{
    if (is_watched())
        tell_call(status, reconciled, failure);
}

void call_watch::tell_call(int status, bool reconciled, const error* failure)
{
    call_event event;
    describe(event, call_, number_);
    event.priority = call_.options.priority;
    event.attempts = requests_;
    event.reconciled = reconciled;
    event.status = status;
    event.failure = failure;
    event.look_up = look_up_;
    event.duration = clock::now() - begun_;
    if (watcher_ != nullptr)
        watcher_->on_call(event);
    if (log_ != nullptr)
        log_->on_call(event);
    if (trace_ != nullptr)
        trace_->on_call(event);
}

} // namespace usher::detail
