// A peer that says what a target's input says.
#ifndef USHER_TESTS_FUZZ_CUT_STREAM_HPP
#define USHER_TESTS_FUZZ_CUT_STREAM_HPP

#include "fuzz/promise.hpp"
#include "net/stream.hpp"

namespace usher::fuzz {

/// Takes every request, and gives these bytes in pieces; then it is silent, or ends.
class cut_stream final : public detail::stream {
public:
    cut_stream(std::string_view bytes, bool ends, std::uint8_t seed) : bytes_(bytes), cut_(seed), ends_(ends) {}

    detail::io_result read_some(char* data, std::size_t size) noexcept override
    {
        const auto count = std::min({size, cut_.next(), bytes_.size() - given});
        if (count == 0)
            return ends_ ? detail::io_result{detail::io_state::closed, 0, boost::asio::error::eof}
                         : detail::io_result{detail::io_state::want_read, 0, {}};
        bytes_.copy(data, count, given);
        given += count;
        return {detail::io_state::ready, count, {}};
    }
    detail::io_result write_some(const char*, std::size_t size) noexcept override
    {
        return {detail::io_state::ready, size, {}};
    }
    boost::asio::awaitable<boost::system::error_code> wait(detail::io_state) override
    {
        co_return boost::system::error_code();
    }
    void cancel() noexcept override {}
    void close() noexcept override {}

    std::size_t given = 0;

private:
    std::string_view bytes_;
    pieces cut_;
    bool ends_;
};

} // namespace usher::fuzz

#endif
