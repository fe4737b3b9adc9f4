// Connections without a network that fail at the operation that the test names, under the whole engine.
#ifndef USHER_TESTS_IO_FAULTS_FAULTY_NET_HPP
#define USHER_TESTS_IO_FAULTS_FAULTY_NET_HPP

#include "io/fake_stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace usher::tests {

namespace asio = boost::asio;

/// A checkout is a read while no request is under way.
enum class step { open, checkout, write, read, close };
enum class fault { reset, end, error, stall, part };

inline const char* name_of(step s)
{
    static constexpr const char* names[] = {"open", "checkout", "write", "read", "close"};
    return names[static_cast<int>(s)];
}
inline const char* name_of(fault f)
{
    static constexpr const char* names[] = {"reset", "orderly end", "error", "stall and cancel", "part of a write"};
    return names[static_cast<int>(f)];
}

struct faulty_net {
    explicit faulty_net(asio::io_context& context) : io(context) {}
    std::unique_ptr<detail::stream> open();

    asio::io_context& io;
    std::function<std::string(const std::string& request)> answer;
    std::size_t at_once = 1u << 20; ///< bytes that an operation moves
    bool pauses = false;            ///< every other try has to be waited for
    std::string greeting;           ///< what a new connection says by itself

    std::size_t fail_at = static_cast<std::size_t>(-1); ///< number of the operation, from 0
    fault how = fault::reset;
    std::size_t part = 0;
    asio::cancellation_signal* cancel = nullptr;

    std::vector<step> steps;
    std::vector<std::string> served; ///< requests that came whole
    std::size_t open_streams = 0;

    // What was so when it failed.
    bool has_failed = false;
    step failed_at = step::open;
    std::size_t written = 0; ///< bytes of the request
    bool was_whole = false;  ///< all of them
    bool was_used = false;   ///< the connection had carried a request before
};

class faulty_stream final : public detail::stream {
public:
    explicit faulty_stream(faulty_net& net) : net_(net), pause_(net.io), answer_(net.greeting) { ++net_.open_streams; }
    ~faulty_stream() override
    {
        close();
        --net_.open_streams;
    }

    detail::io_result read_some(char* data, std::size_t size) noexcept override
    {
        const bool is_quiet = !is_writing_ && answer_.empty();
        if (const auto early = gate(is_quiet ? step::checkout : step::read, detail::io_state::want_read);
            early.state != detail::io_state::ready)
            return early;
        const auto bytes = std::min({size, net_.at_once, answer_.size()});
        if (bytes == 0)
            return {detail::io_state::want_read, 0, {}};
        answer_.copy(data, bytes);
        answer_.erase(0, bytes);
        return {detail::io_state::ready, bytes, {}};
    }

    detail::io_result write_some(const char* data, std::size_t size) noexcept override
    {
        is_writing_ = true;
        auto bytes = std::min(size, net_.at_once);
        if (const auto early = gate(step::write, detail::io_state::want_write);
            early.state != detail::io_state::ready) {
            if (!takes_part_)
                return early;
            takes_part_ = false;
            bytes = std::min(bytes, net_.part);
            net_.written += bytes;
        }
        request_.append(data, bytes);
        if (const auto whole = size_of_request(request_); whole != 0 && !is_broken_) {
            net_.served.push_back(request_.substr(0, whole));
            request_.erase(0, whole);
            is_writing_ = false;
            answer_ = net_.answer(net_.served.back());
            ++used_;
        }
        return {detail::io_state::ready, bytes, {}};
    }

    boost::asio::awaitable<boost::system::error_code> wait(detail::io_state) override
    {
        if (std::exchange(stalls_, false)) {
            asio::post(net_.io, [to = net_.cancel] { to->emit(asio::cancellation_type::terminal); });
            pause_.expires_at(asio::steady_timer::time_point::max());
        } else {
            pause_.expires_at(asio::steady_timer::time_point::min());
        }
        auto [ec] = co_await pause_.async_wait(asio::as_tuple(asio::use_awaitable));
        co_return ec;
    }

    void cancel() noexcept override { pause_.cancel(); }
    void close() noexcept override
    {
        if (!std::exchange(is_closed_, true))
            net_.steps.push_back(step::close);
    }

private:
    detail::io_result gate(step s, detail::io_state wanted) noexcept
    {
        net_.steps.push_back(s);
        if (net_.steps.size() - 1 == net_.fail_at)
            return fail(s, wanted);
        if (is_broken_)
            return {detail::io_state::failed, 0, boost::asio::error::connection_reset};
        auto& paused = wanted == detail::io_state::want_read ? read_paused_ : write_paused_;
        if (net_.pauses && s != step::checkout && (paused = !paused))
            return {wanted, 0, {}};
        return {};
    }

    detail::io_result fail(step s, detail::io_state wanted) noexcept
    {
        net_.has_failed = true;
        net_.failed_at = s;
        const bool is_whole = s == step::read && !is_writing_;
        net_.was_used = used_ > (is_whole ? 1 : 0);
        net_.was_whole = is_whole;
        net_.written = is_whole ? net_.served.back().size() : request_.size();
        if (net_.how == fault::stall) {
            stalls_ = s != step::checkout;
            return {wanted, 0, {}};
        }
        is_broken_ = true;
        takes_part_ = net_.how == fault::part && s == step::write;
        if (net_.how == fault::end && s != step::write)
            return {detail::io_state::closed, 0, boost::asio::error::eof};
        if (net_.how == fault::error)
            return {detail::io_state::failed, 0, boost::asio::error::host_unreachable};
        return {detail::io_state::failed, 0, boost::asio::error::connection_reset};
    }

    faulty_net& net_;
    asio::steady_timer pause_;
    std::string request_;
    std::string answer_;
    int used_ = 0;
    bool is_writing_ = false;
    bool read_paused_ = false;
    bool write_paused_ = false;
    bool is_broken_ = false;
    bool takes_part_ = false;
    bool stalls_ = false;
    bool is_closed_ = false;
};

inline std::unique_ptr<detail::stream> faulty_net::open()
{
    steps.push_back(step::open);
    if (steps.size() - 1 == fail_at && how != fault::stall) { // there is nothing to wait for
        has_failed = true;
        failed_at = step::open;
        return nullptr;
    }
    return std::make_unique<faulty_stream>(*this);
}

} // namespace usher::tests

#endif
