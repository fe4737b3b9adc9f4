#include "bulk/journal/names.hpp"
#include "bulk/journal/rows.hpp"

#include <usher/bulk/journal.hpp>

#include <map>
#include <stdexcept>
#include <unordered_map>
#include <vector>

namespace asio = boost::asio;

namespace usher::bulk {
namespace {

/// What is kept of a user who is finished: 16 bytes, beside the hash.
struct finished_record {
    std::uint64_t line : 56;
    std::uint64_t state : 7;
    std::uint64_t made : 1;
    std::uint16_t steps_done;
};

asio::awaitable<void> nothing()
{
    co_return;
}

asio::awaitable<begun_record> at_once(begun_record begun)
{
    co_return std::move(begun);
}

/// Organizations are kept whole, as users' memberships look for them; users who are finished as hash and state only.
class memory_journal final : public journal {
public:
    asio::awaitable<begun_record> begin_record(record_intent intent) override
    {
        begun_record begun;
        begun.earlier = find(intent.kind, intent.source_id);
        if (begun.earlier) {
            begun.number = begun.earlier->number;
            return at_once(std::move(begun));
        }
        begun.number = add(intent.kind, std::move(intent.source_id), intent.line).number;
        return at_once(std::move(begun));
    }

    asio::awaitable<void> begin_step(std::uint64_t number, std::uint16_t step) override
    {
        auto& entry = need(number);
        entry.in_doubt = entry.in_doubt || step == entry.steps_done;
        return nothing();
    }

    void end_step(step_outcome outcome) override
    {
        auto& entry = need(outcome.number);
        if (outcome.step == 0 && outcome.kind == import_step::remove)
            entry.made = false;
        if (outcome.step == 0 && outcome.done && outcome.kind != import_step::remove) {
            entry.made = entry.made || outcome.made;
            if (!outcome.id.empty())
                entry.target_id = std::move(outcome.id);
        }
        if (outcome.step == entry.steps_done && outcome.kind != import_step::remove) {
            entry.in_doubt = false;
            entry.steps_done = static_cast<std::uint16_t>(entry.steps_done + (outcome.done ? 1 : 0));
        }
        if (!outcome.finished)
            return;
        entry.state = *outcome.finished;
        entry.in_doubt = entry.in_doubt && entry.state == record_state::failed;
        settle_down(entry);
    }

    void bury(std::uint64_t number, std::optional<entity_kind> kind, const source_record& record,
              const import_failure& failure) override
    {
        journal_entry* entry = nullptr;
        if (number != 0)
            entry = &need(number);
        else if (kind && !failure.source_id.empty() && !find(*kind, failure.source_id))
            entry = &add(*kind, failure.source_id, record.line);
        if (!entry)
            return;
        entry->state = record_state::failed;
        entry->in_doubt = failure.outcome_unknown || (number != 0 && entry->in_doubt);
        if (entry->target_id.empty())
            entry->target_id = failure.target_id;
        settle_down(*entry);
    }

    void settle(std::uint64_t) override {}
    void add_note(const note&, std::string_view) override {}
    void add_sample(journal_time, std::string) override {}
    asio::awaitable<void> flush() override { return nothing(); }

    std::optional<journal_entry> find(entity_kind kind, std::string_view source_id) override
    {
        std::optional<journal_entry> found;
        names_.find(detail::name_hash(kind, source_id), [&](std::uint64_t number) {
            if (const auto whole = whole_.find(number); whole != whole_.end()) {
                if (whole->second.kind == kind && whole->second.source_id == source_id)
                    found = whole->second;
                return found.has_value();
            }
            // Two of ten million texts have the same hash with a probability of 3 in a million.
            const auto& kept = finished_[number - 1];
            found.emplace();
            found->number = number;
            found->kind = kind;
            found->source_id = source_id;
            found->line = kept.line;
            found->state = static_cast<record_state>(kept.state);
            found->made = kept.made != 0;
            found->steps_done = kept.steps_done;
            return true;
        });
        return found;
    }

    std::optional<std::string> setting(std::string_view name) override
    {
        const auto found = settings_.find(name);
        return found == settings_.end() ? std::nullopt : std::optional(found->second);
    }

    void set_setting(std::string_view name, std::string_view value) override
    {
        settings_.insert_or_assign(std::string(name), std::string(value));
    }

private:
    journal_entry& add(entity_kind kind, std::string source_id, std::uint64_t line)
    {
        finished_.emplace_back();
        const std::uint64_t number = finished_.size();
        names_.insert(detail::name_hash(kind, source_id), number);
        auto& entry = whole_[number];
        entry.number = number;
        entry.kind = kind;
        entry.source_id = std::move(source_id);
        entry.line = line;
        entry.in_doubt = true;
        return entry;
    }

    journal_entry& need(std::uint64_t number)
    {
        const auto found = whole_.find(number);
        if (found == whole_.end())
            throw std::invalid_argument("the journal has no record " + std::to_string(number) +
                                        " that is not finished");
        return found->second;
    }

    void settle_down(const journal_entry& entry)
    {
        const bool is_done = entry.state == record_state::created || entry.state == record_state::adopted;
        if (entry.kind == entity_kind::organization || (!is_done && entry.steps_done > 0))
            return;
        auto& kept = finished_[entry.number - 1];
        kept.line = entry.line & ((std::uint64_t{1} << 56U) - 1);
        kept.state = static_cast<unsigned char>(entry.state) & 0x7fU;
        kept.made = entry.made ? 1 : 0;
        kept.steps_done = entry.steps_done;
        whole_.erase(entry.number);
    }

    detail::name_run names_;
    std::vector<finished_record> finished_; ///< by number
    std::unordered_map<std::uint64_t, journal_entry> whole_;
    std::map<std::string, std::string, std::less<>> settings_;
};

} // namespace

std::unique_ptr<journal> make_memory_journal()
{
    return std::make_unique<memory_journal>();
}

} // namespace usher::bulk
