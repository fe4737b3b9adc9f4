// A server that does what it should not, a million times: no answer reaches another request.
#include "io/fake_stream.hpp"
#include "io/faults/certificate.hpp"

#include "call/client_state.hpp"

#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdlib>
#include <random>

namespace asio = boost::asio;
using namespace usher;
using namespace usher::tests;
using namespace std::chrono_literals;
using usher::detail::io_result;
using usher::detail::io_state;

namespace {

enum class trick {
    none,
    second_answer,    // behind the first, in one piece
    second_when_idle, // after the first was taken
    second_when_used, // when the next request has been written, together with its own answer
    garbage_behind,
    garbage_when_idle,
    interim_before,
    body_of_204, // announced
    close,       // says so
    close_unsaid,
    close_when_idle,
    reset_before,
    half,
    longer_than_said,
    chunks,
    slices,
    until_the_end,
    old, // HTTP/1.0 that stays
    both_lengths,
    count
};

struct hostile_server {
    explicit hostile_server(asio::io_context& context) : io(context) {}
    asio::io_context& io;
    std::mt19937 random{20'240};
    bool is_tame = false;
    std::array<std::uint64_t, static_cast<std::size_t>(trick::count)> played{};

    trick next()
    {
        const auto drawn = static_cast<trick>(random() % (4 * static_cast<unsigned>(trick::count)));
        const auto one = is_tame || drawn >= trick::count ? trick::none : drawn;
        ++played[static_cast<std::size_t>(one)];
        return one;
    }
};

std::string with_length(const std::string& body, const char* more = "", std::size_t less = 0)
{
    return std::string("HTTP/1.1 200 OK\r\n") + more + "Content-Length: " + std::to_string(body.size() - less) +
           "\r\n\r\n" + body;
}

/// Answers `DELETE /v1/users/N` with the id N.
class hostile_stream final : public usher::detail::stream {
public:
    explicit hostile_stream(hostile_server& server) : server_(server) {}

    io_result read_some(char* data, std::size_t size) noexcept override
    {
        const auto bytes = std::min({size, slice_, ready_.size()});
        if (bytes == 0 && ends_)
            return {io_state::closed, 0, asio::error::eof};
        if (bytes == 0 && resets_)
            return {io_state::failed, 0, asio::error::connection_reset};
        if (bytes == 0)
            return {io_state::want_read, 0, {}};
        ready_.copy(data, bytes);
        ready_.erase(0, bytes);
        if (ready_.empty())
            after();
        return {io_state::ready, bytes, {}};
    }

    io_result write_some(const char* data, std::size_t size) noexcept override
    {
        if (ends_ || resets_)
            return {io_state::failed, 0, asio::error::broken_pipe};
        request_.append(data, size);
        if (const auto whole = size_of_request(request_); whole != 0) {
            const auto begin = request_.find("/users/") + 7;
            answer(request_.substr(begin, request_.find(' ', begin) - begin));
            request_.erase(0, whole);
        }
        return {io_state::ready, size, {}};
    }

    asio::awaitable<boost::system::error_code> wait(io_state) override
    {
        co_await asio::post(server_.io, asio::use_awaitable);
        co_return boost::system::error_code();
    }
    void cancel() noexcept override {}
    void close() noexcept override {}

private:
    void answer(const std::string& id)
    {
        const auto body = R"({"object":"user","deleted":true,"id":")" + id + "\"}";
        const auto good = with_length(body);
        slice_ = static_cast<std::size_t>(-1);
        last_ = good;
        if (!with_next_.empty()) {
            // Came it alone, nothing could tell it from the answer to this request.
            ready_ = std::exchange(with_next_, {}) + good;
            return;
        }
        played_ = server_.next();
        switch (played_) {
        case trick::second_answer:
            ready_ += good + good;
            break;
        case trick::garbage_behind:
            ready_ += good + "\r\n";
            break;
        case trick::interim_before:
            ready_ += "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + good;
            break;
        case trick::body_of_204:
            ready_ += "HTTP/1.1 204 No Content\r\nContent-Length: " + std::to_string(good.size()) + "\r\n\r\n" + good;
            break;
        case trick::close:
            ready_ += with_length(body, "Connection: x, CLOSE\r\n");
            break;
        case trick::reset_before:
            resets_ = true;
            break;
        case trick::half:
            ready_ += good.substr(0, good.size() / 2);
            ends_ = true;
            break;
        case trick::longer_than_said:
            ready_ += with_length(body + good, "", good.size());
            break;
        case trick::chunks:
            ready_ += "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\n" + body.substr(0, 5) + "\r\n" +
                      std::string(1, "0123456789abcdef"[(body.size() - 5) >> 4]) +
                      std::string(1, "0123456789abcdef"[(body.size() - 5) & 15]) + "\r\n" + body.substr(5) +
                      "\r\n0\r\nContent-Type: x\r\n\r\n";
            break;
        case trick::slices:
            slice_ = 1 + server_.random() % 7;
            ready_ += good;
            break;
        case trick::until_the_end:
            ready_ += "HTTP/1.1 200 OK\r\n\r\n" + body;
            ends_ = true;
            break;
        case trick::old:
            ready_ += "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: " + std::to_string(body.size()) +
                      "\r\n\r\n" + body;
            break;
        case trick::both_lengths:
            ready_ += with_length(body, "Transfer-Encoding: chunked\r\n");
            break;
        default:
            ready_ += good;
        }
    }

    // The answer was taken.
    void after()
    {
        switch (std::exchange(played_, trick::none)) {
        case trick::second_when_idle:
            ready_ = last_;
            break;
        case trick::second_when_used:
            with_next_ = last_;
            break;
        case trick::garbage_when_idle:
            ready_ = "x";
            break;
        case trick::close:
        case trick::close_unsaid:
        case trick::close_when_idle:
            ends_ = true;
            break;
        default:
            break;
        }
    }

    hostile_server& server_;
    std::string request_;
    std::string ready_;
    std::string last_;
    std::string with_next_;
    trick played_ = trick::none;
    std::size_t slice_ = static_cast<std::size_t>(-1);
    bool ends_ = false;
    bool resets_ = false;
};

struct tally {
    int left = 0;
    int made = 0;
    int right = 0;
    int wrong = 0;
    int without_content = 0; ///< a 204, which names nobody
    int refused = 0;
    int other = 0;
    std::string first_other;
};

asio::awaitable<void> call_on(clerk::client clerk, tally& all)
{
    while (all.left > 0) {
        --all.left;
        const auto id = std::to_string(++all.made);
        const auto done = co_await clerk.users().remove(id);
        if (done) {
            ++(done->id.value_or("") == id ? all.right : all.wrong);
        } else if (done.error().kind() == error_kind::protocol) {
            ++all.refused;
        } else if (done.error().kind() == error_kind::decode && done.error().status() == 204) {
            ++all.without_content;
        } else {
            ++all.other;
            if (all.first_other.empty())
                all.first_other = done.error().message();
        }
    }
}

struct million {
    million()
    {
        static const std::string authority = certificate().pem();
        engine_options options;
        options.ca_pem = authority;
        on.emplace(io.get_executor(), options);
        client_options how;
        how.base_url = "http://127.0.0.1:9/v1"; // nobody is asked
        how.quota = quota::unlimited();
        how.retry.initial_backoff = how.retry.max_backoff = 0ms;
        how.retry.budgeted = false;
        clerk.emplace(*on, secret("sk_live_usherusherusherusher"), how);
        clerk->state()->origin->target->make_stream = [this] { return std::make_unique<hostile_stream>(server); };
    }

    void run(int calls, int callers)
    {
        all.left = calls;
        for (int i = 0; i < callers; ++i)
            asio::co_spawn(io, call_on(*clerk, all), [](std::exception_ptr e) { BOOST_TEST(!e); });
        io.restart();
        io.run();
    }

    asio::io_context io{1};
    hostile_server server{io};
    std::optional<engine> on;
    std::optional<clerk::client> clerk;
    tally all;
};

/// A hundred times as many on demand.
int calls_of(int usual)
{
    const auto* const factor = std::getenv("USHER_TEST_FACTOR");
    return usual * (factor == nullptr ? 1 : std::max(1, std::atoi(factor)));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(pairing, million)

BOOST_AUTO_TEST_CASE(no_answer_reaches_another_request_in_a_million_calls)
{
    const int calls = calls_of(1'000'000);
    run(calls, 16);
    BOOST_TEST(all.wrong == 0);
    BOOST_TEST(all.right + all.refused + all.without_content + all.other == calls);
    BOOST_TEST(all.other == 0, all.first_other);
    for (const auto times : server.played)
        BOOST_TEST(times > 1000U);
    // Refused is what no rule allows: nothing else is.
    BOOST_TEST(all.refused > 0);
    BOOST_TEST(all.refused == static_cast<int>(server.played[static_cast<std::size_t>(trick::both_lengths)]));
    BOOST_TEST(on->counters().connections == on->counters().idle_connections);
    BOOST_TEST_MESSAGE(all.right << " right, " << all.refused << " refused, " << all.without_content
                                 << " without content, " << on->counters().retries << " retries");
}

BOOST_AUTO_TEST_CASE(connections_are_used_again_999_times_in_1000)
{
    server.is_tame = true;
    run(100'000, 64);
    BOOST_TEST(all.right == 100'000);
    const auto counted = on->counters();
    BOOST_TEST(counted.connections_opened <= 64U);
    BOOST_TEST(counted.connections_opened + counted.connections_reused == 100'000U);
    BOOST_TEST(static_cast<double>(counted.connections_reused) >= 0.999 * 100'000);
    BOOST_TEST_MESSAGE(counted.connections_opened << " connections for 100000 calls");
}

BOOST_AUTO_TEST_SUITE_END()
