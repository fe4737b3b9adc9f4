#pragma once

#include <cstdint>
#include <limits>

namespace usher::sandbox {

// SplitMix64: small, seeded, and the same on every platform, which the standard's distributions are not.
class generator {
public:
    explicit generator(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next()
    {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }

    // 0 … bound - 1; the bias is below 2^-32 for every bound in use here.
    std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : next() % bound; }

private:
    std::uint64_t state_;
};

} // namespace usher::sandbox
