// Making a plan: the source is read once, record by record; what records have in common is found at the end.
#include "bulk/check/identity_join.hpp"
#include "bulk/check/plan_totals.hpp"
#include "bulk/check/task_group.hpp"
#include "bulk/job/part.hpp"

#include <usher/bulk/plan.hpp>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

/// Up to so many users the target's whole listing is read; beyond, it is asked about those of the source.
constexpr std::int64_t few_users = 20'000;
constexpr std::size_t records_per_question = 100;
constexpr std::size_t questions_at_once = 16;

struct planning {
    planning(asio::any_io_executor executor_, target* to_, plan_options options_,
             std::function<void(const plan_finding&)> found_)
        : to(to_),
          options(std::move(options_)),
          known(to && options.ask_target ? to->known() : nullptr),
          identities(options.scratch),
          totals(std::move(found_)),
          questions(std::move(executor_), questions_at_once)
    {
    }

    target* to;
    plan_options options;
    catalog* known; ///< nothing: it isn't asked
    identity_join identities;
    plan_totals totals;
    task_group questions;
    user_query query;      ///< gathered for the next question
    bool ask_each = false; ///< whether there are questions about the source's users
    std::optional<error> failed;
};
using planning_ptr = std::shared_ptr<planning>;

plan_finding finding_of(const source_record& record, const std::string& id, const refusal& why)
{
    plan_finding finding;
    finding.line = record.line;
    finding.source_id = id;
    finding.code = why.code;
    finding.field = why.field;
    finding.message = why.message;
    return finding;
}

void note_marks(identity_join& identities, std::uint64_t number, const user& who)
{
    identities.mark(number, mark_kind::user, who.id);
    for (const auto& each : who.email_addresses)
        identities.mark(number, mark_kind::email_address, each.value);
    for (const auto& each : who.phone_numbers)
        identities.mark(number, mark_kind::phone_number, each.value);
    identities.mark(number, mark_kind::username, who.username);
    for (const auto& each : who.memberships)
        identities.mark(number, mark_kind::membership, each.organization);
}

void note_marks(identity_join& identities, std::uint64_t number, const organization& what)
{
    const auto limit = std::clamp<std::int64_t>(what.max_allowed_memberships.value_or(0), 0, UINT32_MAX);
    identities.mark(number, mark_kind::organization, what.id, static_cast<std::uint32_t>(limit));
    identities.mark(number, mark_kind::slug, what.slug);
}

void gather(user_query& query, const user& who)
{
    query.source_ids.push_back(who.id);
    for (const auto& each : who.email_addresses)
        query.email_addresses.push_back(each.value);
    for (const auto& each : who.phone_numbers)
        query.phone_numbers.push_back(each.value);
    if (!who.username.empty())
        query.usernames.push_back(who.username);
}

asio::awaitable<void> ask(planning_ptr self, user_query query)
{
    auto found = co_await self->known->find_users(std::move(query));
    if (!found && !self->failed)
        self->failed = found.error();
    if (found)
        for (const auto& each : *found)
            self->identities.add_known(entity_kind::user, each);
}

/// What has to be known before the first record is read.
asio::awaitable<void> look_around(planning_ptr self)
{
    auto survey = co_await self->known->survey();
    if (!survey) {
        self->failed = survey.error();
        co_return;
    }
    self->totals.survey(*survey);
    const auto add_to = [&](entity_kind kind) {
        return [self, kind](const known_entity& each) { self->identities.add_known(kind, each); };
    };
    self->ask_each = self->known->finds_users() && survey->users.value_or(few_users + 1) > few_users;
    if (!self->ask_each && survey->users.value_or(1) > 0) {
        std::function<void(const known_entity&)> use = add_to(entity_kind::user);
        auto listed = co_await self->known->list_users(std::move(use));
        if (!listed)
            self->failed = listed.error();
    }
    if (!self->failed && survey->organizations.value_or(0) > 0) {
        std::function<void(const known_entity&)> use = add_to(entity_kind::organization);
        auto listed = co_await self->known->list_organizations(std::move(use));
        if (!listed)
            self->failed = listed.error();
    }
}

/// Everything about one record that needs nobody else.
void take(planning& self, const source_record& record)
{
    auto mapped = map_record(record, self.options.mapping);
    if (!mapped) {
        // Without an id its line says whose it is, as in an import.
        if (record.line % self.options.parts != self.options.part)
            return;
        self.totals.refuse(finding_of(record, std::string(), mapped.error()));
        return;
    }
    const bool ours = self.options.parts < 2 || mapped->kind() == entity_kind::organization ||
                      part_of(mapped->id(), self.options.parts) == self.options.part;
    record_facts facts;
    facts.kind = mapped->kind();
    facts.line = record.line;
    facts.id = mapped->id();
    facts.counted = ours;
    if (const auto* who = std::get_if<user>(&mapped->what))
        facts.memberships = static_cast<std::uint32_t>(who->memberships.size());
    if (self.to) {
        auto steps = self.to->plan(*mapped);
        if (!steps) {
            if (ours)
                self.totals.refuse(finding_of(record, mapped->id(), steps.error()));
            return;
        }
        // What comes along with another step costs no call.
        for (const auto& each : *steps)
            if (!each.comes_along)
                facts.steps[static_cast<std::size_t>(each.kind)] += 1;
    }
    if (ours)
        self.totals.add(facts, *mapped, self.to);
    const auto number = self.identities.add(facts);
    if (const auto* who = std::get_if<user>(&mapped->what)) {
        note_marks(self.identities, number, *who);
        if (self.ask_each)
            gather(self.query, *who);
    } else {
        note_marks(self.identities, number, std::get<organization>(mapped->what));
    }
}

asio::awaitable<void> ask_next(planning_ptr self)
{
    user_query query = std::exchange(self->query, user_query());
    co_await self->questions.room();
    self->questions.start(ask(self, std::move(query)));
}

asio::awaitable<void> read_all(planning_ptr self, source& from)
{
    while (!self->failed) {
        auto record = co_await from.next();
        if (!record)
            break;
        self->totals.records += 1;
        take(*self, *record);
        if (self->query.source_ids.size() >= records_per_question)
            co_await ask_next(self);
    }
    if (!self->query.source_ids.empty() && !self->failed)
        co_await ask_next(self);
}

asio::awaitable<result<plan_result>> make_plan(planning_ptr self, source& from)
{
    if (self->known)
        co_await look_around(self);
    std::exception_ptr thrown;
    try {
        co_await read_all(self, from);
    } catch (...) {
        thrown = std::current_exception();
    }
    co_await self->questions.finish();
    if (thrown)
        std::rethrow_exception(thrown);
    if (self->failed)
        co_return *self->failed;
    self->totals.settle(self->identities);
    co_return self->totals.result();
}

} // namespace

asio::awaitable<result<plan_result>> plan(asio::any_io_executor executor, source& from, target* to,
                                          plan_options options, std::function<void(const plan_finding&)> found)
{
    if (options.parts == 0 || options.part >= options.parts)
        throw std::invalid_argument("plan_options: part is below parts");
    return make_plan(std::make_shared<planning>(std::move(executor), to, std::move(options), std::move(found)), from);
}

} // namespace usher::bulk
