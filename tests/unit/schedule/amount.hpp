// How much of a simulation a build can afford.
#ifndef USHER_TESTS_SCHEDULE_AMOUNT_HPP
#define USHER_TESTS_SCHEDULE_AMOUNT_HPP

#include <cstdint>

namespace schedule_tests {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool is_slow_build = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool is_slow_build = true;
#else
inline constexpr bool is_slow_build = false;
#endif
#else
inline constexpr bool is_slow_build = false;
#endif

/// Under a sanitizer a few are enough: it is there for other mistakes.
constexpr std::uint64_t amount(std::uint64_t usual, std::uint64_t sanitized)
{
    return is_slow_build ? sanitized : usual;
}

} // namespace schedule_tests

#endif
