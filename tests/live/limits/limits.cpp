// The pace against servers that count for themselves, in real time: nginx, and the sandbox's three ways to count. All
// at once, half a minute in all.
#define BOOST_TEST_MODULE limits
#include "live/process.hpp"

#include <usher/clerk.hpp>
#include <usher/sandbox.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <deque>
#include <memory>
#include <string>

namespace asio = boost::asio;
using namespace std::chrono_literals;
using namespace usher;
using namespace usher::tests;
using steady = std::chrono::steady_clock;

namespace {

constexpr std::uint32_t requests = 1000;
constexpr std::chrono::seconds window{10};
constexpr std::chrono::seconds length{30};
constexpr int workers = 48;

/// A client that always has work, and what became of it.
class saturating {
public:
    saturating(const engine& on, std::string name_, const std::string& base_url) : name(std::move(name_))
    {
        client_options options;
        options.base_url = base_url;
        options.quota = quota(requests, window);
        client = std::make_unique<clerk::client>(on, secret("sk_live_abc"), options);
    }

    asio::awaitable<void> work(steady::time_point end)
    {
        while (steady::now() < end) {
            auto users = co_await client->users().get("user_1");
            ++(users || users.error().is_not_found() ? answered : failed);
        }
    }
    /// What had happened then.
    asio::awaitable<void> note(steady::time_point when, quota_usage& into)
    {
        asio::steady_timer timer(co_await asio::this_coro::executor, when);
        co_await timer.async_wait(asio::use_awaitable);
        into = client->usage();
    }

    std::string name;
    std::unique_ptr<clerk::client> client;
    std::uint64_t answered = 0;
    std::uint64_t failed = 0;
    quota_usage after_a_second;
    quota_usage after_a_window;
    quota_usage at_the_end;
};

sandbox::options counting(sandbox::algorithm how)
{
    sandbox::options options;
    options.tls = false;
    options.quota.enabled = true;
    options.quota.how = how;
    options.quota.burst = requests / 10;
    options.quota.instance = sandbox::allowance(requests, window);
    options.quota.phase = 3700ms;
    return options;
}

} // namespace

BOOST_AUTO_TEST_CASE(nginx_and_four_ways_to_count_refuse_nothing_after_the_first_second)
{
    const temporary_folder folder;
    const nginx other(folder,
                      "location /v1/ { limit_req zone=all burst=99 nodelay; limit_req_status 429; return 404; }", false,
                      "limit_req_zone $http_authorization zone=all:1m rate=100r/s;");
    asio::io_context io(1);
    const engine on(io.get_executor());
    std::deque<sandbox::server> sandboxes;
    std::deque<saturating> all;
    all.emplace_back(on, "nginx limit_req", "http://127.0.0.1:" + std::to_string(other.port()) + "/v1");
    const std::pair<const char*, sandbox::algorithm> ways[] = {{"fixed window", sandbox::algorithm::fixed_window},
                                                               {"sliding log", sandbox::algorithm::sliding_log},
                                                               {"sliding counter", sandbox::algorithm::sliding_counter},
                                                               {"GCRA", sandbox::algorithm::gcra}};
    for (const auto& [name, how] : ways)
        all.emplace_back(on, name, sandboxes.emplace_back(counting(how)).url());

    const auto begun = steady::now();
    const auto check = [](std::exception_ptr thrown) { BOOST_TEST(!thrown); };
    for (auto& one : all) {
        for (int i = 0; i != workers; ++i)
            asio::co_spawn(io, one.work(begun + length), check);
        asio::co_spawn(io, one.note(begun + 1s, one.after_a_second), check);
        asio::co_spawn(io, one.note(begun + window, one.after_a_window), check);
        asio::co_spawn(io, one.note(begun + length, one.at_the_end), check);
    }
    io.run();

    for (const auto& one : all) {
        const auto counted = static_cast<double>(one.at_the_end.admitted - one.after_a_window.admitted);
        const auto share = counted / (requests * std::chrono::duration<double>(length - window) / window);
        BOOST_TEST_MESSAGE(one.name << ": " << one.answered << " answered, " << one.at_the_end.refused << " refused, "
                                    << 100 * share << " % of the quota after the first window");
        BOOST_TEST_CONTEXT(one.name)
        {
            BOOST_TEST(one.failed == 0U);
            BOOST_TEST(one.at_the_end.refused == one.after_a_second.refused);
            BOOST_TEST(one.answered > 2000U);
            // A loaded machine stalls the client itself; what it can do alone stands in the simulations.
            BOOST_TEST(share > 0.8);
            BOOST_TEST(share <= 1.0);
        }
    }
}
