#include "net/race.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace usher::detail {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds stagger{250};

// Shared by the attempts and by the coroutine that waits; the timer is how the attempts wake it.
struct race_state {
    explicit race_state(asio::any_io_executor executor) : wake(std::move(executor)) {}

    asio::steady_timer wake;
    std::vector<std::unique_ptr<tcp::socket>> sockets;
    std::size_t failed = 0;
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
            ++state->failed;
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

struct lookup_state {
    explicit lookup_state(const asio::any_io_executor& executor) : resolver(executor), wake(executor) {}

    tcp::resolver resolver;
    asio::steady_timer wake;
    tcp::resolver::results_type found;
    error_code error;
    bool done = false;
};

// Asio ends a cancelled look-up only when the system's resolver returns; nobody waits for that.
struct lookup_end {
    explicit lookup_end(lookup_state& s) : state(s) {}
    lookup_end(const lookup_end&) = delete;
    lookup_end& operator=(const lookup_end&) = delete;
    ~lookup_end() { state.resolver.cancel(); }
    lookup_state& state;
};

std::vector<tcp::endpoint> in_turn(const tcp::resolver::results_type& found)
{
    std::vector<tcp::endpoint> first;
    std::vector<tcp::endpoint> second;
    for (const auto& entry : found) {
        const auto address = entry.endpoint();
        const bool as_first = first.empty() || first.front().address().is_v6() == address.address().is_v6();
        (as_first ? first : second).push_back(address);
    }
    std::vector<tcp::endpoint> all;
    for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
        if (i < first.size())
            all.push_back(first[i]);
        if (i < second.size())
            all.push_back(second[i]);
    }
    return all;
}

} // namespace

asio::awaitable<race_result> race(asio::any_io_executor executor, std::vector<tcp::endpoint> addresses,
                                  time_point deadline)
{
    const auto state = std::make_shared<race_state>(executor);
    const race_end at_end(*state);
    race_result result;
    std::size_t begun = 0;
    auto next_at = std::chrono::steady_clock::now();
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
        if (begun < addresses.size() && (now >= next_at || state->failed == begun)) {
            attempt(state, executor, addresses[begun++]);
            next_at = now + stagger;
        } else if (state->failed == addresses.size()) {
            result.error = state->last_error;
            co_return std::move(result);
        }
        state->wake.expires_at(begun < addresses.size() ? std::min(next_at, deadline) : deadline);
        [[maybe_unused]] auto [ec] = co_await state->wake.async_wait(asio::as_tuple(asio::deferred));
        const auto cancelled = co_await asio::this_coro::cancellation_state;
        if (cancelled.cancelled() != asio::cancellation_type::none) {
            result.error = asio::error::operation_aborted;
            co_return std::move(result);
        }
    }
}

asio::awaitable<lookup_result> look_up(asio::any_io_executor executor, std::string host, std::uint16_t port,
                                       time_point deadline)
{
    lookup_result result;
    error_code not_an_address;
    const auto address = asio::ip::make_address(host, not_an_address);
    if (!not_an_address) {
        result.addresses.emplace_back(address, port);
        co_return std::move(result);
    }
    const auto state = std::make_shared<lookup_state>(executor);
    const lookup_end at_end(*state);
    state->wake.expires_at(deadline);
    state->resolver.async_resolve(host, std::to_string(port), tcp::resolver::numeric_service,
                                  [state](error_code ec, tcp::resolver::results_type found) {
                                      state->error = ec;
                                      state->found = std::move(found);
                                      state->done = true;
                                      state->wake.cancel();
                                  });
    [[maybe_unused]] auto [ec] = co_await state->wake.async_wait(asio::as_tuple(asio::deferred));
    const auto cancelled = co_await asio::this_coro::cancellation_state;
    if (cancelled.cancelled() != asio::cancellation_type::none)
        result.error = asio::error::operation_aborted;
    else if (!state->done)
        result.error = asio::error::timed_out;
    else if (state->error)
        result.error = state->error;
    else
        result.addresses = in_turn(state->found);
    co_return std::move(result);
}

} // namespace usher::detail
