// Which records there are, by the hash of their kind and source id.
//
// Vocabulary: a *run* is what was named since the last one was written, kept in memory; a *sieve* knows which hashes
// there are not. Most questions of a job are about records that are new: the sieve answers them, without a look at the
// disk. A run of `run_length` records is sorted and added to the table `name` bit by bit with the commits that there
// are anyway; neighbours share pages, so a page is written once per run and not once per record. What was not added
// when the process was killed is read from the table `record` at the next start.
#ifndef USHER_BULK_JOURNAL_NAMES_HPP
#define USHER_BULK_JOURNAL_NAMES_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace usher::bulk::detail {

/// Hash and number, in the order of the table `name`.
using name_row = std::pair<std::int64_t, std::uint64_t>;

/// Tells what is certainly not in a set (a Bloom filter). Always the same size: with ten million names it has to be
/// asked again about every second new one, with a million about one in four hundred.
class sieve {
public:
    sieve() : words_(std::size_t{1} << 18U) {} // 2 MiB
    void insert(std::uint64_t hash) noexcept;
    bool may_contain(std::uint64_t hash) const noexcept;

private:
    static constexpr int looks = 4;
    std::vector<std::uint64_t> words_;
};

/// From hashes to numbers; several may have the same hash.
class name_run {
public:
    /// Has room for so many from the start, and more when they come.
    explicit name_run(std::size_t room = 512) : least_slots_(std::bit_ceil(2 * room)) { clear(); }
    void insert(std::uint64_t hash, std::uint64_t number);
    template <typename Use>
    bool find(std::uint64_t hash, const Use& use) const
    {
        for (auto at = hash & mask(); slots_[at].number != 0; at = (at + 1) & mask())
            if (slots_[at].hash == hash && use(slots_[at].number))
                return true;
        return false;
    }
    std::size_t size() const noexcept { return size_; }
    void clear();
    std::vector<name_row> rows() const;

private:
    struct slot {
        std::uint64_t hash = 0;
        std::uint64_t number = 0; ///< 0: empty
    };
    std::size_t mask() const noexcept { return slots_.size() - 1; }
    void put(slot what) noexcept;

    std::size_t least_slots_;
    std::vector<slot> slots_; ///< a power of two of them, at most half full
    std::size_t size_ = 0;
};

/// Rows on their way to the table `name`: of all records up to the number `up_to`.
struct written_run {
    written_run() = default;
    std::vector<name_row> rows;
    std::uint64_t up_to = 0;
};

class names {
public:
    static constexpr std::size_t run_length = 32'768;

    void insert(std::uint64_t hash, std::uint64_t number);
    /// Of a row that the table has.
    void insert_written(std::uint64_t hash) noexcept { sieve_.insert(hash); }
    bool may_contain(std::uint64_t hash) const noexcept { return sieve_.may_contain(hash); }
    /// Asks `use` about each record of this hash that the table may not have, until it says true.
    template <typename Use>
    bool find(std::uint64_t hash, const Use& use) const
    {
        return now_.find(hash, use) || before_.find(hash, use);
    }
    /// A run to be written, when it is time: it stays known here until `written`.
    std::shared_ptr<written_run> take_run(bool whatever_length = false);
    void written();

private:
    sieve sieve_;
    // As large at the start as later: what a job needs of memory does not depend on its length.
    name_run now_{run_length};
    name_run before_{run_length}; ///< is being written
    bool is_writing_ = false;
    std::uint64_t last_ = 0;
};

} // namespace usher::bulk::detail

#endif
