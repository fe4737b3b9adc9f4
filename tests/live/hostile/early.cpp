// Servers that speak when it is not their turn.
#include "live/hostile/raw_server.hpp"

using namespace usher;
using namespace usher::tests;

namespace {

const std::string refusal =
    R"({"errors":[{"code":"too_large","message":"too large","long_message":"the body is too large"}]})";

std::string refused_with(int status)
{
    return "HTTP/1.1 " + std::to_string(status) + " No\r\nContent-Length: " + std::to_string(refusal.size()) +
           "\r\n\r\n" + refusal;
}

/// A user whose creation is a request of 8 MB.
clerk::create_user_params large_user()
{
    clerk::create_user_params params;
    params.external_id = "large";
    params.private_metadata.emplace()["text"] = std::string(8u << 20, 'x');
    return params;
}

call_options unchecked()
{
    call_options how;
    how.reconcile = reconciler::none();
    how.deadline = 20s;
    return how;
}

using made = std::optional<result<clerk::user>>;

asio::awaitable<void> create_large(clerk::client clerk, made& done)
{
    const auto params = large_user();
    const auto how = unchecked();
    done = co_await clerk.users().create(params, how);
}

asio::awaitable<void> count_and_expect(clerk::client clerk, error_kind kind, call_outcome outcome, error& why)
{
    const auto counted = co_await clerk.users().count();
    BOOST_TEST_REQUIRE(!counted);
    why = counted.error();
    BOOST_TEST((why.kind() == kind), why.message());
    BOOST_TEST((why.outcome() == outcome), why.message());
}

void expect_refusal(const made& done, int status)
{
    BOOST_TEST_REQUIRE(done.has_value());
    BOOST_TEST_REQUIRE(!*done);
    const auto& why = done->error();
    BOOST_TEST((why.kind() == error_kind::service), why.message());
    BOOST_TEST(why.status() == status);
    BOOST_TEST((why.outcome() == call_outcome::answered), why.message());
    BOOST_TEST(why.has_code("too_large"), why.message());
    BOOST_TEST(why.attempts() == 1);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(early, hostile_fixture)

BOOST_AUTO_TEST_CASE(a_large_body_that_is_refused_at_once_and_read_no_further_ends_with_the_refusal)
{
    for (const int status : {401, 413}) {
        const auto begun = clock::now();
        const auto sent = on.counters().bytes_sent;
        made done;
        run(create_large(client([&](std::shared_ptr<raw_peer> peer, int) -> asio::awaitable<void> {
                             co_await peer->request();
                             co_await peer->say("HTTP/1.1 100 Continue\r\n\r\n");
                             co_await peer->say(refused_with(status));
                             co_await peer->pause(1h); // nothing more is read
                         }),
                         done));
        expect_refusal(done, status);
        BOOST_TEST(server->connections == 1);
        BOOST_TEST(on.counters().bytes_sent - sent < 8u << 20);
        BOOST_TEST((clock::now() - begun < 10s));
    }
}

BOOST_AUTO_TEST_CASE(a_large_body_whose_server_closes_without_a_word_is_of_unknown_outcome)
{
    made done;
    run(create_large(client([&](std::shared_ptr<raw_peer> peer, int) -> asio::awaitable<void> {
                         co_await peer->request();
                         peer->reset();
                     }),
                     done));
    BOOST_TEST_REQUIRE(!*done);
    BOOST_TEST((done->error().kind() == error_kind::connection));
    BOOST_TEST((done->error().stage() == call_stage::write), done->error().message());
    BOOST_TEST(done->error().is_outcome_unknown());
    BOOST_TEST(server->connections == 1);
}

BOOST_AUTO_TEST_CASE(interim_answers_without_end_pass_a_limit)
{
    error why;
    run(count_and_expect(client([&](std::shared_ptr<raw_peer> peer, int) -> asio::awaitable<void> {
                             co_await peer->request();
                             for (;;)
                                 co_await peer->say("HTTP/1.1 102 Processing\r\n\r\n");
                         }),
                         error_kind::protocol, call_outcome::unknown, why));
    BOOST_TEST(why.attempts() == 1);
    BOOST_TEST(why.message().find("limit") != std::string::npos, why.message());
}

BOOST_AUTO_TEST_CASE(interim_answers_now_and_then_end_with_the_attempt)
{
    client_options how;
    how.retry = retry_policy::none();
    error why;
    auto begun = clock::time_point::max();
    const auto warm = client(
        [&](std::shared_ptr<raw_peer> peer, int) -> asio::awaitable<void> {
            co_await peer->request();
            co_await peer->say(ok(count_of(1)));
            co_await peer->request();
            for (;;) {
                co_await peer->say("HTTP/1.1 102 Processing\r\n\r\n");
                co_await peer->pause(20ms);
            }
        },
        how);
    how.base_url = server->url();
    how.quota = quota::unlimited();
    how.timeouts.whole = 500ms;
    const clerk::client brief(on, secret("sk_live_usherusherusherusherusherusher"), how);
    const auto warm_then_interim = [](clerk::client by, clerk::client limited, clock::time_point& start,
                                      error& e) -> asio::awaitable<void> {
        const auto first = co_await by.users().count();
        BOOST_TEST_REQUIRE(first.has_value());
        start = clock::now();
        co_await count_and_expect(limited, error_kind::timeout, call_outcome::unknown, e);
    };
    run(warm_then_interim(warm, brief, begun, why));
    BOOST_TEST((clock::now() - begun >= 500ms));
    BOOST_TEST(why.attempts() == 1);
    BOOST_TEST(server->connections == 1);
}

BOOST_AUTO_TEST_SUITE_END()
