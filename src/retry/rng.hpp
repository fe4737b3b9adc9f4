// Random numbers for jitter: fast, small, and the same for the same seed everywhere.
#ifndef USHER_SRC_RETRY_RNG_HPP
#define USHER_SRC_RETRY_RNG_HPP

#include <bit>
#include <chrono>
#include <cstdint>

namespace usher::retry {

/// xoshiro256** by Blackman and Vigna, seeded through splitmix64. Not for secrets.
class rng {
public:
    using result_type = std::uint64_t;

    explicit rng(std::uint64_t seed) noexcept
    {
        for (auto& word : state_) {
            seed += 0x9e3779b97f4a7c15U;
            auto mixed = seed;
            mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
            mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
            word = mixed ^ (mixed >> 31);
        }
    }

    static constexpr std::uint64_t min() noexcept { return 0; }
    static constexpr std::uint64_t max() noexcept { return ~std::uint64_t{0}; }

    std::uint64_t operator()() noexcept
    {
        const auto result = std::rotl(state_[1] * 5, 7) * 9;
        const auto shifted = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = std::rotl(state_[3], 45);
        return result;
    }

    /// Evenly from [0, most].
    std::chrono::nanoseconds up_to(std::chrono::nanoseconds most) noexcept
    {
        // 53 bits: what a double holds exactly. Finer than any clock for the hours that matter here.
        const auto share = static_cast<double>((*this)() >> 11) / static_cast<double>((std::uint64_t{1} << 53) - 1);
        return std::chrono::nanoseconds(static_cast<std::int64_t>(share * static_cast<double>(most.count())));
    }

private:
    std::uint64_t state_[4];
};

} // namespace usher::retry

#endif
