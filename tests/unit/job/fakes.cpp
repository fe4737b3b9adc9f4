#include "unit/job/fakes.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/array.hpp>

#include <algorithm>
#include <stdexcept>

namespace asio = boost::asio;

namespace usher::tests {

namespace {

boost::json::object identified(const char* kind, const std::string& id)
{
    boost::json::object fields;
    fields["kind"] = kind;
    fields["id"] = id;
    return fields;
}

} // namespace

bulk::source_record user_record(const std::string& id, std::uint64_t line, int organizations)
{
    bulk::source_record record;
    record.format = bulk::source_format::usher;
    record.line = line;
    record.end_offset = line;
    record.fields = identified("user", id);
    boost::json::array belongs;
    for (int i = 0; i < organizations; ++i)
        belongs.push_back(boost::json::object{{"organization", "org-" + std::to_string(i)}});
    record.fields["memberships"] = std::move(belongs);
    return record;
}

bulk::source_record organization_record(const std::string& id, std::uint64_t line)
{
    bulk::source_record record;
    record.format = bulk::source_format::usher;
    record.line = line;
    record.end_offset = line;
    record.fields = identified("organization", id);
    record.fields["name"] = "Organization " + id;
    return record;
}

asio::awaitable<std::optional<bulk::source_record>> listed_source::next()
{
    std::optional<bulk::source_record> record;
    if (cancelled || taken == all_.size())
        co_return record;
    if (taken == breaks_after)
        throw std::runtime_error("line " + std::to_string(taken + 1) + ": no more of this");
    record = all_[taken++];
    co_return record;
}

asio::awaitable<result<void>> told_target::prepare()
{
    if (not_ready)
        co_return *not_ready;
    co_return result<void>();
}

boost::system::result<std::vector<bulk::step>, bulk::refusal> told_target::plan(bulk::mapped_record& record) const
{
    std::vector<bulk::step> steps{bulk::step(bulk::import_step::create, 0)};
    if (const auto* user = std::get_if<bulk::user>(&record.what)) {
        if (user->id.starts_with("refused"))
            return bulk::refusal("no_identifier", "", "nobody could sign in");
        for (std::size_t i = 0; i < user->memberships.size(); ++i)
            steps.emplace_back(bulk::import_step::membership, i).comes_along = first_comes_along && i == 0;
    }
    return steps;
}

asio::awaitable<bulk::step_result> told_target::perform(bulk::step_request request)
{
    const std::string name = request.record->id() + "/" + std::string(to_string(request.what.kind));
    diary_.push_back("send " + name + (request.in_doubt ? " in doubt" : ""));
    most_underway = std::max(most_underway, ++underway);
    // Answers do not come in the order of the requests.
    for (std::size_t turns = 1 + name.size() * 7 % 5; turns > 0; --turns)
        co_await asio::post(executor_, asio::use_awaitable);
    --underway;
    bulk::step_result done;
    done.made = true;
    done.id = "made-" + request.record->id();
    if (request.what.kind == bulk::import_step::membership)
        done.id = find_("org-" + std::to_string(request.what.index));
    if (ends)
        ends(request, done);
    diary_.push_back("answer " + name);
    co_return done;
}

asio::awaitable<result<bulk::removal>> told_target::remove(bulk::made_thing, bool)
{
    co_return bulk::removal::removed;
}

asio::awaitable<result<std::vector<std::optional<bulk::user>>>> told_target::read_users(std::vector<std::string>, bool)
{
    co_return std::vector<std::optional<bulk::user>>();
}

asio::awaitable<result<std::optional<bulk::organization>>> told_target::read_organization(std::string)
{
    co_return std::optional<bulk::organization>();
}

asio::awaitable<void> told_journal::written(std::string what)
{
    co_await asio::post(executor_, asio::use_awaitable);
    if (++begins_ > full_after)
        throw std::runtime_error("job.journal: no space left");
    diary_.push_back(std::move(what));
}

asio::awaitable<bulk::begun_record> told_journal::begin_record(bulk::record_intent intent)
{
    bulk::begun_record begun;
    begun.number = entries.size() + 1;
    bulk::journal_entry entry;
    entry.number = begun.number;
    entry.kind = intent.kind;
    entry.source_id = intent.source_id;
    entry.line = intent.line;
    entry.in_doubt = true;
    entries.push_back(entry);
    co_await written("intent " + intent.source_id + "/0");
    co_return begun;
}

asio::awaitable<void> told_journal::begin_step(std::uint64_t number, std::uint16_t step)
{
    auto& entry = entries.at(number - 1);
    entry.in_doubt = true;
    const std::string name = entry.source_id;
    co_await written("intent " + name + "/" + std::to_string(step));
}

void told_journal::end_step(bulk::step_outcome outcome)
{
    auto& entry = entries.at(outcome.number - 1);
    entry.in_doubt = false;
    if (outcome.done)
        entry.steps_done = static_cast<std::uint16_t>(outcome.step + 1);
    if (outcome.kind == bulk::import_step::create && !outcome.id.empty()) {
        entry.target_id = outcome.id;
        entry.made = outcome.made;
    }
    if (outcome.finished)
        entry.state = *outcome.finished;
    diary_.push_back("outcome " + entry.source_id + "/" + std::to_string(outcome.step) +
                     (outcome.done ? "" : " undone"));
}

void told_journal::bury(std::uint64_t number, std::optional<bulk::entity_kind>, const bulk::source_record& record,
                        const bulk::import_failure& failure)
{
    if (number != 0)
        entries.at(number - 1).state = bulk::record_state::failed;
    diary_.push_back("bury " + std::to_string(number) + " line " + std::to_string(record.line) + " " + failure.code);
}

void told_journal::settle(std::uint64_t line)
{
    diary_.push_back("settle " + std::to_string(line));
}

void told_journal::add_note(const bulk::note& what, std::string_view source_id)
{
    diary_.push_back("note " + std::string(source_id) + " " + what.field);
}

asio::awaitable<void> told_journal::flush()
{
    diary_.push_back("flush");
    co_return;
}

std::optional<bulk::journal_entry> told_journal::find(bulk::entity_kind kind, std::string_view source_id)
{
    for (const auto& entry : entries)
        if (entry.kind == kind && entry.source_id == source_id)
            return entry;
    return std::nullopt;
}

} // namespace usher::tests
