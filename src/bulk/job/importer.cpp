#include "bulk/job/import_state.hpp"
#include "bulk/job/part.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <limits>
#include <stdexcept>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

using state_ptr = std::shared_ptr<importer::state>;

constexpr std::size_t most_steps = std::numeric_limits<std::uint16_t>::max();

/// Waits until a record is finished. The waiter is alone, and nothing happens between its look at the state and its
/// wait.
asio::awaitable<void> one_finished(state_ptr self)
{
    self->wake.expires_at(asio::steady_timer::time_point::max());
    auto ended = co_await self->wake.async_wait(asio::as_tuple(asio::use_awaitable));
    (void)ended;
}

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

/// What is left to do for a record; nothing: it was looked at and that is all.
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

void start(const state_ptr& self, planned_record record)
{
    const auto kind = record.what.kind();
    const auto place = self->underway.emplace(kind, record.what.id()).first;
    const std::size_t organization = kind == entity_kind::organization ? 1 : 0;
    self->counters.in_flight += 1;
    self->organizations_underway += organization;
    asio::co_spawn(self->executor, run_record(self, std::move(record)),
                   [self, place, organization](std::exception_ptr trouble) {
                       self->underway.erase(place);
                       self->organizations_underway -= organization;
                       self->record_finished(trouble);
                   });
}

/// Takes records until there is none, or until the source turns out to be none.
asio::awaitable<void> take_records(state_ptr self)
{
    constexpr std::uint64_t turn = 256;
    try {
        while (self->more()) {
            const auto asked = co_await asio::this_coro::cancellation_state;
            self->stopping = asked.cancelled() != asio::cancellation_type::none;
            if (self->stopping)
                break;
            auto record = co_await self->from.next();
            if (!record)
                break;
            self->counters.records += 1;
            self->counters.position = record->end_offset;
            auto planned = look_at(*self, *std::move(record));
            if (planned && planned->what.kind() == entity_kind::user)
                while (self->organizations_underway > 0)
                    co_await one_finished(self);
            if (planned && self->more())
                start(self, *std::move(planned));
            while (self->counters.in_flight >= self->options.concurrency)
                co_await one_finished(self);
            // Where nothing waits, timers and signals have their turn all the same.
            if (self->counters.records % turn == 0)
                co_await asio::post(self->executor, asio::use_awaitable);
        }
    } catch (...) {
        self->trouble = std::current_exception();
    }
}

asio::awaitable<import_end> finish_run(state_ptr self)
{
    auto ready = co_await self->to.prepare();
    if (!ready) {
        self->give_up(ready.error());
        co_return import_end::given_up;
    }
    co_await take_records(self);
    while (self->counters.in_flight > 0)
        co_await one_finished(self);
    if (self->trouble)
        std::rethrow_exception(self->trouble);
    co_await self->book.flush();
    if (self->gave_up)
        co_return import_end::given_up;
    co_return self->stopping ? import_end::stopped : import_end::finished;
}

asio::awaitable<import_end> run_import(state_ptr self)
{
    // Records under way use source, target and journal: whoever cancels is told of the end after theirs.
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    std::exception_ptr thrown;
    auto end = import_end::stopped;
    try {
        end = co_await finish_run(self);
    } catch (...) {
        thrown = std::current_exception();
    }
    co_await asio::this_coro::throw_if_cancelled(throws);
    if (thrown)
        std::rethrow_exception(thrown);
    co_return end;
}

} // namespace

void import_listener::on_failure(const source_record&, const import_failure&) {}
void import_listener::on_note(const source_record&, const std::string&, const note&) {}

importer::state::state(asio::any_io_executor executor_, source& from_, target& to_, journal& book_,
                       import_listener& listener_, import_options options_)
    : executor(std::move(executor_)),
      from(from_),
      to(to_),
      book(book_),
      listener(listener_),
      options(std::move(options_)),
      before(to.counters()),
      wake(executor)
{
    to.set_organizations([this](std::string_view source_id) {
        const auto entry = book.find(entity_kind::organization, source_id);
        const bool is_there = entry && (entry->state == record_state::created || entry->state == record_state::adopted);
        return is_there ? entry->target_id : std::string();
    });
}

void importer::state::look_at_target() noexcept
{
    counters.lookups = to.counters().lookups - before.lookups;
    counters.recovered = to.counters().recovered - before.recovered;
}

void importer::state::failed(const source_record& record, const import_failure& failure)
{
    counters.failed += 1;
    counters.taken += failure.code == "identifier_taken" ? 1U : 0U;
    listener.on_failure(record, failure);
}

void importer::state::give_up(const error& why)
{
    if (gave_up)
        return;
    gave_up = true;
    why_given_up = why;
    from.cancel();
}

void importer::state::record_finished(std::exception_ptr thrown)
{
    counters.in_flight -= 1;
    if (thrown && !trouble) {
        trouble = thrown;
        from.cancel();
    }
    wake.cancel();
}

importer::importer(asio::any_io_executor executor, source& from, target& to, journal& book, import_listener& listener,
                   import_options options)
{
    if (options.concurrency == 0)
        throw std::invalid_argument("import_options: concurrency is at least 1");
    if (options.parts == 0 || options.part >= options.parts)
        throw std::invalid_argument("import_options: part is less than parts, which is at least 1");
    state_ = std::make_shared<state>(std::move(executor), from, to, book, listener, std::move(options));
}

importer::~importer()
{
    state_->to.set_organizations({});
}

asio::awaitable<import_end> importer::run()
{
    return run_import(state_);
}

void importer::stop()
{
    state_->stopping = true;
    state_->from.cancel();
}

const import_counters& importer::counters() const noexcept
{
    return state_->counters;
}

const error& importer::reason() const noexcept
{
    return state_->why_given_up;
}

} // namespace usher::bulk
