// How entries, steps and letters stand in the journal's file. Each row has a checksum: SQLite itself does not notice
// when a byte of a text has changed, and an undo must not delete what such an id names.
#ifndef USHER_BULK_JOURNAL_ROWS_HPP
#define USHER_BULK_JOURNAL_ROWS_HPP

#include "bulk/journal/sqlite.hpp"

#include <usher/bulk/journal.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace usher::bulk::detail {

/// The same on every machine and in every version of the format.
std::uint64_t text_hash(std::string_view text, std::uint64_t seed = 0) noexcept;
std::uint64_t name_hash(entity_kind kind, std::string_view source_id) noexcept;

/// A step beyond a record's first one.
struct step_row {
    step_row() = default;
    std::uint64_t number = 0;
    std::uint16_t step = 0;
    import_step kind = import_step::create;
    std::string id;
    bool made = false;
};

struct letter_row {
    letter_row() = default;
    std::uint64_t place = 0;
    std::uint64_t number = 0;
    std::uint64_t line = 0;
    import_step step = import_step::read;
    std::string code;
    std::string text;
};

/// Where the letter of a record without a number stands; `text` tells apart those without a line.
std::uint64_t letter_place(std::uint64_t line, std::string_view text) noexcept;

/// The columns of a record, in the order that `read_entry` and `bind_entry` know.
#define USHER_RECORD_COLUMNS                                                                                           \
    "number, kind, source_id, target_id, line, state, made, steps_done, in_doubt, begun, checksum"
#define USHER_STEP_COLUMNS "number, step, kind, id, made, checksum"
#define USHER_LETTER_COLUMNS "place, number, line, step, code, text, checksum"

/// *Errors*: `std::runtime_error` for a row that is not as it was written.
journal_entry read_entry(const statement& row);
step_row read_step(const statement& row, int first_column = 0);
letter_row read_letter(const statement& row);
void bind_entry(statement& to, const journal_entry& entry);
void bind_step(statement& to, const step_row& step);
void bind_letter(statement& to, const letter_row& letter);

} // namespace usher::bulk::detail

#endif
