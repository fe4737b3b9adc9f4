#include "call/hedge.hpp"

#include "call/flight.hpp"
#include "json/reset.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>

namespace usher::detail {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace {

constexpr double most_used = 0.8; // of the quota; a fifth of it has to be idle

/// Keeps the engine while it is asked.
asio::awaitable<lease_result> acquire(std::shared_ptr<client_state> client, phase_timeouts timeouts, time_point end)
{
    auto result = co_await client->engine->connections.acquire(client->origin, timeouts, end);
    co_return std::move(result);
}

/// A connection for the second request: one that is idle, or a new one while the first goes on.
struct second_lease : std::enable_shared_from_this<second_lease> {
    /// Goes with the coroutine that asks: one that is destroyed can't be cancelled any more.
    struct end {
        explicit end(std::shared_ptr<second_lease> self_) : self(std::move(self_)) {}
        end(end&&) noexcept = default;
        end& operator=(end&&) = delete;
        ~end()
        {
            if (self)
                self->is_over = true;
        }
        std::shared_ptr<second_lease> self;
    };

    void ask(const hedged_attempt& of, asio::steady_timer& waker)
    {
        auto& engine = *of.call.client->engine;
        pool_of = of.call.client->engine;
        wake = &waker;
        taken = engine.connections.try_acquire(of.call.client->origin, clock::now());
        is_over = static_cast<bool>(taken);
        was_idle = is_over;
        if (is_over)
            return;
        auto done = [end = end(shared_from_this())](std::exception_ptr thrown, lease_result result) {
            auto& self = *end.self;
            if (!thrown) {
                self.set_up = set_up_times(result);
                self.taken = std::move(result.taken);
            }
            self.is_over = true;
            if (self.wake != nullptr)
                self.wake->cancel();
            else if (self.taken) // nobody needs it any more: the next call does
                self.taken.give_back(self.taken->idle_until);
        };
        asio::co_spawn(engine.executor, acquire(of.call.client, of.timeouts, of.deadline),
                       asio::bind_cancellation_slot(signal.slot(), std::move(done)));
    }
    void stop()
    {
        wake = nullptr;
        if (!is_over)
            signal.emit(asio::cancellation_type::terminal);
    }

    std::shared_ptr<engine_state> pool_of; ///< the call may be over and everybody else gone before it has a connection
    lease taken;
    set_up_times set_up;
    bool is_over = false;
    bool was_idle = false;
    asio::steady_timer* wake = nullptr;
    asio::cancellation_signal signal;
};

/// The second request, from its admission on.
struct second_request {
    explicit second_request(hedged_attempt& of)
        : what(of), ticket(*of.call.client->limits), pass(*of.call.client->health)
    {
        a.is_hedge = true;
    }
    second_request(const second_request&) = delete;
    second_request& operator=(const second_request&) = delete;
    ~second_request() { stop(); }

    bool is_under_way() const noexcept { return sent && !sent->is_over(); }
    bool is_answered() const noexcept { return sent && sent->is_over(); }
    /// Asks for a connection, if there is a place for it everywhere else.
    void begin(asio::steady_timer& wake);
    /// Sends it, once there is a connection.
    void send(asio::steady_timer& wake);
    void stop()
    {
        if (sent)
            sent->stop();
        if (connecting)
            connecting->stop();
    }

    hedged_attempt& what;
    attempt a;
    schedule::held_ticket ticket;
    held_pass pass;
    std::shared_ptr<second_lease> connecting;
    lease leased;
    raw_answer bytes;
    std::shared_ptr<flight> sent;
};

void second_request::begin(asio::steady_timer& wake)
{
    auto& client = *what.call.client;
    a.begun = clock::now();
    a.passed = a.begun;
    a.authorised = a.begun;
    // The token of a call may have been given up while it waited.
    if (!client.health->is_closed() || !client.health->hedges.has_one() || client.limits->waiting() != 0 ||
        client.limits->utilisation() > most_used || !what.call.take_token())
        return;
    auto admitted = client.limits->try_admit(what.call.demand);
    if (!admitted)
        return;
    ticket.pass() = std::move(*admitted);
    a.admitted = clock::now();
    if (!pass.take(a.admitted))
        return;
    client.health->hedges.take();
    connecting = std::make_shared<second_lease>();
    connecting->ask(what, wake);
}

void second_request::send(asio::steady_timer& wake)
{
    leased = std::move(connecting->taken);
    a.reused = connecting->was_idle;
    a.set_up = connecting->set_up;
    connecting.reset();
    a.leased = clock::now();
    if (!leased || leased->io->socket() == nullptr || !what.call.take_token())
        return;
    ++what.call.client->engine->counters.hedges;
    sent = std::make_shared<flight>(*leased, what.call, nullptr, nullptr, what.decoding, &bytes);
    ticket.sending();
    sent->start(*what.call.client->engine->deadlines, what.limits, wake);
}

/// It is what the caller may be told now: no failure, and nothing that asks to come again.
bool is_final(flight& of)
{
    const int status = of.taken().status();
    return of.is_over() && of.report().failure == error_kind::none && status < 500 && status != 429;
}

/// Both are on their way, or one of them has ended and the other may still be better.
bool is_open(flight& first, const second_request& second)
{
    if (is_final(first))
        return false;
    if (second.sent && is_final(*second.sent))
        return false;
    return !first.is_over() || second.is_under_way();
}

void lose(attempt& a, const exchange_report& report)
{
    a.wire = report;
    a.wire.ended = clock::now();
    a.wire.reusable = false;
    a.fail(error_kind::cancelled, report.stage, "another request of the same call was answered first");
}

/// The second request's answer is the call's.
void second_won(hedged_attempt& what, flight& first, second_request& second)
{
    ++what.call.client->engine->counters.hedges_won;
    lose(what.a, first.report());
    first.stop();
    what.ticket.unanswered(true);
    what.pass.settle(retry::health_sign::none, {});
    what.series.note_needless(what.a);
    if (what.target != nullptr)
        reset_value(*what.call.operation.result, what.target);

    const auto& head = second.leased->reader.head();
    answer decoded(second.leased->decode, what.call.operation.result, what.target, what.decoding,
                   what.call.options.keep_raw);
    decoded.begin(head);
    decoded.body(second.bytes.body);
    second.a.settle(second.sent->report(), head, decoded);
    second.ticket.answered(second.a.told());
    second.pass.settle(what.series.sign_of(second.a), second.a.text);
    second.sent->stop();
    what.a = std::move(second.a);
    what.leased = std::move(second.leased); // closes the first one's
}

/// The first request's end is the call's; the second one's does not matter any more.
void first_ended(hedged_attempt& what, flight& first, second_request& second)
{
    what.a.settle(first.report(), what.leased->reader.head(), first.taken());
    first.stop();
    if (!second.sent)
        return;
    if (second.is_answered()) {
        const auto& head = second.leased->reader.head();
        second.a.settle(second.sent->report(), head, second.sent->taken());
        if (second.a.status != 0)
            second.ticket.answered(second.a.told());
        second.pass.settle(what.series.sign_of(second.a), second.a.text);
        // Not before the flight has let go of the connection, which may be closed when it comes back.
        second.sent->stop();
        if (second.a.wire.reusable)
            second.leased.give_back(second.leased->idle_until);
    } else {
        lose(second.a, second.sent->report());
        second.sent->stop();
    }
    what.series.note_needless(second.a);
}

/// Whatever leaves the coroutine, no flight goes on without it.
struct landing {
    explicit landing(flight& of) : first(of) {}
    landing(const landing&) = delete;
    landing& operator=(const landing&) = delete;
    ~landing() { first.stop(); }
    flight& first;
};

} // namespace

std::optional<std::chrono::nanoseconds> hedge_after(const prepared_call& call, const retry_policy& policy)
{
    if (!policy.hedge || call.operation.method != "GET" || call.is_secret)
        return std::nullopt;
    auto& health = *call.client->health;
    health.hedges.sent();
    // Without an estimate there is no hedge, but it has to come from somewhere.
    return health.latencies_of(call.operation.index).p95().value_or(std::chrono::hours(24));
}

asio::awaitable<void> exchange_hedged(hedged_attempt what)
{
    auto& engine = *what.call.client->engine;
    asio::steady_timer wake(engine.executor);
    const auto first = std::make_shared<flight>(*what.leased, what.call, what.call.operation.result, what.target,
                                                what.decoding, what.call.options.keep_raw);
    const landing lands(*first);
    second_request second(what);
    const auto begun = clock::now();
    const auto hedged_at = begun + what.patience;
    bool may_hedge = true;
    std::optional<bool> late; // cancelled too late: what the coroutine does about cancellation otherwise
    what.ticket.sending();
    first->start(*engine.deadlines, what.limits, wake);
    while (is_open(*first, second)) {
        wake.expires_at(may_hedge ? hedged_at : time_point::max());
        [[maybe_unused]] auto [woken] = co_await wake.async_wait(asio::as_tuple(asio::deferred));
        const auto state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() == asio::cancellation_type::total) {
            // It promises that nothing has happened: too late for that.
            if (!late)
                late = co_await asio::this_coro::throw_if_cancelled();
            co_await asio::this_coro::throw_if_cancelled(false);
        } else if (state.cancelled() != asio::cancellation_type::none) {
            first->cancel();
            break;
        }
        if (first->is_over())
            continue;
        if (may_hedge && clock::now() >= hedged_at) {
            may_hedge = false;
            second.begin(wake);
        }
        if (second.connecting && second.connecting->is_over)
            second.send(wake);
    }
    if (late)
        co_await asio::this_coro::throw_if_cancelled(*late);
    const bool has_second_won = !is_final(*first) && second.sent && is_final(*second.sent);
    // When the second one won, the first has taken longer than that, and how much longer does not matter.
    if (has_second_won || is_final(*first))
        what.call.client->health->latencies_of(what.call.operation.index).add(clock::now() - begun);
    if (has_second_won)
        second_won(what, *first, second);
    else
        first_ended(what, *first, second);
}

} // namespace usher::detail
