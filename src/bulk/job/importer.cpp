#include "bulk/job/import_state.hpp"

#include "bulk/check/local_check.hpp"
#include "call/client_state.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>
#include <vector>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

constexpr std::size_t piece_size = 64 * 1024;
constexpr std::chrono::milliseconds until_first_heard{30'000};

using state_ptr = std::shared_ptr<importer::state>;

asio::awaitable<void> process(state_ptr self, source_record record, user_plan plan)
{
    auto user = co_await ensure_user(self, plan);
    std::optional<import_failure> failure = std::move(user.failure);
    const bool there = !failure;
    if (there && plan.has_steps())
        failure = co_await finish_steps(self, plan, user);
    if (failure) {
        failure->external_id = plan.external_id;
        failure->user_id = user.id;
        self->counters.incomplete += there ? 1U : 0U;
        self->failed(record, std::move(*failure));
    } else {
        (user.created ? self->counters.created : self->counters.already_there) += 1;
    }
}

/// Waits until a record is finished. The waiter is alone, and nothing happens between its look at the state and its
/// wait.
asio::awaitable<void> one_finished(state_ptr self)
{
    self->wake.expires_at(asio::steady_timer::time_point::max());
    auto ended = co_await self->wake.async_wait(asio::as_tuple(asio::use_awaitable));
    (void)ended;
}

void begin_record(const state_ptr& self, source_record record)
{
    self->counters.records += 1;
    self->counters.bytes = record.end_offset;
    auto mapped = map_user(record, self->options.mapping);
    if (!mapped) {
        const auto step = record.problem.empty() ? import_step::map : import_step::read;
        self->failed(record, import_failure(step, mapped.error()));
        return;
    }
    auto& plan = *mapped;
    for (const auto& what : plan.notes) {
        self->counters.notes += 1;
        self->listener.on_note(record, plan.external_id, what);
    }
    auto refused = self->options.dry_run ? check_locally(plan, self->seen) : check_repeated(plan, self->seen);
    if (!refused.code.empty()) {
        import_failure failure(import_step::map, refused);
        failure.external_id = plan.external_id;
        self->counters.duplicates += refused.code == "duplicate_in_source" ? 1U : 0U;
        self->failed(record, std::move(failure));
        return;
    }
    if (self->options.dry_run) {
        self->counters.valid += 1;
        return;
    }
    self->counters.in_flight += 1;
    asio::co_spawn(self->executor, process(self, std::move(record), std::move(plan)),
                   [self](std::exception_ptr trouble) { self->record_finished(trouble); });
}

/// Takes records until there is none, or until the source turns out to be none.
asio::awaitable<void> take_records(state_ptr self)
{
    try {
        const auto reader = make_reader(self->options.format);
        std::vector<char> piece(piece_size);
        bool whole = false;
        while (!whole && self->more()) {
            const std::size_t count = co_await self->source.read(piece.data(), piece.size());
            whole = count == 0;
            if (whole && self->stopping)
                break;
            if (whole)
                reader->finish();
            else
                reader->feed(std::string_view(piece.data(), count));
            while (self->more()) {
                auto record = reader->next();
                if (!record)
                    break;
                begin_record(self, std::move(*record));
                while (self->counters.in_flight >= self->options.concurrency)
                    co_await one_finished(self);
            }
            // A dry run never waits: let timers and signals have their turn.
            co_await asio::post(self->executor, asio::use_awaitable);
        }
    } catch (...) {
        self->trouble = std::current_exception();
    }
}

asio::awaitable<import_end> run_import(state_ptr self)
{
    co_await take_records(self);
    while (self->counters.in_flight > 0)
        co_await one_finished(self);
    if (self->trouble)
        std::rethrow_exception(self->trouble);
    if (self->gave_up)
        co_return import_end::given_up;
    co_return self->stopping ? import_end::stopped : import_end::finished;
}

} // namespace

importer::state::state(asio::any_io_executor executor_, clerk::client client_, input& source_,
                       import_listener& listener_, import_options options_)
    : executor(std::move(executor_)),
      client(std::move(client_)),
      source(source_),
      listener(listener_),
      options(std::move(options_)),
      wake(executor)
{
}

call_options importer::state::calls() const
{
    call_options calls;
    // An outage is waited out: while the breaker is open, calls of this lane wait for their turn as a probe. One that
    // nobody ever heard is more likely a wrong address.
    calls.deadline = was_heard ? options.deadline : std::min(options.deadline, until_first_heard);
    calls.priority = lane::bulk;
    // What the breaker lets through is little, and giving a record up costs more than a request.
    calls.retry = client.state()->options.retry;
    calls.retry->budgeted = false;
    // Whether a user is there, this engine finds out itself: it counts and reports it.
    calls.reconcile = reconciler::none();
    return calls;
}

void importer::state::failed(const source_record& record, import_failure failure)
{
    counters.failed += 1;
    counters.taken += failure.code == "identifier_taken" ? 1U : 0U;
    listener.on_failure(record, failure);
}

void importer::state::judge(const error& why)
{
    if (why.status() != 0)
        service_answered();
    else if (why.kind() != error_kind::invalid_request && why.kind() != error_kind::decode)
        lost_in_a_row += 1;
    // With these answers every further record would end the same way.
    const bool pointless = why.is_unauthorized() || why.is_forbidden() || why.status() == 402;
    if (!gave_up && (pointless || lost_in_a_row >= options.concurrency)) {
        gave_up = true;
        why_given_up = why;
        source.cancel();
    }
}

void importer::state::record_finished(std::exception_ptr thrown)
{
    counters.in_flight -= 1;
    if (thrown && !trouble) {
        trouble = thrown;
        stopping = true;
        source.cancel();
    }
    wake.cancel();
}

importer::importer(asio::any_io_executor executor, clerk::client client, input& source, import_listener& listener,
                   import_options options)
{
    if (options.concurrency == 0 || options.attempts < 1)
        throw std::invalid_argument("import_options: concurrency and attempts are at least 1");
    state_ = std::make_shared<state>(std::move(executor), std::move(client), source, listener, std::move(options));
}

importer::~importer() = default;

asio::awaitable<import_end> importer::run()
{
    return run_import(state_);
}

void importer::stop()
{
    state_->stopping = true;
    state_->source.cancel();
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
