// What this process takes of the machine.
#ifndef USHER_BENCH_SOAK_RESOURCES_HPP
#define USHER_BENCH_SOAK_RESOURCES_HPP

#include <cstddef>
#include <span>
#include <vector>

namespace soak {

/// Bytes of memory that are resident, after the allocator has given back the pages that it keeps for later.
double resident_bytes();
/// Bytes that the program has allocated and not freed.
double allocated_bytes();
/// Open descriptors, without the one that it takes to look.
std::size_t open_descriptors();

/// Samples of one figure, at even distances of time.
class series {
public:
    explicit series(std::size_t room);
    void add(double value);
    /// The mean of a part of all samples, from `begin` to `end` in hundredths.
    double mean(int begin, int end) const;
    /// The least of them: what was there all the time, without what a moment needs.
    double least(int begin, int end) const;
    std::size_t size() const noexcept { return size_; }

private:
    std::span<const double> part(int begin, int end) const;

    std::vector<double> values_; // written once at the start: it takes no memory later
    std::size_t size_ = 0;
};

} // namespace soak

#endif
