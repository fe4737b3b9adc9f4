#include "bulk/job/import_state.hpp"

#include <usher/bulk/instance.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <stdexcept>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

using state_ptr = std::shared_ptr<importer::state>;

/// Waits until a record is finished. The waiter is alone, and nothing happens between its look at the state and its
/// wait.
asio::awaitable<void> one_finished(state_ptr self)
{
    self->wake.expires_at(asio::steady_timer::time_point::max());
    auto ended = co_await self->wake.async_wait(asio::as_tuple(asio::use_awaitable));
    (void)ended;
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
    // Elsewhere nothing of this job would be found, and all the rest of it made.
    auto same = co_await check_instance(self->to, self->book.setting(instance_setting));
    if (!same) {
        self->give_up(same.error());
        co_return import_end::given_up;
    }
    auto ready = co_await self->to.prepare();
    if (!ready) {
        self->give_up(ready.error());
        co_return import_end::given_up;
    }
    co_await keep_instance(self->to, self->book);
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
