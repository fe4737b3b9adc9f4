// What is to be done for a record: nothing any more, nothing ever, or steps.
#include "bulk/job/import_state.hpp"
#include "bulk/job/part.hpp"

#include <limits>

namespace usher::bulk {

namespace {

constexpr std::size_t most_steps = std::numeric_limits<std::uint16_t>::max();

refusal repeated(entity_kind kind)
{
    return {"duplicate_in_source", "id",
            "an earlier " + std::string(to_string(kind)) + " of this source has the same id"};
}

/// A letter under a line is answered once its record has an entry of its own.
void settle_line(importer::state& self, const source_record& record)
{
    if (self.options.retry_failed && record.line != 0)
        self.book.settle(record.line);
}

/// Of an entry and a record with the same id: whether they are the same record, or one repeats the other.
bool is_same(const importer::state& self, const journal_entry& entry, const source_record& record)
{
    return self.options.lines_moved || entry.line == record.line || entry.line == 0 || record.line == 0;
}

/// A record that is not sent.
void bury(importer::state& self, const source_record& record, import_step step, const refusal& why,
          const mapped_record* what)
{
    import_failure failure(step, why);
    const bool is_repeated = why.code == "duplicate_in_source";
    std::optional<entity_kind> kind;
    if (what) {
        failure.source_id = what->id();
        kind = what->kind();
    }
    self.counters.duplicates += is_repeated ? 1U : 0U;
    if (kind && !is_repeated)
        settle_line(self, record);
    // A repeated record must not speak for the one that it repeats.
    self.book.bury(0, is_repeated ? std::nullopt : kind, record, failure);
    self.failed(record, failure);
}

void tell_notes(importer::state& self, const source_record& record, const mapped_record& what)
{
    for (const auto& each : what.notes) {
        self.counters.notes += 1;
        self.book.add_note(each, what.id());
        self.listener.on_note(record, what.id(), each);
    }
}

bool is_elsewhere(const importer::state& self, const source_record& record, const mapped& what)
{
    const auto& options = self.options;
    if (options.parts == 1)
        return false;
    if (!what)
        return record.line % options.parts != options.part;
    return what->kind() == entity_kind::user && part_of(what->id(), options.parts) != options.part;
}

} // namespace

std::optional<planned_record> look_at(importer::state& self, source_record record)
{
    auto what = map_record(record, self.options.mapping);
    if (is_elsewhere(self, record, what)) {
        self.counters.skipped += 1;
        return std::nullopt;
    }
    if (!what) {
        bury(self, record, record.problem.empty() ? import_step::map : import_step::read, what.error(), nullptr);
        return std::nullopt;
    }
    auto entry = self.book.find(what->kind(), what->id());
    if (self.underway.contains({what->kind(), what->id()}) || (entry && !is_same(self, *entry, record))) {
        bury(self, record, import_step::map, repeated(what->kind()), &*what);
        return std::nullopt;
    }
    // What failed and may be there all the same was begun, too.
    const bool again = entry && entry->state == record_state::failed &&
                       (self.options.retry_failed || (self.options.only_begun && entry->in_doubt));
    const bool is_over = entry && entry->state != record_state::open && !again;
    if (is_over || (!entry && self.options.only_begun)) {
        if (is_over)
            settle_line(self, record);
        self.counters.skipped += 1;
        return std::nullopt;
    }
    auto steps = self.to.plan(*what);
    if (!entry)
        tell_notes(self, record, *what);
    if (!steps || steps->empty() || steps->size() > most_steps) {
        bury(self, record, import_step::map,
             steps ? refusal("too_many_steps", "", "no plan of so many steps is kept") : steps.error(), &*what);
        return std::nullopt;
    }
    self.counters.resumed += entry && entry->state == record_state::open ? 1U : 0U;
    planned_record planned;
    planned.from = std::move(record);
    planned.what = *std::move(what);
    planned.steps = *std::move(steps);
    planned.entry = std::move(entry);
    return planned;
}

} // namespace usher::bulk
