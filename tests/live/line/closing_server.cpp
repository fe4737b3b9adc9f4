// A server that promises to keep its connections and closes each behind its answer, all of them at the same moment.
#include "live/hostile/raw_server.hpp"

#include "call/client_state.hpp"

#include <vector>

using namespace usher;
using namespace usher::tests;

namespace {

constexpr int connections = 12;
constexpr int being_set_up = 2;

struct closing_fixture {
    closing_fixture()
    {
        engine_options settings;
        settings.proxy_from_environment = false;
        settings.max_connections_per_origin = connections;
        settings.max_connecting = being_set_up;
        on.emplace(io.get_executor(), settings);
        server.emplace(io, [this](std::shared_ptr<raw_peer> peer, int) { return serve(std::move(peer)); });
    }

    asio::awaitable<void> serve(std::shared_ptr<raw_peer> peer)
    {
        co_await peer->request();
        asked.push_back(std::move(peer));
        if (asked.size() < static_cast<std::size_t>(connections))
            co_return;
        // In one go, so that every answer is there with the end behind it before anybody has read one.
        for (const auto& one : asked) {
            asio::write(one->socket, asio::buffer(ok(count_of(1), "Keep-Alive: timeout=60\r\n")));
            one->stop();
        }
        asked.clear();
    }

    clerk::client client()
    {
        client_options how;
        how.base_url = server->url();
        how.quota = quota::unlimited();
        how.retry = retry_policy::none();
        return clerk::client(*on, secret("sk_live_usherusherusherusherusherusher"), how);
    }

    asio::io_context io{1};
    std::optional<engine> on;
    std::optional<raw_server> server;
    std::vector<std::shared_ptr<raw_peer>> asked;
};

asio::awaitable<void> count(clerk::client clerk, int& done, int& failed)
{
    call_options how;
    how.deadline = 20s;
    const clerk::get_users_count_params all;
    const auto counted = co_await clerk.users().count(all, how);
    ++done;
    failed += counted ? 0 : 1;
    BOOST_TEST(counted.has_value(), (counted ? "" : counted.error().message()));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(closing_server, closing_fixture)

BOOST_AUTO_TEST_CASE(those_who_waited_for_its_connections_set_up_no_more_than_others_at_the_same_time)
{
    constexpr int calls = 5 * connections;
    const auto clerk = client();
    const auto& state = clerk.state()->origin->state;
    int done = 0;
    int failed = 0;
    for (int i = 0; i < calls; ++i)
        asio::co_spawn(io, count(clerk, done, failed), [](std::exception_ptr thrown) { BOOST_TEST(!thrown); });
    std::size_t most_at_once = 0;
    std::size_t most = 0;
    while (done < calls && io.run_one() != 0) {
        most_at_once = std::max(most_at_once, state.connecting());
        most = std::max(most, state.total());
    }
    BOOST_TEST(done == calls);
    BOOST_TEST(failed == 0);
    BOOST_TEST(most_at_once == static_cast<std::size_t>(being_set_up));
    BOOST_TEST(most == static_cast<std::size_t>(connections));
    BOOST_TEST(server->connections == calls);
    server->stop();
    on->close_idle();
    io.run();
    BOOST_TEST(on->counters().connections == 0U);
}

BOOST_AUTO_TEST_CASE(those_who_queue_again_wait_no_longer_than_they_may)
{
    // More calls than connections: the others are given closed ones, and nobody answers on those that they set up.
    constexpr int calls = connections + 4;
    client_options how;
    how.base_url = server->url();
    how.quota = quota::unlimited();
    how.retry = retry_policy::none();
    const clerk::client clerk(*on, secret("sk_live_usherusherusherusherusherusher"), how);
    int done = 0;
    int failed = 0;
    int waited_in_vain = 0;
    const auto call = [](clerk::client which, call_options brief, int& over, int& bad,
                         int& in_vain) -> asio::awaitable<void> {
        const clerk::get_users_count_params all;
        const auto counted = co_await which.users().count(all, brief);
        ++over;
        bad += counted ? 0 : 1;
        in_vain += !counted && counted.error().kind() == error_kind::timeout ? 1 : 0;
    };
    const auto begun = clock::now();
    for (int i = 0; i < calls; ++i) {
        call_options brief;
        brief.timeouts.emplace();
        if (i >= connections) // those before them are answered as soon as all have asked, which may take a while
            brief.timeouts->pool = brief.timeouts->first_byte = 300ms;
        asio::co_spawn(io, call(clerk, brief, done, failed, waited_in_vain),
                       [](std::exception_ptr thrown) { BOOST_TEST(!thrown); });
    }
    while (done < calls && io.run_one() != 0)
        continue;
    BOOST_TEST(done == calls);
    BOOST_TEST(failed == calls - connections);
    BOOST_TEST(waited_in_vain == failed);
    BOOST_TEST((clock::now() - begun < 10s));
    asked.clear();
    server->stop();
    on->close_idle();
    io.run();
}

BOOST_AUTO_TEST_SUITE_END()
