// A server without a network that answers as it should not, and knows whom it answered.
#ifndef USHER_TESTS_IO_FAULTS_HOSTILE_STREAM_HPP
#define USHER_TESTS_IO_FAULTS_HOSTILE_STREAM_HPP

#include "io/fake_stream.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <random>

namespace usher::tests {

namespace asio = boost::asio;
using usher::detail::io_result;
using usher::detail::io_state;

enum class trick {
    none,
    second_answer,    // behind the first, in one piece
    second_when_idle, // after the first was taken
    second_when_used, // when the next request has been written, together with its own answer
    garbage_behind,
    garbage_when_idle,
    interim_before,
    body_of_204,  // announced
    close,        // says so
    close_unsaid, // seen before the next request
    close_unseen, // the next request meets it while it is written
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

inline std::string with_length(const std::string& body, const char* more = "", std::size_t less = 0)
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
        ends_ = ends_ || ends_when_used_;
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
            ends_ = true;
            break;
        case trick::close_unseen:
            ends_when_used_ = true;
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
    bool ends_when_used_ = false;
    bool resets_ = false;
};

} // namespace usher::tests

#endif
