// Servers that end connections as they like, say too much, or break the rules.
#include "live/hostile/raw_server.hpp"

#include <random>

using namespace usher;
using namespace usher::tests;

namespace {

asio::awaitable<void> count_often(clerk::client clerk, int calls, int& good, std::string& failure)
{
    for (int i = 0; i < calls; ++i) {
        const auto counted = co_await clerk.users().count();
        if (counted)
            ++good;
        else if (failure.empty())
            failure = counted.error().message();
    }
}

asio::awaitable<void> write_once(clerk::client clerk, std::optional<error>& failed)
{
    const clerk::verify_password_params params("correct horse");
    call_options how;
    how.reconcile = reconciler::none();
    const auto done = co_await clerk.users().verify_password("user_1", params, how);
    if (!done)
        failed = done.error();
    else
        BOOST_TEST(done->verified.value_or(false));
}

/// 1000 reads and 1000 writes in turn, each after the server has closed the connection of the one before.
asio::awaitable<void> read_and_write_once_closed(clerk::client clerk, asio::io_context& io, const int& closed,
                                                 int& good, std::string& failure)
{
    for (int i = 0; i < 1000 && failure.empty(); ++i) {
        co_await count_often(clerk, 1, good, failure);
        if (!failure.empty())
            break;
        co_await until(io, closed, good);
        std::optional<error> failed;
        co_await write_once(clerk, failed);
        if (failed)
            failure = failed->message();
        else
            ++good;
        if (failure.empty())
            co_await until(io, closed, good);
    }
}

struct race {
    int reads = 0;
    int writes = 0;
    int unknown = 0; ///< writes
    int gets_served = 0;
    int posts_served = 0;
    std::string failure;
};

/// Reads and writes in turn, whatever the server does.
asio::awaitable<void> read_and_write(clerk::client clerk, int calls, race& seen)
{
    for (int i = 0; i < calls; ++i) {
        co_await count_often(clerk, 1, seen.reads, seen.failure);
        const auto served = seen.posts_served;
        std::optional<error> failed;
        co_await write_once(clerk, failed);
        BOOST_TEST(seen.posts_served - served <= 1);
        if (!failed) {
            ++seen.writes;
            BOOST_TEST(seen.posts_served - served == 1);
        } else if (failed->is_outcome_unknown() && failed->kind() == error_kind::connection) {
            ++seen.unknown;
        } else {
            seen.failure = failed->message();
        }
    }
}

asio::awaitable<void> remove_numbered(clerk::client clerk, int calls, int& right, int& wrong)
{
    for (int i = 0; i < calls; ++i) {
        const auto id = std::to_string(i);
        const auto done = co_await clerk.users().remove(id);
        if (done)
            ++(done->id.value_or("") == id ? right : wrong);
    }
}

/// A refused answer, and then the same call again.
asio::awaitable<void> refused_then_good(clerk::client clerk, const std::string& what)
{
    const auto refused = co_await clerk.users().count();
    BOOST_TEST_REQUIRE(!refused, what);
    const auto& why = refused.error();
    BOOST_TEST((why.kind() == error_kind::protocol), what << ": " << why.message());
    BOOST_TEST(why.attempts() == 1, what);
    BOOST_TEST((why.stopped() == stop_reason::not_retryable), what);
    BOOST_TEST(why.is_outcome_unknown(), what);
    const auto good = co_await clerk.users().count();
    BOOST_TEST((good && good->total_count == 2), what);
}

struct bad_answer {
    const char* what;
    std::string text;
};

std::vector<bad_answer> bad_answers()
{
    const std::string body = count_of(1);
    const std::string first = "HTTP/1.1 200 OK\r\n";
    const std::string size = "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return {
        {"both lengths", first + size + "Transfer-Encoding: chunked\r\n\r\n" + body},
        {"differing lengths", first + size + "Content-Length: 1\r\n\r\n" + body},
        {"gzip before chunks", first + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
        {"chunks twice", first + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"},
        {"a huge length", first + "Content-Length: 99999999999999999999\r\n\r\n" + body},
        {"a length past the limit", first + "Content-Length: 999999999\r\n\r\n" + body},
        {"bare line feeds", "HTTP/1.1 200 OK\nContent-Length: 1\n\n1"},
        {"NUL", first + "A: b" + std::string(1, '\0') + "\r\n" + size + "\r\n" + body},
        {"a blank before the colon", first + "Content-Length : 41\r\n\r\n" + body},
        {"HTTP/0.9", body},
        {"HTTP/2", std::string("\0\0\x06\x04\0\0\0\0\0\0\x05\0\0\x40\0", 15)},
        {"101", "HTTP/1.1 101 Switching Protocols\r\n\r\n"},
        {"status 600", "HTTP/1.1 600 X\r\n" + size + "\r\n" + body},
        {"a chunk size that overflows", first + "Transfer-Encoding: chunked\r\n\r\n10000000000000005\r\n"},
        {"a head without end", first + "A: " + std::string(80'000, 'b')},
    };
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(misbehaviour, hostile_fixture)

BOOST_AUTO_TEST_CASE(a_connection_that_the_server_has_closed_is_never_used_again_and_costs_no_attempt)
{
    for (const bool resets : {false, true}) {
        int closed = 0;
        int good = 0;
        std::string failure;
        const auto script = [&](std::shared_ptr<raw_peer> peer, int) -> asio::awaitable<void> {
            const auto head = co_await peer->whole_request();
            const auto answer = ok(head.starts_with("POST") ? R"({"verified":true})" : count_of(1));
            co_await peer->say(answer);
            co_await until(io, good, closed + 1); // the connection is idle
            if (resets)
                peer->reset();
            else
                peer->stop();
            ++closed;
        };
        const auto before = on.counters();
        run(read_and_write_once_closed(client(script), io, closed, good, failure));
        const auto after = on.counters();
        BOOST_TEST(good == 2000, failure);
        BOOST_TEST(after.calls - before.calls == 2000U);
        BOOST_TEST(after.attempts - before.attempts == 2000U);
        BOOST_TEST(after.retries == before.retries);
        BOOST_TEST(server->connections == 2000);
    }
}

BOOST_AUTO_TEST_CASE(while_the_server_closes_every_connection_reads_succeed_and_writes_happen_once_at_most)
{
    std::mt19937 random(7);
    for (const bool resets : {false, true}) {
        race seen;
        const auto script = [&](std::shared_ptr<raw_peer> peer, int) -> asio::awaitable<void> {
            bool closes = false;
            asio::steady_timer later(io);
            // It closes a little after the first answer, whatever goes on then.
            const auto close = [&, weak = std::weak_ptr(peer)](boost::system::error_code) {
                const auto still = weak.lock();
                if (still && resets)
                    still->reset();
                else if (still)
                    still->stop();
            };
            for (;;) {
                const auto head = co_await peer->whole_request();
                ++(head.starts_with("POST") ? seen.posts_served : seen.gets_served);
                const auto answer = ok(head.starts_with("POST") ? R"({"verified":true})" : count_of(1));
                co_await peer->say(answer);
                if (std::exchange(closes, true))
                    continue;
                later.expires_after(std::chrono::microseconds(random() % 100));
                later.async_wait(close);
            }
        };
        run(read_and_write(client(script), 1500, seen));
        BOOST_TEST(seen.reads == 1500, seen.failure);
        BOOST_TEST(seen.writes + seen.unknown == 1500, seen.failure);
        BOOST_TEST(seen.writes > 750);
        BOOST_TEST(seen.posts_served >= seen.writes);
        BOOST_TEST(seen.posts_served <= 1500);
        BOOST_TEST(server->connections > 30);
        BOOST_TEST_MESSAGE(server->connections << " connections, " << seen.gets_served << " reads served for 1500, "
                                               << seen.unknown << " of 1500 writes of unknown outcome");
    }
}

BOOST_AUTO_TEST_CASE(what_comes_while_a_connection_is_idle_ends_it)
{
    int good = 0;
    int strays = 0;
    std::string failure;
    const auto script = [&](std::shared_ptr<raw_peer> peer, int) -> asio::awaitable<void> {
        co_await peer->request();
        co_await peer->say(ok(count_of(1)));
        co_await until(io, good, strays + 1); // the connection is idle
        co_await peer->say("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
        ++strays;
        co_await peer->until_closed();
    };
    const auto calls = [](clerk::client clerk, asio::io_context& context, const int& said, int& g,
                          std::string& f) -> asio::awaitable<void> {
        for (int i = 0; i < 20; ++i) {
            co_await count_often(clerk, 1, g, f);
            co_await until(context, said, g);
        }
    };
    run(calls(client(script), io, strays, good, failure));
    BOOST_TEST(good == 20, failure);
    BOOST_TEST(strays == 20);
    BOOST_TEST(server->connections == 20);
    BOOST_TEST(on.counters().attempts == 20U);
}

BOOST_AUTO_TEST_CASE(two_answers_at_once_never_reach_two_requests)
{
    constexpr int calls = 10'000;
    int right = 0;
    int wrong = 0;
    std::mt19937 random(11);
    const auto script = [&](std::shared_ptr<raw_peer> peer, int) -> asio::awaitable<void> {
        for (;;) {
            const auto head = co_await peer->request();
            const auto begin = head.find("/users/") + 7;
            const auto id = head.substr(begin, head.find(' ', begin) - begin);
            const auto good = ok(R"({"object":"user","deleted":true,"id":")" + id + "\"}");
            const auto answer = random() % 8 == 0 ? good + good : good;
            co_await peer->say(answer);
        }
    };
    run(remove_numbered(client(script), calls, right, wrong));
    BOOST_TEST(wrong == 0);
    BOOST_TEST(right == calls);
    BOOST_TEST(server->connections > 500);
}

BOOST_AUTO_TEST_CASE(an_answer_that_breaks_the_rules_is_refused_and_its_connection_closed)
{
    for (const auto& one : bad_answers()) {
        int closed = 0;
        const auto script = [&](std::shared_ptr<raw_peer> peer, int number) -> asio::awaitable<void> {
            co_await peer->request();
            const auto answer = number == 1 ? one.text : ok(count_of(number));
            co_await peer->say(answer);
            const bool is_closed = co_await peer->until_closed();
            closed += is_closed ? 1 : 0;
        };
        run(refused_then_good(client(script), one.what));
        BOOST_TEST(server->connections == 2, one.what);
        BOOST_TEST(closed == 2, one.what);
    }
}

BOOST_AUTO_TEST_SUITE_END()
