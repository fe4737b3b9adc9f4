#include "bulk/journal/rows.hpp"

#include <boost/endian/conversion.hpp>

#include <chrono>
#include <cstring>

namespace usher::bulk {

std::string_view to_string(record_state state) noexcept
{
    switch (state) {
    case record_state::open:
        return "open";
    case record_state::created:
        return "created";
    case record_state::adopted:
        return "adopted";
    case record_state::failed:
        return "failed";
    case record_state::removed:
        return "removed";
    }
    return "";
}

namespace detail {
namespace {

std::uint64_t mixed(std::uint64_t value) noexcept
{
    value ^= value >> 30;
    value *= 0xbf58476d1ce4e5b9U;
    value ^= value >> 27;
    value *= 0x94d049bb133111ebU;
    return value ^ (value >> 31);
}

/// Joins what a row says to one number.
class checksum {
public:
    checksum& add(std::uint64_t value) noexcept
    {
        sum_ = mixed(sum_ + 0x9e3779b97f4a7c15U + value);
        return *this;
    }
    checksum& add(std::string_view text) noexcept { return add(text_hash(text)); }
    /// 32 bits: four bytes a row.
    std::int64_t value() const noexcept { return static_cast<std::int64_t>(sum_ >> 32); }

private:
    std::uint64_t sum_ = 0;
};

std::int64_t sum_of(const journal_entry& entry) noexcept
{
    const auto bits = static_cast<std::uint64_t>(entry.kind) | static_cast<std::uint64_t>(entry.state) << 8U |
                      static_cast<std::uint64_t>(entry.made) << 16U |
                      static_cast<std::uint64_t>(entry.in_doubt) << 17U |
                      static_cast<std::uint64_t>(entry.steps_done) << 32U;
    return checksum()
        .add(entry.number)
        .add(bits)
        .add(entry.line)
        .add(static_cast<std::uint64_t>(entry.begun.time_since_epoch().count()))
        .add(entry.source_id)
        .add(entry.target_id)
        .value();
}

std::int64_t sum_of(const step_row& step) noexcept
{
    return checksum().add(step.number).add(step.step).add(to_string(step.kind)).add(step.id).add(step.made).value();
}

std::int64_t sum_of(const letter_row& letter) noexcept
{
    return checksum()
        .add(letter.place)
        .add(letter.number)
        .add(letter.line)
        .add(to_string(letter.step))
        .add(letter.code)
        .add(letter.text)
        .value();
}

[[noreturn]] void fail_damaged(const statement& row)
{
    row.of().fail("the journal is damaged: an entry is not as it was written");
}

import_step step_named(const statement& row, int column)
{
    const auto kind = parse_import_step(row.text(column));
    if (!kind)
        fail_damaged(row);
    return *kind;
}

} // namespace

std::uint64_t text_hash(std::string_view text, std::uint64_t seed) noexcept
{
    auto sum = seed ^ (text.size() * 0x9e3779b97f4a7c15U);
    const auto* at = reinterpret_cast<const unsigned char*>(text.data());
    auto left = text.size();
    for (; left >= 8; left -= 8, at += 8) {
        sum = (sum ^ boost::endian::load_little_u64(at)) * 0xff51afd7ed558ccdU;
        sum ^= sum >> 32;
    }
    unsigned char rest[8] = {};
    if (left > 0)
        std::memcpy(rest, at, left);
    return mixed(sum ^ boost::endian::load_little_u64(rest));
}

std::uint64_t name_hash(entity_kind kind, std::string_view source_id) noexcept
{
    return text_hash(source_id, static_cast<std::uint64_t>(kind) + 1);
}

std::uint64_t letter_place(std::uint64_t line, std::string_view text) noexcept
{
    // Numbers end below; lines come after them, what has no line at the end.
    if (line != 0)
        return (std::uint64_t{1} << 48U) + line;
    return std::uint64_t{1} << 62U | text_hash(text) >> 2U;
}

journal_entry read_entry(const statement& row)
{
    journal_entry entry;
    entry.number = row.count(0);
    entry.kind = static_cast<entity_kind>(row.number(1) & 1);
    entry.source_id = row.text(2);
    entry.target_id = row.text(3);
    entry.line = row.count(4);
    entry.state = static_cast<record_state>(row.number(5) & 7);
    entry.made = row.number(6) != 0;
    entry.steps_done = static_cast<std::uint16_t>(row.number(7));
    entry.in_doubt = row.number(8) != 0;
    entry.begun = journal_time(std::chrono::milliseconds(row.number(9)));
    if (sum_of(entry) != row.number(10) || entry.state > record_state::removed)
        fail_damaged(row);
    return entry;
}

void bind_entry(statement& to, const journal_entry& entry)
{
    to.bind(1, entry.number)
        .bind(2, static_cast<std::int64_t>(entry.kind))
        .bind(3, std::string_view(entry.source_id))
        .bind(4, std::string_view(entry.target_id))
        .bind(5, entry.line)
        .bind(6, static_cast<std::int64_t>(entry.state))
        .bind(7, std::int64_t{entry.made})
        .bind(8, std::int64_t{entry.steps_done})
        .bind(9, std::int64_t{entry.in_doubt})
        .bind(10, std::int64_t{entry.begun.time_since_epoch().count()})
        .bind(11, sum_of(entry));
}

step_row read_step(const statement& row, int first_column)
{
    step_row step;
    step.number = row.count(first_column);
    step.step = static_cast<std::uint16_t>(row.number(first_column + 1));
    step.kind = step_named(row, first_column + 2);
    step.id = row.text(first_column + 3);
    step.made = row.number(first_column + 4) != 0;
    if (sum_of(step) != row.number(first_column + 5))
        fail_damaged(row);
    return step;
}

void bind_step(statement& to, const step_row& step)
{
    to.bind(1, step.number)
        .bind(2, std::int64_t{step.step})
        .bind(3, to_string(step.kind))
        .bind(4, std::string_view(step.id))
        .bind(5, std::int64_t{step.made})
        .bind(6, sum_of(step));
}

letter_row read_letter(const statement& row)
{
    letter_row letter;
    letter.place = row.count(0);
    letter.number = row.count(1);
    letter.line = row.count(2);
    letter.step = step_named(row, 3);
    letter.code = row.text(4);
    letter.text = row.text(5);
    if (sum_of(letter) != row.number(6))
        fail_damaged(row);
    return letter;
}

void bind_letter(statement& to, const letter_row& letter)
{
    to.bind(1, letter.place)
        .bind(2, letter.number)
        .bind(3, letter.line)
        .bind(4, to_string(letter.step))
        .bind(5, std::string_view(letter.code))
        .bind(6, std::string_view(letter.text))
        .bind(7, sum_of(letter));
}

} // namespace detail
} // namespace usher::bulk
