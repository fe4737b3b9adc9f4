// A service without a network: what is sent to it is kept, and each request is answered from a text.
#ifndef USHER_TESTS_SECURITY_CAPTURED_HPP
#define USHER_TESTS_SECURITY_CAPTURED_HPP

#include "wire.hpp"

#include "call/client_state.hpp"
#include "net/stream.hpp"

#include <usher/client.hpp>
#include <usher/engine.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace security {

namespace asio = boost::asio;

struct wire {
    wire() = default;
    std::string sent;
    std::string answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    std::function<std::string(const std::string& sent)> reply; ///< makes the answer instead
    bool closes = false;                                       ///< the stream ends after the answer
    std::size_t streams = 0;
    std::size_t piece = 1 << 20; ///< bytes of the answer at a time
};

/// A stream in memory: whoever waits on it gets his turn with the next round of the loop.
class memory_stream : public usher::detail::stream {
public:
    explicit memory_stream(asio::any_io_executor executor) : executor_(std::move(executor)) {}
    asio::awaitable<boost::system::error_code> wait(usher::detail::io_state) final
    {
        co_await asio::post(executor_, asio::use_awaitable);
        co_return boost::system::error_code();
    }
    void cancel() noexcept final {}
    void close() noexcept final {}

private:
    asio::any_io_executor executor_;
};

class captured_stream final : public memory_stream {
public:
    captured_stream(asio::any_io_executor executor, std::shared_ptr<wire> shared)
        : memory_stream(std::move(executor)), wire_(std::move(shared))
    {
        ++wire_->streams;
    }

    usher::detail::io_result read_some(char* data, std::size_t size) noexcept override
    {
        const auto bytes = std::min({size, left_.size(), wire_->piece});
        if (bytes == 0)
            return {wire_->closes && is_asked_ ? usher::detail::io_state::closed : usher::detail::io_state::want_read,
                    0,
                    {}};
        left_.copy(data, bytes);
        left_.remove_prefix(bytes);
        return {usher::detail::io_state::ready, bytes, {}};
    }
    usher::detail::io_result write_some(const char* data, std::size_t size) noexcept override
    {
        wire_->sent.append(data, size);
        own_ = wire_->reply ? wire_->reply(wire_->sent) : wire_->answer;
        left_ = own_;
        is_asked_ = true;
        return {usher::detail::io_state::ready, size, {}};
    }

private:
    std::shared_ptr<wire> wire_;
    std::string own_;
    std::string_view left_;
    bool is_asked_ = false;
};

/// An event loop, an engine on it, and origins whose bytes are kept.
struct captured {
    captured() = default;
    explicit captured(const usher::engine_options& options) : engine(io.get_executor(), options) {}

    /// Everything that goes to this address from now on goes to the wire that is returned.
    std::shared_ptr<wire> capture(const std::string& base_url)
    {
        auto shared = std::make_shared<wire>();
        const auto url = usher::detail::parse_base_url(base_url);
        const auto executor = io.get_executor();
        kept_.push_back(engine.state()->connections.origin(url));
        kept_.back()->target->make_stream = [executor, shared] {
            return std::make_unique<captured_stream>(executor, shared);
        };
        return shared;
    }

    template <class T>
    T run(asio::awaitable<T> what)
    {
        std::optional<T> made;
        std::exception_ptr thrown;
        asio::co_spawn(io, std::move(what), [&](std::exception_ptr failed, T value) {
            thrown = failed;
            if (!failed)
                made.emplace(std::move(value));
        });
        io.restart();
        io.run();
        if (thrown)
            std::rethrow_exception(thrown);
        return std::move(*made);
    }

    static usher::client_options options(const std::string& base_url)
    {
        usher::client_options own;
        own.base_url = base_url;
        own.quota = usher::quota::unlimited();
        own.retry = usher::retry_policy::none();
        return own;
    }

    asio::io_context io{1};
    usher::engine engine{io.get_executor()};

private:
    std::vector<std::shared_ptr<usher::detail::pool_origin>> kept_;
};

} // namespace security

#endif
