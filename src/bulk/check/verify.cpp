// Comparing a source with what is at the target, in batches.
#include "bulk/check/compare.hpp"
#include "bulk/check/task_group.hpp"
#include "bulk/job/part.hpp"

#include <usher/bulk/instance.hpp>
#include <usher/bulk/verify.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

constexpr std::size_t users_at_once = 100;
constexpr std::chrono::milliseconds first_pause{100};
constexpr std::chrono::milliseconds longest_pause{2'000};

/// An entity that should be there.
struct wanted {
    wanted() = default;
    std::string source_id;
    std::string target_id;
    std::variant<user, organization> what;
    std::vector<difference> differences; ///< as it was seen last
};
using batch = std::vector<wanted>;

struct verifying {
    verifying(asio::any_io_executor executor_, target& to_, const journal_reader& book_, verify_options options_,
              std::function<void(const difference&)> found_)
        : executor(executor_),
          to(to_),
          book(book_),
          options(std::move(options_)),
          found(std::move(found_)),
          // What was written before now shows within the patience from now on, whenever it is asked for.
          settled_at(std::chrono::steady_clock::now() + options.patience),
          tasks(executor_, options.concurrency)
    {
    }

    asio::any_io_executor executor;
    target& to;
    const journal_reader& book;
    verify_options options;
    std::function<void(const difference&)> found;
    std::chrono::steady_clock::time_point settled_at;
    task_group tasks;
    verify_counters counters;
    batch gathered;
    /// Memberships cost a call for each user: without organizations in the source nobody is asked for them.
    bool has_organizations = false;
    std::optional<error> failed;
};
using verifying_ptr = std::shared_ptr<verifying>;

difference missing()
{
    difference whole;
    whole.expected = "\"there\"";
    whole.found = "null";
    return whole;
}

asio::awaitable<result<void>> look_at_users(verifying_ptr self, batch* all)
{
    std::vector<std::string> ids;
    for (const auto& each : *all)
        ids.push_back(each.target_id);
    const bool memberships = self->has_organizations;
    auto there = co_await self->to.read_users(std::move(ids), memberships);
    if (!there)
        co_return there.error();
    for (std::size_t i = 0; i < all->size(); ++i) {
        auto& each = (*all)[i];
        auto& seen = there->at(i);
        if (seen && !memberships)
            seen->memberships.clear();
        each.differences = seen ? compare(std::get<user>(each.what), *seen) : std::vector<difference>{missing()};
    }
    co_return result<void>();
}

asio::awaitable<result<void>> look_at_organizations(verifying_ptr self, batch* all)
{
    for (auto& each : *all) {
        auto there = co_await self->to.read_organization(each.target_id);
        if (!there)
            co_return there.error();
        const auto& seen = *there;
        if (!seen) {
            each.differences.assign(1, missing());
            continue;
        }
        auto expected = std::get<organization>(each.what);
        if (!self->to.tells_slug(*seen))
            expected.slug = seen->slug;
        each.differences = compare(expected, *seen);
    }
    co_return result<void>();
}

asio::awaitable<result<void>> look(verifying_ptr self, batch* all)
{
    if (all->front().what.index() == 0)
        return look_at_users(self, all);
    return look_at_organizations(self, all);
}

void tell(verifying& self, const wanted& which)
{
    const bool is_missing = which.differences.front().field.empty();
    (is_missing ? self.counters.missing : self.counters.different) += 1;
    for (auto each : which.differences) {
        each.kind = which.what.index() == 0 ? entity_kind::user : entity_kind::organization;
        each.source_id = which.source_id;
        each.target_id = which.target_id;
        self.found(each);
    }
}

/// Looks until everything is as it should be, or until what isn't can't be a listing that lags.
asio::awaitable<void> check(verifying_ptr self, batch all)
{
    self->counters.compared += all.size();
    auto pause = first_pause;
    while (!self->failed) {
        const bool last = std::chrono::steady_clock::now() >= self->settled_at;
        const auto done = co_await look(self, &all);
        if (!done) {
            self->failed = done.error();
            co_return;
        }
        const auto wrong =
            std::stable_partition(all.begin(), all.end(), [](const wanted& each) { return !each.differences.empty(); });
        self->counters.equal += static_cast<std::uint64_t>(all.end() - wrong);
        all.erase(wrong, all.end());
        if (last)
            for (const auto& each : all)
                tell(*self, each);
        if (last || all.empty())
            co_return;
        self->counters.looked_again += all.size();
        asio::steady_timer timer(self->executor);
        timer.expires_at(std::min(std::chrono::steady_clock::now() + pause, self->settled_at));
        auto waited = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        (void)waited;
        pause = std::min(pause * 2, longest_pause);
    }
}

/// The source's ids of organizations become the target's, as the journal knows them.
void translate(const journal_reader& book, user& who)
{
    for (auto& each : who.memberships) {
        const auto entry = book.find(entity_kind::organization, each.organization);
        if (entry && !entry->target_id.empty())
            each.organization = entry->target_id;
    }
}

/// What should be there of a record; nothing: the journal knows nothing that is complete.
std::optional<wanted> want(verifying& self, const source_record& record)
{
    auto mapped = map_record(record, self.options.mapping);
    if (!mapped) {
        self.counters.unfinished += 1;
        return std::nullopt;
    }
    const auto kind = mapped->kind();
    if (kind == entity_kind::user && self.options.parts > 1 &&
        part_of(mapped->id(), self.options.parts) != self.options.part)
        return std::nullopt;
    const auto entry = self.book.find(kind, mapped->id());
    const bool complete = entry && (entry->state == record_state::created || entry->state == record_state::adopted);
    // A record that came again was not brought over: the entry is of the first one.
    const bool is_other = !self.options.lines_moved && record.line != 0 && entry && entry->line != record.line;
    if (!complete || is_other) {
        self.counters.unfinished += 1;
        return std::nullopt;
    }
    wanted which;
    which.source_id = mapped->id();
    which.target_id = entry->target_id;
    if (const auto* who = std::get_if<user>(&mapped->what)) {
        self.has_organizations = self.has_organizations || !who->memberships.empty();
        auto expected = self.to.expected(*who);
        translate(self.book, expected);
        which.what = std::move(expected);
    } else {
        self.has_organizations = true;
        which.what = self.to.expected(std::get<organization>(mapped->what));
    }
    return which;
}

asio::awaitable<void> check_gathered(verifying_ptr self)
{
    if (self->gathered.empty())
        co_return;
    batch all = std::exchange(self->gathered, batch());
    co_await self->tasks.room();
    self->tasks.start(check(self, std::move(all)));
}

asio::awaitable<void> read_all(verifying_ptr self, source& from)
{
    while (!self->failed && !self->tasks.failed()) {
        auto record = co_await from.next();
        if (!record)
            break;
        self->counters.records += 1;
        auto which = want(*self, *record);
        if (!which)
            continue;
        const bool other_kind = !self->gathered.empty() && self->gathered.front().what.index() != which->what.index();
        if (other_kind)
            co_await check_gathered(self);
        self->gathered.push_back(std::move(*which));
        if (self->gathered.size() == users_at_once)
            co_await check_gathered(self);
    }
    if (!self->failed)
        co_await check_gathered(self);
}

asio::awaitable<result<verify_counters>> run(verifying_ptr self, source& from)
{
    auto same = co_await check_instance(self->to, self->book.setting(instance_setting));
    if (!same)
        co_return same.error();
    std::exception_ptr thrown;
    try {
        co_await read_all(self, from);
    } catch (...) {
        thrown = std::current_exception();
    }
    co_await self->tasks.finish();
    if (thrown)
        std::rethrow_exception(thrown);
    if (self->failed)
        co_return *self->failed;
    co_return self->counters;
}

} // namespace

asio::awaitable<result<verify_counters>> verify(asio::any_io_executor executor, source& from, target& to,
                                                const journal_reader& book, verify_options options,
                                                std::function<void(const difference&)> found)
{
    if (options.concurrency == 0 || options.parts == 0 || options.part >= options.parts)
        throw std::invalid_argument("verify_options: concurrency is at least 1, part is below parts");
    return run(std::make_shared<verifying>(std::move(executor), to, book, std::move(options), std::move(found)), from);
}

} // namespace usher::bulk
