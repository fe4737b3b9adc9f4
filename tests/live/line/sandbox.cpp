// The line against the sandbox: what needs state, limits or faults.
#include <usher/clerk.hpp>
#include <usher/sandbox.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <fstream>
#include <functional>
#include <set>

namespace asio = boost::asio;
using namespace usher;
using namespace std::chrono_literals;

namespace {

const char* const key = "sk_live_usherusherusherusherusherusherusherusher";

struct noting_observer final : observer {
    void on_attempt(const attempt_event& event) noexcept override
    {
        events.push_back(event);
        texts += std::string(event.operation) + ' ' + std::string(event.path) + ' ' + std::string(event.trace_id) + '\n';
    }
    std::vector<attempt_event> events;
    std::string texts;
};

struct fixture {
    void start(sandbox::options how = sandbox::options())
    {
        served.emplace(std::move(how));
        engine_options trusting = engine_settings;
        trusting.ca_pem = served->ca_pem();
        on.emplace(io.get_executor(), trusting);
    }

    clerk::client client(client_options options = client_options())
    {
        options.base_url = served->url();
        options.retry.initial_backoff = 1ms;
        return clerk::client(*on, secret(key), options);
    }

    // Runs a coroutine to its end; what it throws is thrown here.
    template <class Body>
    void run(Body body)
    {
        asio::co_spawn(io, std::move(body), [](std::exception_ptr failed) {
            if (failed)
                std::rethrow_exception(failed);
        });
        io.restart();
        io.run();
    }

    asio::io_context io{1};
    engine_options engine_settings;
    std::optional<sandbox::server> served;
    std::optional<engine> on;
};

clerk::create_user_params numbered_user(int n)
{
    clerk::create_user_params params;
    params.external_id = "ext-" + std::to_string(n);
    params.email_address = {"user" + std::to_string(n) + "@example.com"};
    params.skip_password_requirement = true;
    return params;
}

asio::awaitable<void> create_users(clerk::client clerk, int from, int to, int& failed)
{
    for (int i = from; i < to; ++i) {
        const auto params = numbered_user(i);
        auto user = co_await clerk.users().create(params);
        if (!user) {
            ++failed;
            BOOST_TEST_MESSAGE(user.error().message());
        }
    }
}

asio::awaitable<void> life_of_a_user(clerk::client clerk)
{
    auto params = numbered_user(1);
    params.first_name = "Ada";
    params.last_name = null;
    params.public_metadata.emplace()["plan"] = "gold";
    auto made = co_await clerk.users().create(params);
    BOOST_TEST_REQUIRE(made.has_value(), (made ? "" : made.error().message()));
    BOOST_TEST(made->first_name.value() == "Ada");
    BOOST_TEST(!made->last_name.has_value());
    BOOST_TEST(made->email_addresses.at(0).email_address == "user1@example.com");

    clerk::update_user_params change;
    change.first_name = null;
    change.last_name = "Lovelace";
    auto changed = co_await clerk.users().update(made->id, change);
    BOOST_TEST_REQUIRE(changed.has_value());
    BOOST_TEST(!changed->first_name.has_value());
    BOOST_TEST(changed->last_name.value() == "Lovelace");
    BOOST_TEST((changed->public_metadata.at("plan") == "gold"));

    auto again = co_await clerk.users().create(params);
    BOOST_TEST_REQUIRE(!again.has_value());
    BOOST_TEST(again.error().is_already_exists());
    BOOST_TEST(again.error().has_code("form_identifier_exists"));
    BOOST_TEST(!again.error().trace_id().empty());
    BOOST_TEST(again.error().attempts() == 1);

    auto gone = co_await clerk.users().remove(made->id);
    BOOST_TEST_REQUIRE(gone.has_value());
    BOOST_TEST(gone->deleted);
    auto missing = co_await clerk.users().get(made->id);
    BOOST_TEST_REQUIRE(!missing.has_value());
    BOOST_TEST(missing.error().is_not_found());
}

asio::awaitable<void> list_all(clerk::client clerk, std::size_t page_size, std::multiset<std::string>& seen)
{
    clerk::get_user_list_params params;
    params.limit = static_cast<std::int64_t>(page_size);
    auto users = clerk.users().list_pages(params);
    for (;;) {
        auto page = co_await users.next();
        BOOST_TEST_REQUIRE(page.has_value(), (page ? "" : page.error().message()));
        if (page->empty())
            break;
        BOOST_TEST(page->size() <= page_size);
        for (const auto& user : *page)
            seen.insert(user.external_id.value());
    }
    auto after = co_await users.next();
    BOOST_TEST_REQUIRE(after.has_value());
    BOOST_TEST(after->empty());
}

asio::awaitable<void> list_items(clerk::client clerk, std::size_t& count)
{
    auto users = clerk.users().list_pages();
    for (;;) {
        auto user = co_await users.next_item();
        BOOST_TEST_REQUIRE(user.has_value());
        if (!user->has_value())
            break;
        ++count;
    }
}

asio::awaitable<void> refused_before_sending(clerk::client clerk)
{
    clerk::get_user_list_params too_many;
    too_many.limit = 501;
    auto listed = co_await clerk.users().list(too_many);
    BOOST_TEST_REQUIRE(!listed.has_value());
    BOOST_TEST((listed.error().kind() == error_kind::invalid_request));
    BOOST_TEST((listed.error().outcome() == call_outcome::not_sent));
    BOOST_TEST(listed.error().message().find("/limit") != std::string::npos, listed.error().message());
    BOOST_TEST(listed.error().message().find("500") != std::string::npos, listed.error().message());

    call_options unchecked;
    unchecked.validate = false;
    auto sent = co_await clerk.users().list(too_many, unchecked);
    BOOST_TEST_REQUIRE(!sent.has_value());
    BOOST_TEST((sent.error().kind() == error_kind::service)); // now the service refuses it

    for (const std::string_view id : {"", ".", "..", "a\r\nb"}) {
        auto got = co_await clerk.users().get(id);
        BOOST_TEST_REQUIRE(!got.has_value());
        BOOST_TEST((got.error().kind() == error_kind::invalid_request), id);
    }
    auto slashes = co_await clerk.users().get("../organizations?x=1#y");
    BOOST_TEST_REQUIRE(!slashes.has_value());
    BOOST_TEST(slashes.error().is_not_found()); // it was sent, as one segment

    call_options injected;
    injected.headers.emplace_back("X-A", "b\r\nX-C: d");
    auto header = co_await clerk.users().get("u", injected);
    BOOST_TEST_REQUIRE(!header.has_value());
    BOOST_TEST((header.error().kind() == error_kind::invalid_request));
    call_options stolen;
    stolen.headers.emplace_back("authorization", "Bearer other");
    auto own = co_await clerk.users().get("u", stolen);
    BOOST_TEST_REQUIRE(!own.has_value());
    BOOST_TEST((own.error().kind() == error_kind::invalid_request));
}

asio::awaitable<void> upload_both_ways(clerk::client clerk, std::string path, sandbox::server& served)
{
    const auto params = numbered_user(1);
    auto user = co_await clerk.users().create(params);
    BOOST_TEST_REQUIRE(user.has_value());
    for (const bool from_file : {false, true}) {
        clerk::set_user_profile_image_params image;
        if (from_file)
            image.file = upload::from_file(path, "image/png");
        else
            image.file = upload::from_memory(std::string(100'000, 'p'), "face.png", "image/png");
        auto changed = co_await clerk.users().set_profile_image(user->id, image);
        BOOST_TEST_REQUIRE(changed.has_value(), (changed ? "" : changed.error().message()));
        const auto sent = served.last_request();
        BOOST_TEST(sent.body.find(std::string(100'000, 'p')) != std::string::npos);
        BOOST_TEST(sent.body.find("Content-Type: image/png") != std::string::npos);
    }
    clerk::set_user_profile_image_params missing;
    missing.file = upload::from_file(path + ".missing", "image/png");
    auto refused = co_await clerk.users().set_profile_image(user->id, missing);
    BOOST_TEST_REQUIRE(!refused.has_value());
    BOOST_TEST((refused.error().kind() == error_kind::invalid_request));
}

asio::awaitable<void> one_create(clerk::client clerk, std::optional<result<clerk::user>>& done)
{
    const auto params = numbered_user(1);
    done = co_await clerk.users().create(params);
}

asio::awaitable<void> one_get(clerk::client clerk, std::string id, std::optional<result<clerk::user>>& done)
{
    done = co_await clerk.users().get(id);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(against_the_sandbox, fixture)

BOOST_AUTO_TEST_CASE(a_user_is_made_changed_refused_twice_and_removed)
{
    start();
    run(life_of_a_user(client()));
}

BOOST_AUTO_TEST_CASE(a_listing_is_read_to_its_end_and_shows_everything_once)
{
    start();
    served->add_users(1234, key);
    client_options fast;
    fast.quota = quota::unlimited();
    for (const std::size_t size : {500UL, 100UL, 1234UL - 1000UL, 499UL}) {
        std::multiset<std::string> seen;
        run(list_all(client(fast), size, seen));
        BOOST_TEST(seen.size() == 1234U);
        BOOST_TEST(std::set<std::string>(seen.begin(), seen.end()).size() == 1234U);
    }
    std::size_t count = 0;
    run(list_items(client(fast), count));
    BOOST_TEST(count == 1234U);
    BOOST_TEST(served->last_request().target.find("order_by=%2Bcreated_at") != std::string::npos, served->last_request().target);
}

BOOST_AUTO_TEST_CASE(a_listing_that_is_dropped_early_leaves_nothing_behind)
{
    start();
    served->add_users(1000, key);
    {
        auto users = client().users().list_pages();
        run([](auto pages) -> asio::awaitable<void> { auto first = co_await pages.next_item(); BOOST_TEST(first.has_value()); }(users));
    }
    io.restart();
    io.run();
    BOOST_TEST(on->counters().in_flight == 0U);
}

BOOST_AUTO_TEST_CASE(bad_input_is_refused_before_anything_is_sent_and_named)
{
    start();
    run(refused_before_sending(client()));
}

BOOST_AUTO_TEST_CASE(uploads_go_out_from_memory_and_from_a_file)
{
    start();
    const std::string path = std::tmpnam(nullptr);
    std::ofstream(path) << std::string(100'000, 'p');
    run(upload_both_ways(client(), path, *served));
    std::remove(path.c_str());
}

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
        asio::co_spawn(io, create_users(clerk, i * 20, i * 20 + 20, failed), [](std::exception_ptr e) { BOOST_TEST(!e); });
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
    how.quota.instance = sandbox::allowance(10, 1s);
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
    run(one_create(client(), done));
    BOOST_TEST_REQUIRE(done.has_value());
    BOOST_TEST_REQUIRE(!done->has_value());
    BOOST_TEST(done->error().is_outcome_unknown());
    BOOST_TEST((done->error().stopped() == stop_reason::not_repeatable));
    BOOST_TEST(done->error().attempts() == 1);
    BOOST_TEST(served->count("users") == 1U);
}

BOOST_AUTO_TEST_CASE(a_read_is_repeated_whatever_breaks)
{
    for (const auto kind : {sandbox::fault::kind::drop_request, sandbox::fault::kind::drop_answer, sandbox::fault::kind::cut_answer,
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
    for (const auto& [name, value] : served->last_request().headers)
        if (name == "Clerk-API-Version")
            BOOST_TEST(value == "2025-11-10");
}

BOOST_AUTO_TEST_SUITE_END()
