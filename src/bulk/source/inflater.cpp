#include "bulk/source/inflater.hpp"

#include <zlib.h>

#include <algorithm>
#include <new>

namespace usher::bulk {

struct inflater::stream {
    stream()
    {
        constexpr int largest_window_and_gzip = 15 + 16;
        if (inflateInit2(&state, largest_window_and_gzip) != Z_OK)
            throw std::bad_alloc();
    }
    stream(const stream&) = delete;
    stream& operator=(const stream&) = delete;
    ~stream() { inflateEnd(&state); }

    z_stream state{};
};

inflater::inflater() : stream_(std::make_unique<stream>()) {}

inflater::~inflater() = default;

bool inflater::is_gzip(std::string_view beginning) noexcept
{
    return beginning.starts_with("\x1F\x8B");
}

bool inflater::is_whole() const noexcept
{
    return place_ != place::inside && has_member_;
}

void inflater::damaged(std::string_view why)
{
    damage_ = "the compressed data is damaged at byte " + std::to_string(position_) + ": " + std::string(why);
}

bool inflater::begin_member(std::string_view& in)
{
    if (place_ == place::inside)
        return true;
    if (has_member_ && in.front() == '\0')
        place_ = place::padding;
    if (place_ == place::padding) {
        const auto zeros = std::min(in.find_first_not_of('\0'), in.size());
        position_ += zeros;
        in.remove_prefix(zeros);
        if (!in.empty())
            damaged("something stands behind its end");
        return false;
    }
    if (has_member_)
        inflateReset(&stream_->state);
    place_ = place::inside;
    has_member_ = true;
    return true;
}

std::size_t inflater::run(std::string_view& in, std::span<char> out)
{
    std::size_t written = 0;
    auto& state = stream_->state;
    while (damage_.empty() && written < out.size() && !in.empty() && begin_member(in)) {
        // zlib does not write to its input.
        state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
        state.avail_in = static_cast<uInt>(in.size());
        state.next_out = reinterpret_cast<Bytef*>(out.data() + written);
        state.avail_out = static_cast<uInt>(out.size() - written);
        const int result = inflate(&state, Z_NO_FLUSH);
        const std::size_t used = in.size() - state.avail_in;
        position_ += used;
        in.remove_prefix(used);
        written = out.size() - state.avail_out;
        if (result == Z_STREAM_END)
            place_ = place::between;
        else if (result == Z_MEM_ERROR)
            throw std::bad_alloc();
        else if (result != Z_OK)
            damaged(state.msg ? state.msg : "no gzip");
    }
    return written;
}

} // namespace usher::bulk
