// Shards that are stopped, or destroyed, while calls are under way on all of them.
#include <usher/client.hpp>
#include <usher/shards.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <future>
#include <string>
#include <thread>

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

/// An operation of a service that nobody describes.
const usher::detail::operation_info& operation()
{
    static const usher::detail::operation_info one = [] {
        usher::detail::operation_info made{};
        made.id = "Ask";
        made.method = "GET";
        made.path = "/ask";
        made.group = made.name = "ask";
        made.credentials = usher::detail::credential_use::client;
        return made;
    }();
    return one;
}

constexpr usher::detail::service_info service{"unknown", "", "", {}};

/// The system accepts connections and takes requests; nobody answers.
class silent_port {
public:
    silent_port() : acceptor_(io_, {asio::ip::address_v4::loopback(), 0}) {}
    std::string url() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }

private:
    asio::io_context io_{1};
    asio::ip::tcp::acceptor acceptor_;
};

struct seen {
    std::atomic<int> begun = 0;
    std::atomic<int> cancelled = 0;
    std::atomic<int> ended = 0;
};

asio::awaitable<void> ask(usher::basic_client client, seen& all)
{
    ++all.begun;
    auto call = usher::detail::prepare(client.state(), operation(), {}, nullptr, usher::call_options());
    auto done = co_await usher::detail::execute(std::move(call), nullptr);
    ++all.ended;
    all.cancelled += !done && done.error().is_cancelled() ? 1 : 0;
}

usher::basic_client client_of(usher::engine& engine, const std::string& url, const usher::quota& limits)
{
    usher::client_options how;
    how.base_url = url;
    how.quota = limits;
    return usher::basic_client(engine, service, usher::secret("sk_1"), how);
}

asio::awaitable<void> ask_with(usher::engine& engine, std::string url, usher::quota limits, seen& all)
{
    co_await ask(client_of(engine, url, limits), all);
}

void spawn_calls(usher::shards& all, int calls, const std::string& url, const usher::quota& limits, seen& into)
{
    for (int i = 0; i != calls; ++i)
        all.spawn_on_each([&into, url, limits](usher::engine& engine) { return ask_with(engine, url, limits, into); });
}

/// What each shard's engine counts, as its own thread sees it.
usher::engine_counters counted(usher::shards& all, std::size_t index)
{
    std::promise<usher::engine_counters> told;
    asio::post(all.executor(index), [&] { told.set_value(all.engine(index).counters()); });
    return told.get_future().get();
}

void wait_until_in_flight(usher::shards& all, std::size_t calls)
{
    for (std::size_t i = 0; i != all.size(); ++i)
        while (counted(all, i).in_flight != calls)
            std::this_thread::yield();
}

} // namespace

BOOST_AUTO_TEST_SUITE(calls_on_all_cores)

BOOST_AUTO_TEST_CASE(stop_cancels_calls_on_all_shards_and_leaves_nothing)
{
    const silent_port silent;
    seen all;
    usher::shards three(3);
    spawn_calls(three, 8, silent.url(), usher::quota::unlimited(), all);
    wait_until_in_flight(three, 8);
    three.stop();
    three.join();
    BOOST_TEST(all.begun == 24);
    BOOST_TEST(all.ended == 24);
    BOOST_TEST(all.cancelled == 24);
    BOOST_TEST(three.failures().empty());
    for (std::size_t i = 0; i != 3; ++i) {
        const auto left = three.engine(i).counters(); // its thread has ended
        BOOST_TEST(left.in_flight == 0U);
        BOOST_TEST(left.connections == 0U);
        BOOST_TEST(left.errors == 8U);
    }
}

BOOST_AUTO_TEST_CASE(stop_cancels_calls_that_wait_for_the_limit_that_all_share)
{
    const silent_port silent;
    seen all;
    usher::shards three(3);
    spawn_calls(three, 8, silent.url(), usher::quota(2, 2s), all);
    wait_until_in_flight(three, 8);
    three.stop();
    three.join();
    BOOST_TEST(all.ended == 24);
    BOOST_TEST(all.cancelled == 24);
    for (std::size_t i = 0; i != 3; ++i)
        BOOST_TEST(three.engine(i).counters().in_flight == 0U);
}

BOOST_AUTO_TEST_CASE(the_destructor_takes_calls_on_all_shards_along)
{
    const silent_port silent;
    seen all;
    {
        usher::shards two(2);
        spawn_calls(two, 4, silent.url(), usher::quota::unlimited(), all);
        wait_until_in_flight(two, 4);
    }
    BOOST_TEST(all.begun == 8);
    BOOST_TEST(all.cancelled == 8);
}

BOOST_AUTO_TEST_CASE(stop_at_any_moment_ends_every_call)
{
    const silent_port silent;
    for (int round = 0; round != 30; ++round) {
        seen all;
        usher::shards two(2);
        spawn_calls(two, 4, silent.url(), usher::quota(1000, 10s), all);
        for (int i = 0; i != round * 40; ++i)
            std::this_thread::yield();
        two.stop();
        two.join();
        BOOST_TEST(all.ended == all.cancelled);
        BOOST_TEST(two.failures().empty());
        for (std::size_t i = 0; i != 2; ++i)
            BOOST_TEST(two.engine(i).counters().in_flight == 0U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
