// The entries of a journal as its user sees them: what was said counts at once, whether it is on disk or not.
//
// Entries that are under way, or that have writes which may not be on disk yet, are held in memory, and what they say
// goes before the file. The others are dropped from time to time and read from the file when they are asked for.
#ifndef USHER_BULK_JOURNAL_ENTRIES_HPP
#define USHER_BULK_JOURNAL_ENTRIES_HPP

#include "bulk/journal/lookup.hpp"
#include "bulk/journal/names.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace usher::bulk::detail {

struct held_entry {
    held_entry() = default;
    journal_entry entry;
    std::uint64_t last_write = 0;
    bool is_under_way = false; ///< a step of it was begun, and the record's last word not said
};

class entries {
public:
    /// Learns all names of the file.
    explicit entries(database& file);

    /// The number that it gets is the next one.
    held_entry& add(journal_entry entry);
    /// Null: there is no such entry. What is found stays at its place until the next entry is asked for.
    held_entry* find(entity_kind kind, std::string_view source_id);
    held_entry* get(std::uint64_t number);

    void start(held_entry& of);
    void stop(held_entry& of);
    std::size_t under_way() const noexcept { return under_way_; }
    /// So many writes are on disk: what can be read from there need not be held.
    void on_disk(std::uint64_t last_write);
    names& index() noexcept { return names_; }

private:
    void sweep();

    lookup file_;
    names names_;
    std::unordered_map<std::uint64_t, held_entry> held_;
    std::uint64_t next_ = 1;
    std::uint64_t on_disk_ = 0;
    std::size_t under_way_ = 0;
    std::size_t sweep_at_ = least_sweep;
    static constexpr std::size_t least_sweep = 2048;
};

} // namespace usher::bulk::detail

#endif
