#include "bulk/journal/file_journal.hpp"

#include <boost/asio/post.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <stdexcept>

namespace asio = boost::asio;

namespace usher::bulk {
namespace detail {
namespace {

journal_time now()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// What tells a record without a line from others.
std::string own_text(const source_record& record)
{
    return record.problem + record.text + boost::json::serialize(record.fields);
}

} // namespace

file_journal::file_journal(asio::any_io_executor executor, const std::string& path, const journal_options& options)
    : lock_((check_presence(path, options.how), path)), link_(std::make_shared<link>())
{
    link_->journal = this;
    check_presence(path, options.how); // as it was made by somebody who had the lock
    auto to_write = open_to_write(path);
    file_ = open_to_read(path);
    entries_ = std::make_unique<entries>(*file_);
    statement settings(*file_, "SELECT name, value FROM setting");
    while (settings.step())
        settings_.emplace(settings.text(0), settings.text(1));
    statement kinds(*file_, "SELECT field, reason, id FROM note");
    while (kinds.step())
        notes_.add(note(kinds.text(0), kinds.text(1)), static_cast<std::size_t>(kinds.count(2)));
    durability_ = std::make_shared<durability>(executor);
    writer_ = std::make_unique<writer>(std::move(to_write), options.gather,
                                       [executor, to = std::weak_ptr<link>(link_)](writer::report done) {
                                           asio::post(executor, [to, done = std::move(done)] {
                                               if (const auto alive = to.lock())
                                                   alive->journal->on_report(done);
                                           });
                                       });
}

file_journal::~file_journal()
{
    if (auto run = entries_->index().take_run(true))
        put(std::move(run));
    writer_->close();
    durability_->fail(file_->path() + ": the journal was closed");
    // Who leaves last empties the log into the file and takes it away, which who only reads can't.
    entries_.reset();
    file_.reset();
}

held_entry& file_journal::need(std::uint64_t number)
{
    auto* held = entries_->get(number);
    if (!held)
        throw std::invalid_argument("the journal has no record " + std::to_string(number));
    return *held;
}

void file_journal::put_change(held_entry& of)
{
    put(changed_record{of.entry});
    of.last_write = last_write_;
}

void file_journal::hurry_if(std::size_t waiting)
{
    if (hurried_ || waiting == 0 || 4 * waiting < entries_->under_way())
        return;
    hurried_ = true;
    writer_->hurry();
}

void file_journal::on_report(const writer::report& done)
{
    if (!done.trouble.empty()) {
        durability_->fail(done.trouble);
        return;
    }
    hurried_ = false;
    durability_->on_disk(done.last);
    entries_->on_disk(done.last);
    if (done.names_written)
        entries_->index().written();
    if (auto run = entries_->index().take_run())
        put(std::move(run));
    hurry_if(durability_->waiting());
}

asio::awaitable<begun_record> file_journal::begin_record(record_intent intent)
{
    durability_->check();
    begun_record begun;
    if (auto* earlier = entries_->find(intent.kind, intent.source_id)) {
        begun.number = earlier->entry.number;
        begun.earlier = earlier->entry;
        return durability::wait_with(durability_, 0, std::move(begun));
    }
    journal_entry entry;
    entry.kind = intent.kind;
    entry.source_id = std::move(intent.source_id);
    entry.line = intent.line;
    entry.in_doubt = true;
    entry.begun = now();
    auto& held = entries_->add(std::move(entry));
    entries_->start(held);
    put(new_record{held.entry});
    held.last_write = last_write_;
    begun.number = held.entry.number;
    hurry_if(durability_->waiting() + 1);
    return durability::wait_with(durability_, last_write_, std::move(begun));
}

asio::awaitable<void> file_journal::begin_step(std::uint64_t number, std::uint16_t step)
{
    durability_->check();
    auto& held = need(number);
    // The time from which its first unfinished step may have taken effect stays while nobody knows whether it did.
    if (!held.entry.in_doubt)
        held.entry.begun = now();
    held.entry.in_doubt = held.entry.in_doubt || step == held.entry.steps_done;
    entries_->start(held);
    put_change(held);
    hurry_if(durability_->waiting() + 1);
    return durability::wait(durability_, last_write_);
}

void file_journal::end_step(step_outcome outcome)
{
    auto& held = need(outcome.number);
    auto& entry = held.entry;
    if (outcome.kind == import_step::remove) {
        if (outcome.step == 0)
            entry.made = false;
        else
            put(removed_step{entry.number, outcome.step});
    } else if (outcome.step == 0) {
        // Also of a creation that is there and not complete: an undo has to know.
        entry.made = entry.made || outcome.made;
    } else if (outcome.made || (outcome.done && outcome.step >= entry.steps_done)) {
        step_row row;
        row.number = entry.number;
        row.step = outcome.step;
        row.kind = outcome.kind;
        row.id = std::move(outcome.id);
        row.made = outcome.made;
        put(std::move(row));
    }
    if (outcome.kind != import_step::remove) {
        if (outcome.step == 0 && !outcome.id.empty())
            entry.target_id = std::move(outcome.id);
        if (outcome.step == entry.steps_done) {
            entry.in_doubt = false;
            entry.steps_done = static_cast<std::uint16_t>(entry.steps_done + (outcome.done ? 1 : 0));
        }
    }
    if (outcome.finished) {
        const bool is_settled =
            *outcome.finished == record_state::created || *outcome.finished == record_state::adopted;
        if (is_settled && entry.state == record_state::failed)
            put(dropped_letter{entry.number});
        entry.state = *outcome.finished;
        entry.in_doubt = entry.in_doubt && entry.state == record_state::failed;
        entries_->stop(held);
    }
    put_change(held);
}

void file_journal::bury(std::uint64_t number, std::optional<entity_kind> kind, const source_record& record,
                        const import_failure& failure)
{
    held_entry* held = nullptr;
    bool is_new = false;
    if (number != 0) {
        held = &need(number);
    } else if (kind && !failure.source_id.empty()) {
        held = entries_->find(*kind, failure.source_id);
        if (!held) {
            journal_entry entry;
            entry.kind = *kind;
            entry.source_id = failure.source_id;
            entry.line = record.line;
            held = &entries_->add(std::move(entry));
            is_new = true;
        } else if (const auto line = held->entry.line;
                   (line != record.line && line != 0 && record.line != 0) ||
                   (held->entry.state != record_state::open && held->entry.state != record_state::failed)) {
            held = nullptr; // a repetition, or what is done already: neither is undone by this
        }
    }
    letter_row letter;
    if (held) {
        auto& entry = held->entry;
        entry.state = record_state::failed;
        entry.in_doubt = entry.in_doubt || failure.outcome_unknown;
        if (entry.target_id.empty())
            entry.target_id = failure.target_id;
        entries_->stop(*held);
        if (is_new)
            put(new_record{entry});
        else
            put_change(*held);
        letter.number = letter.place = entry.number;
    } else {
        letter.place = letter_place(record.line, record.line == 0 ? own_text(record) : std::string());
    }
    letter.line = record.line;
    letter.step = failure.step;
    letter.code = failure.code;
    letter.text = failure_line(record, failure);
    put(std::move(letter));
    if (held)
        held->last_write = last_write_;
}

void file_journal::settle(std::uint64_t line)
{
    if (line != 0)
        put(dropped_letter{letter_place(line, {})});
}

void file_journal::add_note(const note& what, std::string_view source_id)
{
    const auto kind = notes_.get(what);
    if (kind.is_new)
        put(new_note{kind.id, kind.what, std::string(source_id)});
    last_write_ = writer_->count_note(kind.id);
}

void file_journal::add_sample(journal_time at, std::string json)
{
    put(new_sample{at, std::move(json)});
}

asio::awaitable<void> file_journal::flush()
{
    if (last_write_ > durability_->last_on_disk())
        writer_->hurry();
    return durability::wait(durability_, last_write_);
}

std::optional<journal_entry> file_journal::find(entity_kind kind, std::string_view source_id)
{
    const auto* held = entries_->find(kind, source_id);
    return held ? std::optional(held->entry) : std::nullopt;
}

std::optional<std::string> file_journal::setting(std::string_view name)
{
    const auto found = settings_.find(name);
    return found == settings_.end() ? std::nullopt : std::optional(found->second);
}

void file_journal::set_setting(std::string_view name, std::string_view value)
{
    settings_.insert_or_assign(std::string(name), std::string(value));
    put(new_setting{std::string(name), std::string(value)});
}

} // namespace detail

std::unique_ptr<journal> open_journal(boost::asio::any_io_executor executor, const std::string& path,
                                      const journal_options& options)
{
    return std::make_unique<detail::file_journal>(std::move(executor), path, options);
}

} // namespace usher::bulk
