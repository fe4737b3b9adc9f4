// A stream without a network: each request that is written whole is answered at the next turn of the event loop.
#ifndef USHER_BENCH_THROUGHPUT_NULL_STREAM_HPP
#define USHER_BENCH_THROUGHPUT_NULL_STREAM_HPP

#include "net/stream.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <string_view>

namespace bench {

class null_stream final : public usher::detail::stream {
public:
    null_stream(boost::asio::any_io_executor executor, std::string_view answer)
        : executor_(std::move(executor)), answer_(answer)
    {
    }

    usher::detail::io_result read_some(char* data, std::size_t size) noexcept override
    {
        const auto bytes = std::min(size, left_.size());
        if (bytes == 0)
            return {usher::detail::io_state::want_read, 0, {}};
        left_.copy(data, bytes);
        left_.remove_prefix(bytes);
        return {usher::detail::io_state::ready, bytes, {}};
    }

    // Requests without a body, each written with one call.
    usher::detail::io_result write_some(const char* data, std::size_t size) noexcept override
    {
        if (std::string_view(data, size).ends_with("\r\n\r\n"))
            left_ = answer_;
        return {usher::detail::io_state::ready, size, {}};
    }

    boost::asio::awaitable<boost::system::error_code> wait(usher::detail::io_state) override
    {
        co_await boost::asio::post(executor_, boost::asio::use_awaitable);
        co_return boost::system::error_code();
    }
    void cancel() noexcept override {}
    void close() noexcept override {}

private:
    boost::asio::any_io_executor executor_;
    std::string_view answer_;
    std::string_view left_;
};

} // namespace bench

#endif
