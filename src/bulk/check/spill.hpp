// Sorting more than fits into memory.
//
// Vocabulary. An *entry* goes to the *part* that the first bits of its key tell, so that the parts one after the other,
// each sorted by itself, are the whole sorted. A part is a chain of *blocks* of one scratch file.
// Invariants. Memory: one small buffer for each part, four bytes for each block on disk, and when it is read one part.
// Lifecycle. Entries are added; then `each_part` gives them all, once.
#ifndef USHER_BULK_SPILL_HPP
#define USHER_BULK_SPILL_HPP

#include "bulk/check/scratch_file.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace usher::bulk {

struct spilled {
    spilled() = default;
    spilled(std::uint64_t high_, std::uint64_t low_, std::uint64_t record_, std::uint64_t extra_)
        : high(high_), low(low_), record(record_), extra(extra_)
    {
    }
    friend auto operator<=>(const spilled&, const spilled&) = default;
    bool same_key(const spilled& other) const noexcept { return high == other.high && low == other.low; }

    std::uint64_t high = 0, low = 0; ///< the key
    std::uint64_t record = 0;        ///< what is sorted by where keys are equal
    std::uint64_t extra = 0;
};

class spill {
public:
    /// 2^`bits` parts. *Errors*: those of `scratch_file`.
    spill(const std::string& folder, unsigned bits);
    void add(const spilled& entry);
    std::uint64_t size() const noexcept { return size_; }
    /// Gives the parts in order, each sorted. Entries with the same key are in the same part.
    void each_part(const std::function<void(std::span<const spilled>)>& use);

private:
    struct part {
        std::vector<spilled> buffer;
        std::vector<std::uint32_t> blocks; ///< in the file
        std::size_t in_file = 0;           ///< entries
    };
    void flush(part& which);

    scratch_file file_;
    unsigned bits_;
    std::vector<part> parts_;
    std::uint64_t size_ = 0;
};

} // namespace usher::bulk

#endif
