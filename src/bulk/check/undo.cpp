// Taking back what a job made.
//
// Vocabulary. A *heap* is what the job made of one record: the entity itself, or what it added to one that it adopted.
// Invariants. Users are gone before the first organization is touched. With an entity goes what it has, so that only
// the entity itself is removed. Nothing is written of what stays, so that the next undo tries again.
#include "bulk/check/task_group.hpp"

#include <usher/bulk/instance.hpp>
#include <usher/bulk/verify.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

/// Records that are read from the journal at once.
constexpr std::size_t heaps_at_once = 1000;
/// Removals in a row without any answer, after which going on is pointless.
constexpr int most_lost = 16;

struct made_step {
    made_step(std::uint16_t step_, made_thing what_) : step(step_), what(std::move(what_)) {}
    std::uint16_t step;
    made_thing what;
};

struct heap {
    heap() = default;
    std::uint64_t number = 0;
    std::vector<made_step> steps;
};

struct undoing {
    undoing(asio::any_io_executor executor, target& from_, journal& book_, const journal_reader& made_,
            undo_options options_, std::function<void(const made_thing&, const error&)> failed_)
        : from(from_),
          book(book_),
          made(made_),
          options(options_),
          failed(std::move(failed_)),
          tasks(std::move(executor), options_.concurrency)
    {
    }
    target& from;
    journal& book;
    const journal_reader& made;
    undo_options options;
    std::function<void(const made_thing&, const error&)> failed;
    task_group tasks;
    undo_counters counters;
    int lost_in_a_row = 0;
    bool pointless = false;
};
using undoing_ptr = std::shared_ptr<undoing>;

void write_down(undoing& self, const heap& of, const made_step& which, bool whole)
{
    step_outcome outcome;
    outcome.number = of.number;
    outcome.step = which.step;
    outcome.kind = import_step::remove;
    outcome.id = which.what.id;
    if (whole)
        outcome.finished = record_state::removed;
    self.book.end_step(std::move(outcome));
}

/// Whether it is gone.
asio::awaitable<bool> remove_one(undoing_ptr self, made_thing what)
{
    auto done = co_await self->from.remove(what, self->options.force);
    if (!done) {
        const auto& why = done.error();
        self->lost_in_a_row = why.status() == 0 ? self->lost_in_a_row + 1 : 0;
        self->pointless = self->pointless || why.is_unauthorized() || why.is_forbidden() || why.status() == 402 ||
                          self->lost_in_a_row >= most_lost;
        self->counters.failed += 1;
        self->failed(what, why);
        co_return false;
    }
    self->lost_in_a_row = 0;
    auto& counters = self->counters;
    if (*done == removal::in_use)
        counters.in_use += 1;
    else
        (*done == removal::removed ? counters.removed : counters.was_gone) += 1;
    co_return *done != removal::in_use;
}

asio::awaitable<void> remove_heap(undoing_ptr self, heap all)
{
    const auto entity = std::find_if(all.steps.begin(), all.steps.end(),
                                     [](const auto& each) { return each.what.kind == import_step::create; });
    if (entity == all.steps.end()) {
        for (const auto& each : all.steps) {
            if (self->pointless)
                break;
            const bool gone = co_await remove_one(self, each.what);
            if (gone)
                write_down(*self, all, each, false);
        }
        co_return;
    }
    const bool gone = co_await remove_one(self, entity->what);
    if (!gone)
        co_return;
    // The entity last: killed before it, the next undo finds it gone.
    for (const auto& each : all.steps)
        if (each.what.kind != import_step::create)
            write_down(*self, all, each, false);
    write_down(*self, all, *entity, true);
}

std::vector<heap> next_heaps(const undoing& self, entity_kind of, std::uint64_t after)
{
    std::vector<heap> all;
    self.made.each_made(
        of,
        [&](std::uint64_t number, std::uint16_t step, const made_thing& what) {
            if (all.empty() || all.back().number != number) {
                if (all.size() == heaps_at_once)
                    return false;
                all.emplace_back().number = number;
            }
            all.back().steps.emplace_back(step, what);
            return true;
        },
        after);
    return all;
}

asio::awaitable<void> remove_all(undoing_ptr self, entity_kind of)
{
    std::uint64_t after = 0;
    for (;;) {
        auto heaps = next_heaps(*self, of, after);
        if (heaps.empty())
            break;
        after = heaps.back().number;
        for (auto& each : heaps) {
            co_await self->tasks.room();
            if (self->pointless || self->tasks.failed())
                break;
            self->tasks.start(remove_heap(self, std::move(each)));
        }
        if (self->pointless || self->tasks.failed())
            break;
    }
    co_await self->tasks.finish();
}

asio::awaitable<undo_counters> run(undoing_ptr self)
{
    std::exception_ptr thrown;
    try {
        co_await self->book.flush();
        // At another instance everything would be gone.
        auto same = co_await check_instance(self->from, self->book.setting(instance_setting));
        same.value();
        co_await remove_all(self, entity_kind::user);
        if (!self->pointless)
            co_await remove_all(self, entity_kind::organization);
    } catch (...) {
        thrown = std::current_exception();
    }
    co_await self->tasks.finish();
    if (thrown)
        std::rethrow_exception(thrown);
    co_await self->book.flush();
    co_return self->counters;
}

} // namespace

asio::awaitable<undo_counters> undo(asio::any_io_executor executor, target& from, journal& book,
                                    const journal_reader& made, undo_options options,
                                    std::function<void(const made_thing&, const error&)> failed)
{
    if (options.concurrency == 0)
        throw std::invalid_argument("undo_options: concurrency is at least 1");
    return run(std::make_shared<undoing>(std::move(executor), from, book, made, options, std::move(failed)));
}

} // namespace usher::bulk
