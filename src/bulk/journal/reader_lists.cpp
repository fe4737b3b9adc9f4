#include "bulk/journal/reader.hpp"

#include <vector>

namespace usher::bulk {

using detail::statement;

namespace {

/// Rows are taken so many at a time, and no read transaction is open while they are used: it would keep the journal's
/// log from being emptied for as long as the user takes.
constexpr const char* rows_at_once = " LIMIT 256";

/// Calls `read` for each row of the pages that `ask` gives, which begin after the key that `read` returned last, and
/// `use` for each of what it made. False: `use` said that it is enough.
template <typename Item, typename Read, typename Use>
bool each_page(statement& ask, std::uint64_t after, const Read& read, const Use& use)
{
    std::vector<Item> page;
    do {
        page.clear();
        ask.bind(1, after);
        {
            const detail::reading guard(ask);
            while (ask.step()) {
                const auto before = after;
                page.push_back(read(ask, after));
                // In a damaged file the keys may stand in any order, and the pages would come round again for ever.
                if (after <= before)
                    ask.of().fail("the journal is damaged: its entries are out of order");
            }
        }
        for (const auto& each : page)
            if (!use(each))
                return false;
    } while (!page.empty());
    return true;
}

bool use_made(const journal_entry& entry, statement& steps, const journal_reader::made_use& use)
{
    std::vector<detail::step_row> made;
    {
        steps.bind(1, entry.number);
        const detail::reading guard(steps);
        while (steps.step())
            made.push_back(detail::read_step(steps));
    }
    made_thing thing;
    thing.of = entry.kind;
    thing.entity_id = entry.target_id;
    thing.made_at = entry.begun;
    for (auto& step : made) {
        thing.kind = step.kind;
        thing.id = std::move(step.id);
        if (!use(entry.number, step.step, thing))
            return false;
    }
    thing.kind = import_step::create;
    thing.id = entry.target_id;
    return !entry.made || use(entry.number, 0, thing);
}

bool each_made_of(detail::database& file, entity_kind of, const journal_reader::made_use& use, std::uint64_t after)
{
    const auto sql =
        std::string("SELECT " USHER_RECORD_COLUMNS " FROM record WHERE number>?1 AND kind=?2 AND state<>?3 "
                    "ORDER BY number") +
        rows_at_once;
    statement records(file, sql.c_str());
    records.bind(2, static_cast<std::int64_t>(of)).bind(3, static_cast<std::int64_t>(record_state::removed));
    statement steps(file, "SELECT " USHER_STEP_COLUMNS " FROM step WHERE number=?1 AND made ORDER BY step DESC");
    return each_page<journal_entry>(
        records, after,
        [](const statement& row, std::uint64_t& last) {
            auto entry = detail::read_entry(row);
            last = entry.number;
            return entry;
        },
        [&](const journal_entry& entry) { return use_made(entry, steps, use); });
}

} // namespace

void journal_reader::each_entry(const std::function<bool(const journal_entry&)>& use, std::uint64_t after) const
{
    const auto sql =
        std::string("SELECT " USHER_RECORD_COLUMNS " FROM record WHERE number>?1 ORDER BY number") + rows_at_once;
    statement ask(*self_->file, sql.c_str());
    each_page<journal_entry>(
        ask, after,
        [](const statement& row, std::uint64_t& last) {
            auto entry = detail::read_entry(row);
            last = entry.number;
            return entry;
        },
        use);
}

void journal_reader::each_dead_letter(const std::function<bool(const dead_letter&)>& use, std::uint64_t after) const
{
    // A letter may be a megabyte: fewer at a time.
    statement ask(*self_->file, "SELECT " USHER_LETTER_COLUMNS " FROM letter WHERE place>?1 ORDER BY place LIMIT 16");
    each_page<dead_letter>(
        ask, after,
        [](const statement& row, std::uint64_t& last) {
            auto read = detail::read_letter(row);
            last = read.place;
            dead_letter letter;
            letter.place = read.place;
            letter.number = read.number;
            letter.line = read.line;
            letter.step = read.step;
            letter.code = std::move(read.code);
            letter.text = std::move(read.text);
            return letter;
        },
        use);
}

void journal_reader::each_made(const made_use& use) const
{
    if (each_made_of(*self_->file, entity_kind::user, use, 0))
        each_made_of(*self_->file, entity_kind::organization, use, 0);
}

void journal_reader::each_made(entity_kind of, const made_use& use, std::uint64_t after) const
{
    each_made_of(*self_->file, of, use, after);
}

void journal_reader::each_sample(const std::function<bool(const journal_sample&)>& use) const
{
    const auto sql = std::string("SELECT number, at, json FROM sample WHERE number>?1 ORDER BY number") + rows_at_once;
    statement ask(*self_->file, sql.c_str());
    each_page<journal_sample>(
        ask, 0,
        [](const statement& row, std::uint64_t& last) {
            last = row.count(0);
            journal_sample sample;
            sample.at = journal_time(std::chrono::milliseconds(row.number(1)));
            sample.json = row.text(2);
            return sample;
        },
        use);
}

} // namespace usher::bulk
