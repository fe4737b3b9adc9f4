// The line against the sandbox: connections that age, run short, or say too much.
#include "live/line/sandbox_fixture.hpp"

using namespace usher;
using namespace usher::tests;

namespace {

asio::awaitable<void> one_remove(clerk::client clerk, std::optional<result<clerk::deleted_object>>& done)
{
    done = co_await clerk.users().remove("user_1");
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(pool_under_load, sandbox_fixture)

BOOST_AUTO_TEST_CASE(a_connection_past_its_life_is_closed_when_its_call_has_ended)
{
    engine_settings.life_time = 1ms;
    sandbox::options how;
    how.mode = sandbox::answers::required;
    how.delay = sandbox::latency(4ms, 1ms);
    start(how);
    auto clerk = client();
    for (int i = 0; i < 5; ++i) {
        std::optional<result<clerk::user>> done;
        run(one_get(clerk, "user_1", done));
        BOOST_TEST(done->has_value());
        BOOST_TEST(on->counters().connections == 0U);
    }
    BOOST_TEST(on->counters().connections_opened == 5U);
}

BOOST_AUTO_TEST_CASE(a_call_that_waits_for_another_origins_place_gets_it)
{
    engine_settings.max_connections = 1;
    sandbox::options how;
    how.mode = sandbox::answers::required;
    how.tls = false;
    how.delay = sandbox::latency(10ms, 0ms);
    start(how);
    sandbox::server other(how);
    client_options there;
    there.base_url = other.url();
    there.timeouts.pool = 15s;
    there.retry = retry_policy::none();
    std::vector<std::optional<result<clerk::user>>> done(8);
    const auto here = client();
    const clerk::client beside(*on, secret(key), there);
    for (std::size_t i = 0; i < done.size(); ++i)
        asio::co_spawn(io, one_get(i % 2 == 0 ? here : beside, "user_1", done[i]),
                       [](std::exception_ptr e) { BOOST_TEST(!e); });
    io.run();
    for (const auto& one : done)
        BOOST_TEST((one && one->has_value()));
    BOOST_TEST(on->counters().attempts == done.size());
}

BOOST_AUTO_TEST_CASE(bytes_behind_an_answer_never_reach_the_call_that_waited_for_the_connection)
{
    engine_settings.max_connections_per_origin = 1;
    sandbox::options how;
    how.mode = sandbox::answers::required;
    sandbox::fault stray(sandbox::fault::kind::stray_bytes, 3);
    how.faults.push_back(stray);
    start(how);
    client_options options;
    options.quota = quota::unlimited();
    auto clerk = client(options);
    std::vector<std::optional<result<clerk::user>>> done(60);
    for (auto& one : done)
        asio::co_spawn(io, one_get(clerk, "user_1", one), [](std::exception_ptr e) { BOOST_TEST(!e); });
    io.run();
    for (const auto& one : done)
        BOOST_TEST((one && one->has_value()), (*one ? "" : one->error().message()));
    BOOST_TEST(served->stats().faults >= 15U);
}

BOOST_AUTO_TEST_CASE(an_attempt_that_may_have_happened_is_not_forgotten_by_a_later_one)
{
    sandbox::options how;
    how.mode = sandbox::answers::full;
    sandbox::fault lost(sandbox::fault::kind::drop_answer);
    lost.count = 1;
    sandbox::fault failing(sandbox::fault::kind::answer);
    failing.status = 503;
    how.faults = {lost, failing};
    start(how);
    client_options options;
    options.retry.max_attempts = 2;
    std::optional<result<clerk::deleted_object>> done;
    run(one_remove(client(options), done));
    BOOST_TEST_REQUIRE(!done->has_value());
    BOOST_TEST(done->error().attempts() == 2);
    BOOST_TEST(done->error().status() == 503);
    BOOST_TEST(done->error().is_outcome_unknown());
}

BOOST_AUTO_TEST_SUITE_END()
