#include "net/race.hpp"

#include "net/race_plan.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <list>
#include <memory>
#include <utility>

namespace usher::detail {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// Shared by the attempts and by the coroutine that waits; the timer is how the attempts wake it.
struct race_state {
    race_state(asio::any_io_executor executor, std::size_t addresses)
        : wake(std::move(executor)), plan(addresses, std::chrono::steady_clock::now())
    {
    }

    asio::steady_timer wake;
    race_plan plan;
    std::vector<std::unique_ptr<tcp::socket>> sockets;
    std::optional<std::size_t> winner;
    error_code last_error;
    bool over = false;
};

void attempt(const std::shared_ptr<race_state>& state, const asio::any_io_executor& executor,
             const tcp::endpoint& address)
{
    const auto index = state->sockets.size();
    state->sockets.push_back(std::make_unique<tcp::socket>(executor));
    state->sockets.back()->async_connect(address, [state, index](error_code ec) {
        if (state->over)
            return;
        if (ec) {
            state->plan.failed(index);
            state->last_error = ec;
        } else if (!state->winner) {
            state->winner = index;
        }
        state->wake.cancel();
    });
}

// Closes what is still on its way, whichever way the race is left.
struct race_end {
    explicit race_end(race_state& s) : state(s) {}
    race_end(const race_end&) = delete;
    race_end& operator=(const race_end&) = delete;
    ~race_end()
    {
        state.over = true;
        for (auto& socket : state.sockets) {
            error_code ignored;
            if (socket)
                socket->close(ignored);
        }
    }
    race_state& state;
};

} // namespace

asio::awaitable<race_result> race(asio::any_io_executor executor, std::vector<tcp::endpoint> addresses,
                                  time_point deadline)
{
    const auto state = std::make_shared<race_state>(executor, addresses.size());
    const race_end at_end(*state);
    race_result result;
    for (;;) {
        const auto now = std::chrono::steady_clock::now();
        if (state->winner) {
            result.socket.emplace(std::move(*state->sockets[*state->winner]));
            co_return std::move(result);
        }
        if (now >= deadline) {
            result.error = asio::error::timed_out;
            co_return std::move(result);
        }
        if (state->plan.begin_one(now)) {
            attempt(state, executor, addresses[state->plan.begun() - 1]);
        } else if (state->plan.is_lost()) {
            result.error = state->last_error;
            co_return std::move(result);
        }
        state->wake.expires_at(std::min(state->plan.next_at(), deadline));
        [[maybe_unused]] auto [ec] = co_await state->wake.async_wait(asio::as_tuple(asio::deferred));
        const auto cancelled = co_await asio::this_coro::cancellation_state;
        if (cancelled.cancelled() != asio::cancellation_type::none) {
            result.error = asio::error::operation_aborted;
            co_return std::move(result);
        }
    }
}

struct lookup_state {
    explicit lookup_state(const asio::any_io_executor& executor) : resolver(executor) {}

    tcp::resolver resolver;
    std::list<asio::steady_timer*> waiting;
    std::vector<tcp::endpoint> found;
    error_code error;
    bool done = false;
};

namespace {

std::shared_ptr<lookup_state> share(const asio::any_io_executor& executor, const std::string& host, std::uint16_t port,
                                    lookup_slot& slot)
{
    if (auto under_way = slot.under_way.lock(); under_way && !under_way->done && !under_way->waiting.empty())
        return under_way;
    auto state = std::make_shared<lookup_state>(executor);
    slot.under_way = state;
    ++slot.asked;
    state->resolver.async_resolve(host, std::to_string(port), tcp::resolver::numeric_service,
                                  [state](error_code ec, const tcp::resolver::results_type& found) {
                                      state->error = ec;
                                      if (!ec)
                                          state->found = in_turn({found.begin(), found.end()});
                                      state->done = true;
                                      for (auto* timer : state->waiting)
                                          timer->cancel();
                                  });
    return state;
}

// One who waits for a look-up. When the last of them goes, nobody waits for it any more; Asio ends a cancelled one only
// when the system's resolver returns.
struct lookup_waiter {
    lookup_waiter(const asio::any_io_executor& executor, lookup_state& shared) : timer(executor), state(shared)
    {
        state.waiting.push_back(&timer);
    }
    lookup_waiter(const lookup_waiter&) = delete;
    lookup_waiter& operator=(const lookup_waiter&) = delete;
    ~lookup_waiter()
    {
        state.waiting.remove(&timer);
        if (state.waiting.empty() && !state.done)
            state.resolver.cancel();
    }
    asio::steady_timer timer;
    lookup_state& state;
};

} // namespace

asio::awaitable<lookup_result> find_addresses(asio::any_io_executor executor, std::string host, std::uint16_t port,
                                              time_point deadline, lookup_slot& slot)
{
    lookup_result result;
    error_code not_an_address;
    const auto address = asio::ip::make_address(host, not_an_address);
    if (!not_an_address) {
        result.addresses.emplace_back(address, port);
        co_return std::move(result);
    }
    const auto state = share(executor, host, port, slot);
    lookup_waiter waiter(executor, *state);
    waiter.timer.expires_at(deadline);
    [[maybe_unused]] auto [ec] = co_await waiter.timer.async_wait(asio::as_tuple(asio::deferred));
    const auto cancelled = co_await asio::this_coro::cancellation_state;
    if (cancelled.cancelled() != asio::cancellation_type::none)
        result.error = asio::error::operation_aborted;
    else if (!state->done)
        result.error = asio::error::timed_out;
    else if (state->error)
        result.error = state->error;
    else
        result.addresses = state->found;
    co_return std::move(result);
}

} // namespace usher::detail
