// The line against the sandbox: limits, faults and caps.
#include "live/line/sandbox_fixture.hpp"

using namespace usher;
using namespace usher::tests;

BOOST_FIXTURE_TEST_SUITE(limits_and_faults, sandbox_fixture)

BOOST_AUTO_TEST_CASE(a_development_key_is_paced_to_its_limit_without_a_refusal)
{
    sandbox::options how;
    how.quota.enabled = true;
    how.quota.instance = sandbox::allowance(50, 1s);
    start(how);
    client_options options;
    options.quota = quota(50, 1s);
    int failed = 0;
    auto clerk = client(options);
    for (int i = 0; i < 8; ++i)
        asio::co_spawn(io, create_users(clerk, i * 20, i * 20 + 20, failed),
                       [](std::exception_ptr e) { BOOST_TEST(!e); });
    io.run();
    BOOST_TEST(failed == 0);
    BOOST_TEST(served->count("users") == 160U);
    BOOST_TEST(served->stats().refused == 0U);
    BOOST_TEST(clerk.usage().admitted == 160U);
}

BOOST_AUTO_TEST_CASE(refused_calls_wait_as_told_and_are_sent_again)
{
    sandbox::options how;
    how.quota.enabled = true;
    how.quota.instance = sandbox::allowance(10, 2s); // which all fifteen connections are set up in
    start(how);
    client_options options;
    options.quota = quota::unlimited();
    auto watching = std::make_shared<noting_observer>();
    options.watcher = watching;
    int failed = 0;
    auto clerk = client(options);
    for (int i = 0; i < 15; ++i)
        asio::co_spawn(io, create_users(clerk, i, i + 1, failed), [](std::exception_ptr e) { BOOST_TEST(!e); });
    io.run();
    BOOST_TEST(failed == 0);
    BOOST_TEST(served->count("users") == 15U);
    BOOST_TEST(served->stats().refused >= 5U);
    BOOST_TEST(on->counters().rate_limited == served->stats().refused);
    BOOST_TEST(on->counters().attempts == watching->events.size());
    for (const auto& event : watching->events)
        if (event.status == 429)
            BOOST_TEST((event.backoff >= 1s));
}

BOOST_AUTO_TEST_CASE(an_ambiguous_create_is_not_repeated_and_says_so)
{
    sandbox::options how;
    sandbox::fault drop(sandbox::fault::kind::drop_answer);
    drop.count = 1;
    how.faults.push_back(drop);
    start(how);
    std::optional<result<clerk::user>> done;
    call_options without_look_up;
    without_look_up.reconcile = reconciler::none();
    run(one_create(client(), done, without_look_up));
    BOOST_TEST_REQUIRE(done.has_value());
    BOOST_TEST_REQUIRE(!done->has_value());
    BOOST_TEST(done->error().is_outcome_unknown());
    BOOST_TEST((done->error().stopped() == stop_reason::not_repeatable));
    BOOST_TEST(done->error().attempts() == 1);
    BOOST_TEST(served->count("users") == 1U);
}

BOOST_AUTO_TEST_CASE(a_read_is_repeated_whatever_breaks)
{
    for (const auto kind :
         {sandbox::fault::kind::drop_request, sandbox::fault::kind::drop_answer, sandbox::fault::kind::cut_answer,
          sandbox::fault::kind::answer, sandbox::fault::kind::close_after, sandbox::fault::kind::stray_bytes}) {
        sandbox::options how;
        how.mode = sandbox::answers::full;
        sandbox::fault broken(kind);
        broken.count = 2;
        broken.bytes = 300;
        broken.status = 503;
        how.faults.push_back(broken);
        start(how);
        auto clerk = client();
        for (int i = 0; i < 4; ++i) {
            std::optional<result<clerk::user>> done;
            run(one_get(clerk, "user_1", done));
            BOOST_TEST_REQUIRE(done.has_value());
            BOOST_TEST(done->has_value(), (*done ? "" : done->error().message()));
        }
        BOOST_TEST(served->stats().faults == 2U);
    }
}

BOOST_AUTO_TEST_CASE(connections_never_pass_the_cap_and_everybody_gets_one)
{
    engine_settings.max_connections_per_origin = 3;
    engine_settings.max_connecting = 2;
    sandbox::options how;
    how.delay = sandbox::latency(2ms, 1ms);
    how.mode = sandbox::answers::required;
    start(how);
    client_options options;
    options.quota = quota::unlimited();
    auto clerk = client(options);
    std::vector<std::optional<result<clerk::user>>> done(60);
    for (auto& one : done)
        asio::co_spawn(io, one_get(clerk, "user_1", one), [](std::exception_ptr e) { BOOST_TEST(!e); });
    io.run();
    for (const auto& one : done)
        BOOST_TEST((one && one->has_value()));
    BOOST_TEST(served->stats().connections <= 3U);
    BOOST_TEST(on->counters().connections_opened == served->stats().connections);
}

BOOST_AUTO_TEST_CASE(the_cap_of_all_origins_together_makes_room_by_closing_idle_ones)
{
    engine_settings.max_connections = 2;
    sandbox::options how;
    how.mode = sandbox::answers::required;
    how.tls = false;
    start(how);
    std::vector<std::unique_ptr<sandbox::server>> more;
    for (int i = 0; i < 4; ++i)
        more.push_back(std::make_unique<sandbox::server>(how));
    for (int round = 0; round < 2; ++round)
        for (auto& server : more) {
            client_options options;
            options.base_url = server->url();
            std::optional<result<clerk::user>> done;
            run(one_get(clerk::client(*on, secret(key), options), "user_1", done));
            BOOST_TEST(done->has_value());
            BOOST_TEST(on->counters().connections <= 2U);
        }
}

BOOST_AUTO_TEST_CASE(observers_and_errors_hold_no_key)
{
    sandbox::options how;
    how.keys = {"sk_live_another"};
    start(how);
    client_options options;
    auto watching = std::make_shared<noting_observer>();
    options.watcher = watching;
    std::optional<result<clerk::user>> done;
    run(one_get(client(options), "user_1", done));
    BOOST_TEST_REQUIRE(!done->has_value());
    BOOST_TEST(done->error().is_unauthorized());
    BOOST_TEST(done->error().message().find("usherusher") == std::string::npos);
    BOOST_TEST(watching->events.size() == 1U);
    BOOST_TEST(watching->texts.find("usherusher") == std::string::npos);
    BOOST_TEST(watching->texts.find("GetUser /users/{user_id}") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_request_carries_the_version_and_the_product_once)
{
    sandbox::options how;
    how.mode = sandbox::answers::required;
    start(how);
    const auto values_of = [this](std::string_view wanted) {
        std::vector<std::string> values;
        for (const auto& [name, value] : served->last_request().headers)
            if (name == wanted)
                values.push_back(value);
        return values;
    };
    std::optional<result<clerk::user>> done;
    run(one_get(client(), "user_1", done));
    BOOST_TEST(values_of("Clerk-API-Version") == std::vector<std::string>{"2025-11-10"});
    BOOST_TEST_REQUIRE(values_of("User-Agent").size() == 1U);
    BOOST_TEST(values_of("User-Agent").front().starts_with("usher/"));

    client_options options;
    options.api_version = "2099-01-01";
    options.user_agent = "mover/7";
    run(one_get(client(options), "user_1", done));
    BOOST_TEST(values_of("Clerk-API-Version") == std::vector<std::string>{"2099-01-01"});
    BOOST_TEST(values_of("User-Agent").front().starts_with("mover/7 usher/"));
}

BOOST_AUTO_TEST_CASE(the_prefix_of_a_key_tells_its_limit)
{
    start();
    client_options options;
    options.base_url = served->url();
    const auto pace = [&](const char* of_key) {
        return clerk::client(*on, secret(of_key), options).usage().requests_per_second;
    };
    BOOST_TEST(pace("sk_live_1") > 90.0);
    BOOST_TEST(pace("sk_live_1") < 100.0);
    BOOST_TEST(pace("sk_test_1") > 9.0);
    BOOST_TEST(pace("sk_test_1") < 10.0);
    BOOST_TEST(pace("anything_else") == 0.0);
}

BOOST_AUTO_TEST_CASE(options_that_make_no_sense_are_refused_and_endless_ones_are_taken)
{
    sandbox::options how;
    how.mode = sandbox::answers::required;
    start(how);
    client_options bad;
    bad.retry.max_attempts = 0;
    BOOST_CHECK_THROW(client(bad), std::invalid_argument);
    client_options none;
    none.timeouts.first_byte = 0ms;
    BOOST_CHECK_THROW(client(none), std::invalid_argument);

    call_options endless;
    endless.deadline = std::chrono::milliseconds::max();
    endless.timeouts.emplace();
    endless.timeouts->whole = std::chrono::milliseconds::max();
    std::optional<result<clerk::user>> done;
    run(get_with(client(), endless, done));
    BOOST_TEST(done->has_value());

    call_options zero;
    zero.timeouts.emplace();
    zero.timeouts->first_byte = 0ms;
    run(get_with(client(), zero, done));
    BOOST_TEST_REQUIRE(!done->has_value());
    BOOST_TEST((done->error().kind() == error_kind::invalid_request));
    BOOST_TEST((done->error().outcome() == call_outcome::not_sent));
}

BOOST_AUTO_TEST_SUITE_END()
