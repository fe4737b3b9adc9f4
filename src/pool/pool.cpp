#include "pool/pool.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>

#include <algorithm>

namespace usher::detail {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

lease& lease::operator=(lease&& other) noexcept
{
    if (this != &other) {
        reset();
        pool_ = other.pool_;
        origin_ = std::move(other.origin_);
        connection_ = std::move(other.connection_);
    }
    return *this;
}

lease::~lease()
{
    reset();
}

void lease::reset()
{
    if (!connection_)
        return;
    connection_.reset();
    pool_->come_back(*origin_, nullptr, {});
}

void lease::give_back(time_point idle_until)
{
    pool_->come_back(*origin_, std::move(connection_), idle_until);
}

// Waits in the queue of an origin. However its coroutine ends, what it was given is not lost.
class pool::waiter final : public pool_waiter {
public:
    waiter(pool& owner, origin_state& origin) : timer(owner.executor_), owner_(owner), origin_(origin)
    {
        origin_.add_waiter(*this);
        ++owner_.waiting_;
    }
    ~waiter() override
    {
        const bool had_a_place = given != nullptr || may_connect;
        --owner_.waiting_;
        origin_.leave(*this, clock::now());
        if (had_a_place)
            owner_.place_got_free();
    }
    void wake() noexcept override { timer.cancel(); }
    /// Something came behind the answer before, so that nobody may have the connection. True: its place is one for a
    /// new one. False: too many are being set up; this waits on, and whoever may set one up elsewhere has the place.
    bool replace_given()
    {
        given.reset();
        may_connect = origin_.replace_leased();
        if (!may_connect) {
            origin_.add_again(*this);
            origin_.come_back(nullptr, clock::now(), {});
            owner_.place_got_free();
        }
        return may_connect;
    }

    asio::steady_timer timer;

private:
    pool& owner_;
    origin_state& origin_;
};

pool::pool(asio::any_io_executor executor, std::shared_ptr<deadline_queue> deadlines, const engine_options& options,
           engine_counters& counters)
    : context_end(executor),
      executor_(std::move(executor)),
      deadlines_(std::move(deadlines)),
      options_(options),
      counters_(counters),
      proxy_(options, proxy_choice::system_environment),
      tls_(std::make_shared<tls_context>(tls_trust(options))),
      proxy_sessions_(std::make_shared<tls_sessions>()),
      random_(static_cast<std::minstd_rand::result_type>(options.seed != 0 ? options.seed : std::random_device()()))
{
}

std::shared_ptr<pool_origin> pool::origin(const base_url& url)
{
    auto proxy = proxy_.for_origin(url);
    auto& entry = origins_[proxy ? url.origin() + " through " + proxy->key() : url.origin()];
    if (!entry) {
        origin_limits limits;
        limits.connections = options_.max_connections_per_origin;
        limits.connecting = options_.max_connecting;
        limits.waiting = options_.max_waiting;
        limits.idle_time = options_.idle_time;
        entry = std::make_shared<pool_origin>(limits);
        entry->target = std::make_shared<dial_target>();
        entry->target->url = url;
        if (url.tls)
            entry->target->tls = tls_;
        entry->target->sessions = std::make_shared<tls_sessions>();
        if (proxy && proxy->tls) {
            entry->target->proxy_tls = tls_;
            entry->target->proxy_sessions = proxy_sessions_;
        }
        entry->target->proxy = std::move(proxy);
    }
    return entry;
}

lease pool::try_acquire(const std::shared_ptr<pool_origin>& origin, time_point now)
{
    auto idle = origin->state.take_idle(now);
    if (!idle)
        return {};
    ++counters_.connections_reused;
    return lease(*this, origin, std::move(idle));
}

bool pool::make_room(const pool_origin& for_origin)
{
    if (!for_origin.state.may_connect())
        return false;
    if (connections() < options_.max_connections)
        return true;
    for (auto& [name, other] : origins_)
        if (other.get() != &for_origin && other->state.close_oldest())
            return true;
    return false;
}

asio::awaitable<lease_result> pool::acquire(std::shared_ptr<pool_origin> origin, phase_timeouts timeouts,
                                            time_point end)
{
    lease_result result;
    result.taken = try_acquire(origin, clock::now());
    if (result.taken)
        co_return std::move(result);
    if (make_room(*origin)) {
        origin->state.begin_connecting();
        result = co_await connect(std::move(origin), timeouts, end);
        co_return std::move(result);
    }
    if (origin->state.is_waiting_full()) {
        result.failure = error_kind::overloaded;
        result.text = "too many calls wait for a connection";
        co_return std::move(result);
    }
    {
        waiter queued(*this, origin->state);
        const auto last = std::min(end, clock::now() + timeouts.pool);
        do {
            queued.timer.expires_at(last);
            [[maybe_unused]] auto [ec] = co_await queued.timer.async_wait(asio::as_tuple(asio::deferred));
            const auto state = co_await asio::this_coro::cancellation_state;
            if (state.cancelled() != asio::cancellation_type::none) {
                result.failure = error_kind::cancelled;
                result.text = "cancelled by the caller";
                co_return std::move(result);
            }
            if (queued.given && queued.given->is_quiet()) {
                ++counters_.connections_reused;
                result.taken = lease(*this, origin, std::move(queued.given));
                co_return std::move(result);
            }
        } while (queued.given && !queued.replace_given());
        if (!queued.may_connect) {
            result.failure = error_kind::timeout;
            result.text = "no connection got free in time";
            co_return std::move(result);
        }
        queued.may_connect = false;
    }
    result = co_await connect(std::move(origin), timeouts, end);
    co_return std::move(result);
}

// A place among those being set up. Unless a connection came of it, it is given back; either way somebody may go on.
class pool::connecting_place {
public:
    connecting_place(pool& owner, origin_state& origin) : owner_(owner), origin_(origin) {}
    connecting_place(const connecting_place&) = delete;
    connecting_place& operator=(const connecting_place&) = delete;
    ~connecting_place()
    {
        if (!done_)
            origin_.connect_failed();
        owner_.place_got_free();
    }
    void done() noexcept
    {
        origin_.connect_done();
        done_ = true;
    }

private:
    pool& owner_;
    origin_state& origin_;
    bool done_ = false;
};

asio::awaitable<lease_result> pool::connect(std::shared_ptr<pool_origin> origin, phase_timeouts timeouts,
                                            time_point end)
{
    lease_result result;
    connecting_place place(*this, origin->state);
    dial_limits limits{};
    limits.connect = timeouts.connect;
    limits.handshake = timeouts.handshake;
    limits.end = end;
    auto dialled = co_await dial(executor_, deadlines_, origin->target, limits);
    result.resolve = dialled.resolve;
    result.connect = dialled.connect;
    result.handshake = dialled.handshake;
    result.resumed = dialled.resumed;
    if (dialled.made && !dialled.made->is_quiet()) {
        // Nothing was asked: what came can't be an answer to what will be.
        dialled.made.reset();
        dialled.failure = error_kind::connection;
        dialled.stage = call_stage::connect;
        dialled.text = "a new connection was closed, or spoken on, before anything was asked";
    }
    if (dialled.made) {
        place.done();
        ++counters_.connections_opened;
        counters_.tls_resumed += dialled.resumed ? 1 : 0;
        dialled.made->expires = end_of_life(dialled.made->opened);
        result.taken = lease(*this, origin, std::move(dialled.made));
    } else {
        result.failure = dialled.failure;
        result.stage = dialled.stage;
        result.code = dialled.code;
        result.text = std::move(dialled.text);
    }
    co_return std::move(result);
}

time_point pool::end_of_life(time_point now)
{
    std::uniform_real_distribution<double> share(0.9, 1.1);
    return now + std::chrono::duration_cast<clock::duration>(options_.life_time * share(random_));
}

void pool::come_back(pool_origin& origin, std::unique_ptr<connection> back, time_point idle_until)
{
    origin.state.come_back(std::move(back), clock::now(), idle_until);
    place_got_free();
}

void pool::place_got_free()
{
    if (is_over_)
        return over();
    if (waiting_ == 0)
        return;
    for (auto& [name, origin] : origins_)
        while (origin->state.has_waiters() && make_room(*origin))
            if (!origin->state.let_connect())
                break;
}

void pool::close_idle()
{
    for (auto& [name, origin] : origins_)
        origin->state.close_idle();
    place_got_free();
}

void pool::over() noexcept
{
    is_over_ = true;
    for (auto& [name, origin] : origins_)
        origin->state.close_idle();
}

std::size_t pool::connections() const noexcept
{
    std::size_t sum = 0;
    for (const auto& [name, origin] : origins_)
        sum += origin->state.total();
    return sum;
}

std::size_t pool::idle() const noexcept
{
    std::size_t sum = 0;
    for (const auto& [name, origin] : origins_)
        sum += origin->state.idle();
    return sum;
}

} // namespace usher::detail
