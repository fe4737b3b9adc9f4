// A Redis that is not there, does not answer, or refuses.
#include "asking.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <stdexcept>
#include <thread>
#include <vector>

using namespace redis_tests;
using usher::tests::redis_server;

BOOST_AUTO_TEST_SUITE(trouble)

BOOST_AUTO_TEST_CASE(a_server_that_is_gone_is_said_to_be_unreachable_and_used_again_when_it_is_back)
{
    redis_server server;
    client one(server.url());
    BOOST_TEST(one.ask(paced(8)).granted == 8U);
    server.kill();
    BOOST_TEST(!one.ask(paced(8)).is_reachable);
    // It was not waited for until the timeout, which would be told.
    BOOST_TEST(one.trouble.find("no connection") != std::string::npos, one.trouble);
    BOOST_TEST(one.refuses_at_once(paced(8)));
    server.start();
    const auto back = one.ask_until_reached(paced(8));
    BOOST_TEST(back.is_reachable);
    BOOST_TEST(back.granted == 8U);
}

BOOST_AUTO_TEST_CASE(a_connection_that_was_closed_while_idle_is_replaced_without_a_word)
{
    known_server server;
    client one(server.url());
    one.ask(paced(8));
    server.tell("CLIENT KILL TYPE normal");
    BOOST_TEST(one.ask(paced(8)).granted == 8U);
    server.kill();
    server.start();
    server.know();
    BOOST_TEST(one.ask(paced(8)).granted == 8U);
    server.tell("SCRIPT FLUSH");
    BOOST_TEST(one.ask(paced(8)).granted == 8U);
    BOOST_TEST(one.trouble.empty(), one.trouble);
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_answer_is_waited_for_until_the_timeout)
{
    const redis_server server;
    client one(server.url(), 200ms);
    one.ask(paced(8));
    server.freeze();
    const auto begun = clock::now();
    BOOST_TEST(!one.ask(paced(8)).is_reachable);
    const auto waited = clock::now() - begun;
    BOOST_TEST((waited >= 200ms && waited < 5s));
    BOOST_TEST(one.trouble.find("200 ms") != std::string::npos, one.trouble);
    BOOST_TEST(one.refuses_at_once(paced(8))); // not tried again so soon
    server.go_on();
    BOOST_TEST(one.ask_until_reached(paced(8)).is_reachable);
}

BOOST_AUTO_TEST_CASE(a_server_that_never_was_there_is_unreachable)
{
    const usher::tests::reserved_port nobody;
    client one("redis://127.0.0.1:" + std::to_string(nobody.number()));
    BOOST_TEST(!one.ask(paced(8)).is_reachable);
    BOOST_TEST(!one.trouble.empty());
    client unknown("redis://no-such-host.invalid");
    BOOST_TEST(!unknown.ask(paced(8)).is_reachable);
    BOOST_TEST(!unknown.trouble.empty());
}

BOOST_AUTO_TEST_CASE(name_and_password_are_sent_and_a_wrong_one_is_told)
{
    const redis_server server("open sesame");
    const auto at = "@127.0.0.1:" + std::to_string(server.port());
    client right("redis://:open%20sesame" + at + "/2");
    BOOST_TEST(right.ask(paced(8)).granted == 8U);
    client named("redis://default:open%20sesame" + at);
    BOOST_TEST(named.ask(paced(8)).members == 1U); // another database
    client wrong("redis://:sesame" + at);
    BOOST_TEST(!wrong.ask(paced(8)).is_reachable);
    BOOST_TEST(wrong.trouble.find("WRONGPASS") != std::string::npos, wrong.trouble);
    BOOST_TEST(wrong.trouble.find("sesame") == std::string::npos);
    client none("redis://127.0.0.1:" + std::to_string(server.port()));
    BOOST_TEST(!none.ask(paced(8)).is_reachable);
    BOOST_TEST(none.trouble.find("NOAUTH") != std::string::npos, none.trouble);
}

BOOST_AUTO_TEST_CASE(a_server_that_repeats_what_it_was_given_does_not_bring_the_password_into_a_text)
{
    const redis_server server(std::string(), {"--rename-command", "AUTH", ""});
    client one("redis://:hidden@127.0.0.1:" + std::to_string(server.port()));
    BOOST_TEST(!one.ask(paced(8)).is_reachable);
    BOOST_TEST(one.trouble.find("ERR") != std::string::npos, one.trouble);
    BOOST_TEST(one.trouble.find("hidden") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_server_that_refuses_orders_is_unreachable_and_not_asked_again_at_once)
{
    const known_server server;
    client one(server.url());
    BOOST_TEST(one.ask(paced(8)).granted == 8U);
    server.tell("REPLICAOF 127.0.0.1 1");
    BOOST_TEST(!one.ask(paced(8)).is_reachable);
    BOOST_TEST(one.trouble.find("READONLY") != std::string::npos, one.trouble);
    BOOST_TEST(one.refuses_at_once(paced(8)));
    server.tell("REPLICAOF NO ONE");
    BOOST_TEST(one.ask_until_reached(paced(8)).is_reachable);
}

BOOST_AUTO_TEST_CASE(an_order_that_is_sent_again_returns_nothing_again)
{
    boost::asio::io_context io(1);
    namespace ip = boost::asio::ip;
    ip::tcp::acceptor acceptor(io, ip::tcp::endpoint(ip::address_v4::loopback(), 0));
    std::vector<std::string> orders;
    std::thread server([&] {
        // The second order is lost with its connection.
        for (int connections = 0; connections != 2; ++connections) {
            auto peer = acceptor.accept();
            for (;;) {
                char part[4096];
                boost::system::error_code error;
                const std::string text(part, peer.read_some(boost::asio::buffer(part), error));
                if (error)
                    break;
                if (text.find("PING") != text.npos)
                    boost::asio::write(peer, boost::asio::buffer("+PONG\r\n", 7));
                if (text.find("EVALSHA") == text.npos)
                    continue;
                orders.push_back(text);
                if (orders.size() == 2)
                    break;
                const std::string answer =
                    "*8\r\n:8\r\n:0\r\n:10000\r\n:300000\r\n:0\r\n:1\r\n:0\r\n$9\r\n0 1 8 999\r\n";
                boost::asio::write(peer, boost::asio::buffer(answer));
            }
        }
    });
    {
        client one("redis://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()));
        one.ask(paced(8));
        auto returning = paced(8);
        returning.returned = 3;
        BOOST_TEST(one.ask(returning).granted == 8U);
        one.budget.reset();
        one.settle();
    }
    server.join();
    BOOST_TEST_REQUIRE(orders.size() == 3U);
    const std::string mark = "0 1 8 999";
    BOOST_TEST(orders[1].find(mark) != std::string::npos);
    BOOST_TEST(orders[1].find("\r\n$1\r\n3\r\n") != std::string::npos);
    BOOST_TEST(orders[2].find(mark) == std::string::npos);
    BOOST_TEST(orders[2].find("\r\n$1\r\n3\r\n") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_not_redis_is_unreachable)
{
    boost::asio::io_context io(1);
    namespace ip = boost::asio::ip;
    ip::tcp::acceptor acceptor(io, ip::tcp::endpoint(ip::address_v4::loopback(), 0));
    for (const std::string says :
         {"HTTP/1.1 400 Bad Request\r\n\r\n", "+OK\r\n", ":1\r\n:2\r\n:3\r\n", "*1\r\n*1\r\n:1\r\n", "*-1\r\n", ""}) {
        BOOST_TEST_CONTEXT(says)
        {
            client one("redis://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()));
            std::optional<usher::lease_grant> answer;
            one.budget->lease(paced(8), [&](const usher::lease_grant& grant) { answer = grant; });
            auto peer = acceptor.accept();
            one.io.run_for(50ms);
            boost::system::error_code gone; // it may have given up meanwhile
            boost::asio::write(peer, boost::asio::buffer(says), gone);
            peer.close();
            // It may try once more; then nothing listens that answers.
            while (!answer && one.io.run_one_for(3s) != 0)
                continue;
            BOOST_TEST_REQUIRE(answer.has_value());
            BOOST_TEST(!answer->is_reachable);
            acceptor.non_blocking(true);
            boost::system::error_code none;
            auto left = acceptor.accept(none);
            acceptor.non_blocking(false);
        }
    }
}

BOOST_AUTO_TEST_CASE(it_may_be_destroyed_with_orders_under_way_and_from_an_answer)
{
    const redis_server server;
    client one(server.url());
    bool is_answered = false;
    one.budget->lease(paced(8), [&](const usher::lease_grant&) { is_answered = true; });
    one.budget.reset();
    one.settle();
    BOOST_TEST(!is_answered);

    client two(server.url());
    two.ask(paced(8));
    for (int i = 0; i != 3; ++i)
        two.budget->lease(paced(8), [&](const usher::lease_grant&) {
            is_answered = true;
            two.budget.reset();
        });
    two.settle();
    BOOST_TEST(is_answered);

    client three("redis://127.0.0.1:1");
    three.budget->lease(paced(8), [&](const usher::lease_grant&) { three.budget.reset(); });
    three.settle();
    BOOST_TEST(!three.budget);
}

BOOST_AUTO_TEST_CASE(what_is_returned_at_the_end_arrives_although_the_budget_goes_at_once)
{
    const redis_server server;
    client one(server.url()), other(server.url());
    one.ask(unpaced(50));
    one.budget->give_back("instance:invitations", 50);
    one.budget.reset();
    one.settle();
    const auto end = clock::now() + 30s;
    auto grant = other.ask(unpaced(100));
    auto got = grant.granted;
    while (got < 100 && clock::now() < end)
        got += other.ask(unpaced(100)).granted;
    BOOST_TEST(got == 100U);
}

BOOST_AUTO_TEST_CASE(options_out_of_range_are_refused)
{
    boost::asio::io_context io(1);
    usher::redis_budget_options options;
    for (const auto timeout : {0ms, 1001ms}) {
        options.timeout = timeout;
        BOOST_CHECK_THROW(usher::redis_budget(io.get_executor(), "redis://localhost", options), std::invalid_argument);
    }
    options = usher::redis_budget_options();
    options.prefix = "a{b";
    BOOST_CHECK_THROW(usher::redis_budget(io.get_executor(), "redis://localhost", options), std::invalid_argument);
    BOOST_CHECK_THROW(usher::redis_budget(io.get_executor(), "localhost"), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
