#include "bulk/journal/reader.hpp"

namespace usher::bulk {

using detail::statement;

namespace {

entity_kind kind_of(const statement& row, int column)
{
    if (const auto value = row.number(column); value == 0 || value == 1)
        return static_cast<entity_kind>(value);
    row.of().fail("the journal is damaged: an entry of an unknown kind");
}

record_state state_of(const statement& row, int column)
{
    if (const auto value = row.number(column); value >= 0 && value <= static_cast<int>(record_state::removed))
        return static_cast<record_state>(value);
    row.of().fail("the journal is damaged: an entry of an unknown state");
}

} // namespace

journal_reader::implementation::implementation(const std::string& path)
    : file(detail::open_to_read(path)), entries(*file), named(entries.named()), seen(named)
{
}

/// Learns of records that the table of names does not have yet.
void journal_reader::implementation::look_on()
{
    if (tail.size() > 4 * detail::names::run_length && entries.named() > named) {
        named = seen = entries.named();
        tail.clear();
    }
    entries.each_name_after(seen, [this](std::uint64_t hash, std::uint64_t number) {
        tail.insert(hash, number);
        seen = number;
    });
}

std::optional<journal_entry> journal_reader::implementation::find(entity_kind kind, std::string_view source_id)
{
    const auto hash = detail::name_hash(kind, source_id);
    std::optional<journal_entry> found;
    const auto is_it = [&](std::uint64_t number) {
        found = entries.entry(number);
        if (found && (found->kind != kind || found->source_id != source_id))
            found.reset();
        return found.has_value();
    };
    if (tail.find(hash, is_it))
        return found;
    entries.numbers(hash, is_it);
    if (found)
        return found;
    look_on();
    tail.find(hash, is_it);
    return found;
}

journal_reader::journal_reader(const std::string& path) : self_(std::make_unique<implementation>(path)) {}

journal_reader::~journal_reader() = default;

journal_totals journal_reader::totals() const
{
    journal_totals all;
    auto& file = *self_->file;
    const detail::snapshot together(file);
    static_assert(static_cast<int>(record_state::open) == 0 && static_cast<int>(record_state::failed) == 3);
    statement records(file, "SELECT kind, state, count(*), sum(state IN (0, 3) AND in_doubt), sum(steps_done>0) "
                            "FROM record GROUP BY kind, state");
    while (records.step()) {
        all.records[kind_of(records, 0)][state_of(records, 1)] = records.count(2);
        all.in_doubt += records.count(3);
        if (const auto made = records.count(4); made > 0)
            all.steps[std::string(to_string(import_step::create))] += made;
    }
    statement steps(file, "SELECT kind, count(*) FROM step GROUP BY kind");
    while (steps.step())
        all.steps[steps.text(0)] += steps.count(1);
    all.dead_letters = static_cast<std::uint64_t>(file.number("SELECT count(*) FROM letter"));
    return all;
}

std::optional<std::string> journal_reader::setting(std::string_view name) const
{
    statement ask(*self_->file, "SELECT value FROM setting WHERE name=?1");
    ask.bind(1, name);
    return ask.step() ? std::optional(ask.text(0)) : std::nullopt;
}

std::optional<journal_entry> journal_reader::find(entity_kind kind, std::string_view source_id) const
{
    return self_->find(kind, source_id);
}

std::vector<counted_note> journal_reader::notes() const
{
    std::vector<counted_note> all;
    statement ask(*self_->file, "SELECT field, reason, count, example FROM note ORDER BY count DESC, id");
    while (ask.step()) {
        counted_note now;
        now.what = note(ask.text(0), ask.text(1));
        now.count = ask.count(2);
        now.example = ask.text(3);
        all.push_back(std::move(now));
    }
    return all;
}

std::vector<journal_reader::failure_kind> journal_reader::failure_kinds() const
{
    std::vector<failure_kind> all;
    statement ask(*self_->file,
                  "SELECT letter.code, kinds.count, letter.text FROM letter JOIN (SELECT min(place) AS place, "
                  "count(*) AS count FROM letter GROUP BY code) AS kinds ON letter.place=kinds.place "
                  "ORDER BY kinds.count DESC, letter.code LIMIT 1000");
    while (ask.step()) {
        failure_kind now;
        now.code = ask.text(0);
        now.count = ask.count(1);
        now.example = ask.text(2);
        all.push_back(std::move(now));
    }
    return all;
}

bool journal_reader::is_in_use() const
{
    return detail::file_lock::is_held(self_->file->path());
}

} // namespace usher::bulk
