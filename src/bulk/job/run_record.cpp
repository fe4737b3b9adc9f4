// The life of one record: intent on disk, step, outcome, and so on to its last step.
#include "bulk/job/import_state.hpp"

#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

using state_ptr = std::shared_ptr<importer::state>;

/// What is known of a record while its steps are done.
struct course {
    course() = default;
    std::uint64_t number = 0;
    std::string target_id;
    bool made = false;
    std::optional<import_failure> failure; ///< the first one
    std::optional<error> hopeless;
    bool is_left = false;  ///< the run was stopped before its next step
    bool is_fresh = false; ///< a call of this run has just made the entity, with what comes along
};

void count_step(importer::state& self, const step& what, const step_result& result)
{
    if (!result.made)
        return;
    if (what.kind == import_step::email_address || what.kind == import_step::phone_number)
        self.counters.added += 1;
    else if (what.kind == import_step::ban)
        self.counters.banned += 1;
    else if (what.kind == import_step::membership)
        self.counters.memberships += 1;
}

/// Steps after one that failed are done all the same, but only those before it count as done: a second run begins
/// there.
step_outcome outcome_of(const course& now, const step& what, std::size_t index, const step_result& result)
{
    step_outcome outcome;
    outcome.number = now.number;
    outcome.step = static_cast<std::uint16_t>(index);
    outcome.kind = what.kind;
    outcome.id = result.id;
    outcome.made = result.made;
    outcome.done = !now.failure.has_value();
    return outcome;
}

/// What a step found out not to reach the target.
void tell_notes(importer::state& self, const planned_record& record, const step_result& result)
{
    for (const auto& each : result.notes) {
        self.counters.notes += 1;
        self.book.add_note(each, record.what.id());
        self.listener.on_note(record.from, record.what.id(), each);
    }
}

/// A step that was written down and will not be sent.
void take_back_intent(importer::state& self, const planned_record& record, const course& now, std::size_t index)
{
    step_outcome outcome;
    outcome.number = now.number;
    outcome.step = static_cast<std::uint16_t>(index);
    outcome.kind = record.steps[index].kind;
    outcome.done = false;
    self.book.end_step(std::move(outcome));
}

asio::awaitable<step_result> perform(state_ptr self, const planned_record& record, const course& now, std::size_t index,
                                     bool in_doubt)
{
    step_request request;
    request.record = &record.what;
    request.what = record.steps[index];
    request.target_id = now.target_id;
    request.made_entity = now.made;
    request.in_doubt = in_doubt;
    if (in_doubt)
        request.in_doubt_since = record.entry->begun;
    auto result = co_await self->to.perform(std::move(request));
    co_return std::move(result);
}

/// Nothing more is to come of a record: what it is now, in the journal and in the figures.
void finish(importer::state& self, planned_record& record, course& now)
{
    // What is left open the next run goes on with, with another key or a service that answers.
    if (now.hopeless)
        self.give_up(*now.hopeless);
    if (now.hopeless || (now.is_left && !now.failure)) {
        self.counters.left_open += 1;
        return;
    }
    const auto kind = record.what.kind();
    // Before it had an entry it may have been buried under its line.
    if (self.options.retry_failed && record.from.line != 0)
        self.book.settle(record.from.line);
    if (now.failure) {
        now.failure->source_id = record.what.id();
        now.failure->target_id = now.target_id;
        self.counters.incomplete += now.target_id.empty() ? 0U : 1U;
        self.book.bury(now.number, kind, record.from, *now.failure);
        self.failed(record.from, *now.failure);
        return;
    }
    (now.made ? self.counters.created : self.counters.already_there) += 1;
    self.counters.organizations += kind == entity_kind::organization ? 1U : 0U;
}

/// What became of a step, in the journal and in the figures.
void settle_step(importer::state& self, const planned_record& record, course& now, std::size_t index,
                 step_result result)
{
    const auto& what = record.steps[index];
    const bool unknown = result.failure && result.failure->outcome_unknown;
    // One that is there and not complete has an id too.
    if (what.kind == import_step::create && !result.id.empty()) {
        now.target_id = result.id;
        now.made = result.made;
        now.is_fresh = result.made && !result.recovered && !result.failure;
    }
    count_step(self, what, result);
    tell_notes(self, record, result);
    if (result.failure && !now.failure)
        now.failure = std::move(result.failure);
    now.hopeless = std::move(result.hopeless);
    // Of a step that may have taken effect nothing is written, so that it stays in doubt.
    if (!unknown) {
        auto outcome = outcome_of(now, what, index, result);
        if (index + 1 == record.steps.size() && !now.failure && !now.hopeless)
            outcome.finished = now.made ? record_state::created : record_state::adopted;
        self.book.end_step(std::move(outcome));
    }
    self.look_at_target();
}

/// One step that is written down as about to be sent.
asio::awaitable<void> do_step(state_ptr self, const planned_record& record, course& now, std::size_t index,
                              bool in_doubt)
{
    auto result = co_await perform(self, record, now, index, in_doubt);
    settle_step(*self, record, now, index, std::move(result));
}

/// A step that the creation has done: it goes with the entity, and is not taken back alone.
void settle_along(importer::state& self, const planned_record& record, course& now, std::size_t index)
{
    self.counters.memberships += record.steps[index].kind == import_step::membership ? 1U : 0U;
    settle_step(self, record, now, index, step_result());
}

} // namespace

asio::awaitable<void> run_record(state_ptr self, planned_record record)
{
    course now;
    std::size_t first = 0;
    bool in_doubt = false;
    if (record.entry) {
        now.number = record.entry->number;
        now.target_id = record.entry->target_id;
        now.made = record.entry->made;
        first = record.entry->steps_done;
        in_doubt = record.entry->in_doubt;
    } else {
        record_intent intent;
        intent.kind = record.what.kind();
        intent.source_id = record.what.id();
        intent.line = record.from.line;
        auto begun = co_await self->book.begin_record(std::move(intent));
        now.number = begun.number;
    }
    for (std::size_t index = first; index < record.steps.size(); ++index) {
        if (record.steps[index].comes_along && now.is_fresh) {
            settle_along(*self, record, now, index);
            continue;
        }
        now.is_left = index > first && !self->more();
        if (now.is_left)
            break;
        if (record.entry || index > 0)
            co_await self->book.begin_step(now.number, static_cast<std::uint16_t>(index));
        const bool was_in_doubt = in_doubt && index == first;
        now.is_left = !self->more();
        if (now.is_left) {
            if (!was_in_doubt)
                take_back_intent(*self, record, now, index);
            break;
        }
        co_await do_step(self, record, now, index, was_in_doubt);
        const bool no_entity = now.target_id.empty() && now.failure;
        if (no_entity || now.hopeless)
            break;
    }
    if (first >= record.steps.size() && !now.failure) {
        // All its steps are done; only its last word is missing.
        step_outcome outcome;
        outcome.number = now.number;
        outcome.step = static_cast<std::uint16_t>(record.steps.size() - 1);
        outcome.kind = record.steps.back().kind;
        outcome.finished = now.made ? record_state::created : record_state::adopted;
        self->book.end_step(std::move(outcome));
    }
    finish(*self, record, now);
}

} // namespace usher::bulk
