// How long requests of one kind took lately: an estimate of a quantile in fixed memory.
//
// Vocabulary. A *step* is a range of latencies whose ends are 2^(1/4) apart, some 19 %. *Lately* is the last thousand
// requests or so: whenever that many are counted, all counts are halved, so that older ones fade.
#ifndef USHER_SRC_RETRY_LATENCIES_HPP
#define USHER_SRC_RETRY_LATENCIES_HPP

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace usher::retry {

class latencies {
public:
    /// Fewer say nothing of the slowest twentieth.
    static constexpr std::uint32_t least_known = 100;
    static constexpr std::uint32_t most_known = 1000;

    void add(std::chrono::nanoseconds latency) noexcept;
    /// What 95 % of the requests stayed below, rounded up to the end of its step. Nothing: too few are known.
    std::optional<std::chrono::nanoseconds> p95() const noexcept;

private:
    static constexpr int steps_per_octave = 4;
    static constexpr int octaves = 21; // from 2^16 ns = 66 µs to 2^37 ns = 137 s
    static constexpr int first_octave = 16;

    std::array<std::uint16_t, steps_per_octave * octaves> counts_{};
    std::uint32_t known_ = 0;
};

} // namespace usher::retry

#endif
