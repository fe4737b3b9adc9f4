#include "bulk/source/byte_stream.hpp"

#include <stdexcept>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

constexpr std::size_t piece = 64 * 1024;

} // namespace

byte_stream::byte_stream(asio::any_io_executor executor, const std::string& path)
    : name_(path == "-" ? "standard input" : path), file_(std::move(executor), path), packed_(piece)
{
}

void byte_stream::cancel()
{
    cancelled_ = true;
    file_.cancel();
}

asio::awaitable<std::string_view> byte_stream::read()
{
    for (;;) {
        if (cancelled_)
            co_return std::string_view();
        if (!damage_.empty())
            throw std::runtime_error(name_ + ": " + damage_);
        if (unpack_ && !left_.empty()) {
            const std::size_t made = unpack_->run(left_, plain_);
            damage_ = unpack_->damage();
            if (made > 0)
                co_return std::string_view(plain_.data(), made);
            continue;
        }
        if (ended_)
            co_return std::string_view();
        std::size_t count = 0;
        do {
            const auto more = co_await file_.read(packed_.data() + count, packed_.size() - count);
            if (cancelled_)
                co_return std::string_view();
            ended_ = more == 0;
            count += more;
        } while (!begun_ && !ended_ && count < 2);
        taken_ += count;
        left_ = std::string_view(packed_.data(), count);
        if (!begun_ && inflater::is_gzip(left_)) {
            unpack_.emplace();
            plain_.resize(piece);
        }
        begun_ = true;
        if (!unpack_)
            co_return left_;
        if (ended_ && left_.empty() && !unpack_->is_whole())
            damage_ = "the compressed data is torn: it ends at byte " + std::to_string(taken_) + ", in the middle";
    }
}

} // namespace usher::bulk
