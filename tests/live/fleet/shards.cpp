// The engines of one process under one limit.
#include "limited.hpp"

#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>
#include <usher/shards.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <string>

namespace asio = boost::asio;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

namespace {

asio::awaitable<void> call_until(steady::time_point end, usher::clerk::client clerk, std::atomic<int>& answered)
{
    while (steady::now() < end) {
        const auto user = co_await clerk.users().get("user_of_all");
        answered += !user && user.error().is_not_found() ? 1 : 0;
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(shards_use_one_limit_together)
{
    const usher::sandbox::server service(
        fleet_tests::limited(usher::sandbox::algorithm::sliding_log, usher::sandbox::allowance(200, 2s)));
    std::atomic<int> answered = 0;
    std::atomic<std::size_t> shards_used = 0;
    usher::shards all(3);
    const auto end = steady::now() + 5s;
    all.spawn_on_each([&](usher::engine& engine) -> asio::awaitable<void> {
        usher::client_options options;
        options.base_url = service.url();
        options.quota = usher::quota(200, 2s);
        options.retry = usher::retry_policy::none();
        const usher::clerk::client clerk(engine, usher::secret("sk_test_000000000000000000000000000000000000"),
                                         options);
        co_await call_until(end, clerk, answered);
        shards_used += clerk.usage().admitted > 20 ? 1 : 0;
    });
    all.join();
    BOOST_TEST(service.stats().refused == 0U);
    BOOST_TEST(shards_used == 3U);
    BOOST_TEST(answered > 300); // of 500; a shard that had its third alone would get 167
    BOOST_TEST(answered <= 600);
}
