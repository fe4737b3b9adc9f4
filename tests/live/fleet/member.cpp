// One process of a fleet: makes calls as fast as it may, until it is killed.
//   fleet_member BASE_URL REDIS_URL
#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>
#include <usher/redis_budget.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

asio::awaitable<void> call(usher::clerk::client clerk)
{
    asio::steady_timer pause(co_await asio::this_coro::executor);
    for (;;) {
        const auto user = co_await clerk.users().get("user_of_the_fleet");
        if (user || user.error().status() != 0)
            continue;
        pause.expires_after(100ms);
        co_await pause.async_wait(asio::use_awaitable);
    }
}

} // namespace

int main(int count, char** texts)
{
    if (count != 3)
        return 2;
    asio::io_context io(1);
    usher::engine_options of_engine;
    of_engine.shared_budget = usher::redis_budget(io.get_executor(), texts[2]);
    usher::engine engine(io.get_executor(), of_engine);
    usher::client_options options;
    options.base_url = texts[1];
    options.retry = usher::retry_policy::none();
    const usher::clerk::client clerk(engine, usher::secret("sk_live_usherusherusherusherusherusherusherusher"),
                                     options);
    for (int i = 0; i != 16; ++i)
        asio::co_spawn(io, call(clerk), asio::detached);
    io.run();
    return 0;
}
