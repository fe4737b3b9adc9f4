// What every fuzz target is made of: its bytes, and what it holds the code to.
#ifndef USHER_TESTS_FUZZ_PROMISE_HPP
#define USHER_TESTS_FUZZ_PROMISE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace usher::fuzz {

/// The code under test did what it must not do.
class broken_promise : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

inline void promise(bool kept, const char* what)
{
    if (!kept)
        throw broken_promise(what);
}

/// Two ways to one result. Texts say what was found, for whoever reads the report.
inline void promise_same(const std::string& a, const std::string& b, const char* what)
{
    if (a != b)
        throw broken_promise(std::string(what) + "\n  one:   " + a + "\n  other: " + b);
}

/// The bytes of one execution, taken from the front. Past the end there are zeros and empty texts.
class input {
public:
    explicit input(std::string_view bytes) : left_(bytes) {}

    std::uint8_t byte() noexcept
    {
        if (left_.empty())
            return 0;
        const auto first = static_cast<std::uint8_t>(left_.front());
        left_.remove_prefix(1);
        return first;
    }
    std::uint32_t pair() noexcept
    {
        const std::uint32_t high = byte();
        return high * 256 + byte();
    }
    std::uint64_t number() noexcept
    {
        std::uint64_t value = 0;
        for (int i = 0; i < 8; ++i)
            value = value * 256 + byte();
        return value;
    }
    /// Up to the next line feed, which is taken too.
    std::string_view line() noexcept
    {
        const auto text = left_.substr(0, left_.find('\n'));
        left_.remove_prefix(std::min(left_.size(), text.size() + 1));
        return text;
    }
    std::string_view rest() noexcept
    {
        const auto text = left_;
        left_ = {};
        return text;
    }
    bool empty() const noexcept { return left_.empty(); }

private:
    std::string_view left_;
};

/// Sizes of pieces: the same seed gives the same ones. Seed 0: one byte at a time; 255: everything at once.
class pieces {
public:
    explicit pieces(std::uint8_t seed) noexcept : seed_(seed), state_(seed) {}

    std::size_t next() noexcept
    {
        if (seed_ == 0 || seed_ == 255)
            return seed_ == 0 ? 1 : static_cast<std::size_t>(-1);
        state_ = state_ * 1103515245U + 12345U;
        return 1 + (state_ >> 16U) % (1U + seed_ % 40U);
    }

private:
    std::uint8_t seed_;
    std::uint32_t state_;
};

} // namespace usher::fuzz

#endif
