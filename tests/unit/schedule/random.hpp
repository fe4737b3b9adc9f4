// Chance that is the same on every machine and standard library.
#ifndef USHER_TESTS_SCHEDULE_RANDOM_HPP
#define USHER_TESTS_SCHEDULE_RANDOM_HPP

#include <chrono>
#include <cmath>
#include <cstdint>

namespace schedule_tests {

using time_point = std::chrono::steady_clock::time_point;
using duration = std::chrono::steady_clock::duration;

/// xoshiro256++, seeded by splitmix64.
class chance {
public:
    explicit chance(std::uint64_t seed) noexcept
    {
        for (auto& word : state_) {
            seed += 0x9e3779b97f4a7c15U;
            auto mixed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9U;
            mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
            word = mixed ^ (mixed >> 31);
        }
    }

    std::uint64_t bits() noexcept
    {
        const auto result = turned(state_[0] + state_[3], 23) + state_[0];
        const auto shifted = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = turned(state_[3], 45);
        return result;
    }
    /// In [0, 1).
    double share() noexcept { return static_cast<double>(bits() >> 11) * 0x1p-53; }
    bool happens(double probability) noexcept { return probability > 0 && share() < probability; }
    /// From 0 to `most`, both included; `most` is far below 2^32 × 2^32 / bias that matters.
    std::uint64_t upto(std::uint64_t most) noexcept { return bits() % (most + 1); }
    duration within(duration low, duration high) noexcept
    {
        return high <= low
                   ? low
                   : low + duration(static_cast<duration::rep>(upto(static_cast<std::uint64_t>((high - low).count()))));
    }
    /// Between two of a Poisson process.
    duration gap(double per_second) noexcept
    {
        return duration(static_cast<duration::rep>(-std::log(1 - share()) / per_second * 1e9));
    }
    /// Standard normal (Box and Muller; the second one is kept).
    double normal() noexcept
    {
        if (has_spare_) {
            has_spare_ = false;
            return spare_;
        }
        const double radius = std::sqrt(-2 * std::log(1 - share()));
        const double angle = 6.283185307179586 * share();
        spare_ = radius * std::sin(angle);
        has_spare_ = true;
        return radius * std::cos(angle);
    }

private:
    static std::uint64_t turned(std::uint64_t word, int by) noexcept { return (word << by) | (word >> (64 - by)); }

    std::uint64_t state_[4];
    double spare_ = 0;
    bool has_spare_ = false;
};

} // namespace schedule_tests

#endif
