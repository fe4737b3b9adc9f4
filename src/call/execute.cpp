// The way of a request, from top to bottom: token, admit, lease, exchange, observe, decide, and around again.
#include "call/call_watch.hpp"
#include "call/hedge.hpp"
#include "json/reset.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>

namespace usher::detail {

namespace asio = boost::asio;
using boost::system::error_code;
using clock = std::chrono::steady_clock;

namespace {

exchange_limits limits_of(const prepared_call& call, const phase_timeouts& timeouts, time_point deadline)
{
    const auto& options = call.client->engine->options;
    exchange_limits limits{};
    limits.max_header = options.max_header_size;
    limits.max_body = call.max_answer != 0 ? std::min(call.max_answer, options.max_body_size) : options.max_body_size;
    limits.first_byte = timeouts.first_byte;
    limits.end = std::min(deadline, clock::now() + timeouts.whole);
    limits.keep_headers = call.options.keep_raw != nullptr;
    return limits;
}

decode_limits decode_limits_of(const engine_options& options)
{
    decode_limits limits;
    limits.max_depth = options.max_depth;
    limits.max_size = options.max_body_size;
    return limits;
}

void not_admitted(attempt& a, const error_code& ec)
{
    if (ec == schedule::admission_error::timed_out)
        a.fail(error_kind::timeout, call_stage::admission, "the quota gives no place before the deadline");
    else if (ec == schedule::admission_error::not_remembered)
        a.fail(error_kind::unavailable, call_stage::admission, ec.message());
    else if (ec == schedule::admission_error::overloaded)
        a.fail(error_kind::overloaded, call_stage::admission, "too many calls wait for the quota");
    else
        a.fail(error_kind::cancelled, call_stage::admission, "cancelled by the caller");
}

void not_passed(attempt& a, const error_code& ec, const service_health& health)
{
    if (ec == asio::error::timed_out)
        a.fail(error_kind::timeout, call_stage::admission, health.held_text(clock::now()));
    else
        a.fail(error_kind::cancelled, call_stage::admission, "cancelled by the caller");
}

// Total cancellation is a promise that nothing has happened, which can't be made of a request that has left.
bool comes_too_late(const asio::cancellation_state& state, progress reached)
{
    return reached != progress::not_sent && state.cancelled() == asio::cancellation_type::total;
}

// A wait may have ended well just before the cancellation came: whoever waits looks at both.
bool is_cancelled(const asio::cancellation_state& state)
{
    return state.cancelled() != asio::cancellation_type::none;
}

} // namespace

asio::awaitable<result<void>> execute(prepared_call_ptr owned, void* target)
{
    auto& call = *owned;
    auto& engine = *call.client->engine;
    auto& limits = *call.client->limits;
    auto& health = *call.client->health;
    call_scope scope(engine.counters);
    const auto begun = clock::now();
    const auto deadline = begun + call.options.deadline;
    const auto& policy = call.options.retry ? *call.options.retry : call.client->options.retry;
    const auto& timeouts = call.options.timeouts ? *call.options.timeouts : call.client->options.timeouts;
    call_watch watch(call, scope.number(), begun);
    if (call.failure) {
        call.failure->operation = call.operation.id;
        const error refused(std::move(*call.failure));
        watch.call_ended(0, false, &refused);
        co_return refused;
    }

    attempt_series series(call, watch, policy, begun, deadline);
    for (;;) {
        attempt a;
        a.begun = clock::now();
        a.passed = a.begun;

        if (!health.is_passable(a.begun)) {
            ++engine.counters.unavailable;
            if (call.options.priority == lane::interactive) {
                a.fail_unavailable(health, a.begun);
            } else {
                const auto ec = co_await service_health::wait(call.client->health, deadline);
                const auto state = co_await asio::this_coro::cancellation_state;
                a.passed = clock::now();
                if (ec || is_cancelled(state))
                    not_passed(a, ec, health);
            }
        }

        if (a.failure == error_kind::none && !call.take_token()) {
            const auto refused = co_await call.obtain_token(deadline);
            const auto state = co_await asio::this_coro::cancellation_state;
            if (is_cancelled(state))
                a.fail(error_kind::cancelled, call_stage::credentials, "cancelled by the caller");
            else if (refused)
                a.fail_without_token(refused);
        }
        a.authorised = clock::now();

        schedule::held_ticket ticket(limits);
        if (a.failure != error_kind::none) {
            // Nothing to send.
        } else if (auto admitted = limits.try_admit(call.demand)) {
            ticket.pass() = std::move(*admitted);
        } else {
            const auto ec = co_await limits.admit(call.demand, deadline, ticket.pass(), &a.held);
            const auto state = co_await asio::this_coro::cancellation_state;
            if (ec || is_cancelled(state))
                not_admitted(a, ec);
        }
        a.admitted = clock::now();

        held_pass pass(health);
        if (a.failure == error_kind::none && !pass.take(a.admitted)) {
            // The breaker has opened meanwhile, or another call is the probe: everything is given back.
            ticket.unanswered(false);
            watch.turned_back(a);
            continue;
        }

        lease leased;
        if (a.failure == error_kind::none) {
            leased = engine.connections.try_acquire(call.client->origin, a.admitted);
            a.reused = static_cast<bool>(leased);
            if (!leased) {
                auto acquired = co_await engine.connections.acquire(call.client->origin, timeouts, deadline);
                leased = std::move(acquired.taken);
                a.reused = leased && leased->exchanges > 0;
                a.set_up = set_up_times(acquired);
                const auto state = co_await asio::this_coro::cancellation_state;
                if (!leased)
                    a.fail(acquired.failure, acquired.stage, std::move(acquired.text), acquired.code);
                else if (is_cancelled(state))
                    a.fail(error_kind::cancelled, call_stage::pool, "cancelled by the caller");
            }
        }
        a.leased = clock::now();

        if (a.failure == error_kind::none && call.source && !call.source->rewind())
            a.fail(error_kind::invalid_request, call_stage::write, "the file to upload can't be read again");
        // It may have waited for long: the token may have been renewed, or given up. Then nothing was sent, everything
        // is given back, and the next one is waited for; once, so that tokens without a life lead to no endless round.
        if (a.failure == error_kind::none && !call.take_token() && !call.is_turned_back) {
            call.is_turned_back = true;
            ticket.unanswered(false);
            leased.give_back(leased->idle_until);
            watch.turned_back(a);
            continue;
        }
        const auto patience = a.failure == error_kind::none ? hedge_after(call, policy) : std::nullopt;
        if (patience && leased->io->socket() != nullptr) {
            hedged_attempt both(call, series, a, leased, ticket, pass, target);
            both.limits = limits_of(call, timeouts, deadline);
            both.decoding = decode_limits_of(engine.options);
            both.timeouts = timeouts;
            both.deadline = deadline;
            both.patience = *patience;
            co_await exchange_hedged(both);
        } else if (a.failure == error_kind::none) {
            const auto request = call.wire();
            answer taken(leased->decode, call.operation.result, target, decode_limits_of(engine.options),
                         call.options.keep_raw);
            ticket.sending();
            exchange_machine machine(*leased, *engine.deadlines, request, taken, limits_of(call, timeouts, deadline));
            std::optional<bool> late; // cancelled too late: what the coroutine does about cancellation otherwise
            for (;;) {
                const auto need = machine.advance();
                if (need == io_state::ready || need == io_state::failed)
                    break;
                error_code ec;
                if (auto* socket = leased->io->socket(); socket != nullptr && need != io_state::want_either) {
                    auto [waited] = co_await socket->async_wait(wait_type_of(need), asio::as_tuple(asio::deferred));
                    ec = waited;
                } else {
                    ec = co_await leased->io->wait(need);
                }
                const auto state = co_await asio::this_coro::cancellation_state;
                if (is_cancelled(state) && comes_too_late(state, machine.report().reached)) {
                    if (!late)
                        late = co_await asio::this_coro::throw_if_cancelled();
                    co_await asio::this_coro::throw_if_cancelled(false);
                    if (ec == asio::error::operation_aborted)
                        ec.clear();
                } else if (is_cancelled(state)) {
                    ec = asio::error::operation_aborted;
                }
                if (ec || leased->watch.expired) {
                    machine.interrupt(ec);
                    break;
                }
            }
            if (late)
                co_await asio::this_coro::throw_if_cancelled(*late);
            a.settle(machine.report(), leased->reader.head(), taken);
        }
        // Not before the exchange is gone: it holds on to the connection, which may be closed when it comes back.
        if (call.is_secret && leased)
            leased->wipe();
        if (a.wire.reusable)
            leased.give_back(leased->idle_until);
        if (!ticket.pass().valid()) {
            // Not admitted, or settled already for another request that was answered first.
        } else if (a.status != 0)
            ticket.answered(a.told());
        else
            ticket.unanswered(a.wire.reached != progress::not_sent, // now, not after the backoff
                              a.failure == error_kind::timeout);
        leased.reset();
        pass.settle(series.sign_of(a), a.text);

        a.token_refused = a.status == 401 && call.refuse_token();
        const auto next = series.decide(a);
        if (a.failure == error_kind::none) {
            scope.answered();
            watch.call_ended(a.status, false, nullptr);
            co_return result<void>();
        }
        if (!next.retry && (!series.is_in_doubt() || next.stopped == stop_reason::cancelled))
            co_return series.error_of(std::move(a), next.stopped);
        if (target != nullptr)
            reset_value(*call.operation.result, target);
        // Whoever was told of the attempt may have cancelled the call.
        auto state = co_await asio::this_coro::cancellation_state;
        if (!is_cancelled(state) && next.wait > next.wait.zero()) {
            asio::steady_timer backoff(engine.executor, next.wait);
            [[maybe_unused]] auto [ec] = co_await backoff.async_wait(asio::as_tuple(asio::deferred));
            state = co_await asio::this_coro::cancellation_state;
        }
        if (is_cancelled(state)) {
            a.fail(error_kind::cancelled, call_stage::backoff, "cancelled by the caller before it tried again");
            co_return series.error_of(std::move(a), stop_reason::cancelled);
        }
        if (series.is_in_doubt()) {
            if (deadline - clock::now() < std::chrono::milliseconds(1))
                co_return series.error_without_look(std::move(a));
            const auto looks = clock::now();
            const auto looked = co_await look_for_effect(call, target, series.doubtful_since(), deadline);
            watch.looked_up(looks);
            if (looked.what == found::there) {
                ++engine.counters.reconciled;
                scope.answered();
                watch.call_ended(a.status, true, nullptr);
                co_return result<void>();
            }
            if (looked.what == found::failed || looked.what == found::cancelled) {
                const auto failed = series.error_of_look(std::move(a), looked);
                if (looked.thrown)
                    std::rethrow_exception(looked.thrown);
                co_return failed;
            }
            series.note_look(looked.what);
        }
        if (!next.retry)
            co_return series.error_of(std::move(a), next.stopped);
    }
}

} // namespace usher::detail
