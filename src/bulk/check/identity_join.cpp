#include "bulk/check/identity_join.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>

namespace usher::bulk {

namespace {

constexpr unsigned part_bits = 8;
/// Marks whose first owner was refused are rare. Beyond this number their further owners count as repeated.
constexpr std::size_t most_heirs = 100'000;

// What an entry holds beside its digest, in its 64 bits: kind, whether it is of the target, an organization's limit.
constexpr std::uint64_t at_target_bit = 1U << 8U;
constexpr unsigned limit_shift = 32;

mark_kind kind_of(const spilled& mark)
{
    return static_cast<mark_kind>(mark.extra & 0xffU);
}

bool at_target(const spilled& mark)
{
    return (mark.extra & at_target_bit) != 0;
}

/// Marks of these kinds meet each other: an organization and those who name it.
char name_space(mark_kind kind)
{
    return kind == mark_kind::membership ? static_cast<char>(mark_kind::organization) : static_cast<char>(kind);
}

/// All but ids are told apart whatever the case.
bool ignores_case(mark_kind kind)
{
    return kind == mark_kind::email_address || kind == mark_kind::username || kind == mark_kind::slug;
}

spilled digest(mark_kind kind, std::string_view value)
{
    std::string text(1, name_space(kind));
    text += value;
    if (ignores_case(kind))
        std::transform(text.begin() + 1, text.end(), text.begin() + 1,
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    std::array<unsigned char, SHA256_DIGEST_LENGTH> bytes{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), bytes.data());
    spilled made;
    std::memcpy(&made.high, bytes.data(), sizeof made.high);
    std::memcpy(&made.low, bytes.data() + sizeof made.high, sizeof made.low);
    return made;
}

/// Conflicts are sorted by record: its number is the key, moved up so that all parts are used alike.
spilled conflict_entry(std::uint64_t record, std::uint64_t records, conflict_kind what, mark_kind mark,
                       std::uint64_t holder)
{
    const auto shift = static_cast<unsigned>(std::countl_zero(records | 1U));
    return {record << shift, static_cast<std::uint64_t>(what) << 8U | static_cast<std::uint64_t>(mark), holder, record};
}

} // namespace

std::string_view field_of(mark_kind kind) noexcept
{
    switch (kind) {
    case mark_kind::user:
    case mark_kind::organization:
        return "id";
    case mark_kind::email_address:
        return "email_address";
    case mark_kind::phone_number:
        return "phone_number";
    case mark_kind::username:
        return "username";
    case mark_kind::slug:
        return "slug";
    case mark_kind::membership:
        return "membership";
    }
    return "";
}

identity_join::identity_join(const std::string& folder) : folder_(folder), facts_(folder), marks_(folder, part_bits) {}

std::uint64_t identity_join::add(const record_facts& facts)
{
    return facts_.add(facts);
}

void identity_join::mark(std::uint64_t record, mark_kind kind, std::string_view value, std::uint32_t limit)
{
    if (value.empty())
        return;
    auto entry = digest(kind, value);
    entry.record = record;
    entry.extra = static_cast<std::uint64_t>(kind) | std::uint64_t(limit) << limit_shift;
    marks_.add(entry);
}

void identity_join::add_known(entity_kind kind, const known_entity& known)
{
    record_facts facts;
    facts.kind = kind;
    facts.at_target = true;
    facts.id = known.id;
    facts.source_id = known.source_id;
    const auto number = facts_.add(facts);
    const auto add = [&](mark_kind what, std::string_view value) {
        if (value.empty())
            return;
        auto entry = digest(what, value);
        entry.record = number;
        entry.extra = static_cast<std::uint64_t>(what) | at_target_bit;
        marks_.add(entry);
    };
    const bool user = kind == entity_kind::user;
    add(user ? mark_kind::user : mark_kind::organization, known.source_id);
    add(user ? mark_kind::username : mark_kind::slug, user ? known.username : known.slug);
    for (const auto& each : known.email_addresses)
        add(mark_kind::email_address, each);
    for (const auto& each : known.phone_numbers)
        add(mark_kind::phone_number, each);
}

void identity_join::match_owners(mark_kind kind, marks same, spill& conflicts)
{
    const bool is_id = kind == mark_kind::user || kind == mark_kind::organization;
    std::optional<std::uint64_t> first;
    std::optional<std::uint64_t> previous;
    std::optional<record_facts> holder;
    std::uint64_t holder_number = 0;
    for (const auto& each : same)
        if (kind_of(each) == kind && at_target(each) && !holder) {
            holder = facts_.get(each.record);
            holder_number = each.record;
        }
    const auto add = [&](std::uint64_t record, conflict_kind what, std::uint64_t with) {
        conflicts.add(conflict_entry(record, facts_.size(), what, kind, with));
    };
    for (const auto& each : same) {
        // A record that has the same address twice is no conflict.
        if (kind_of(each) != kind || at_target(each) || each.record == previous)
            continue;
        previous = each.record;
        if (first)
            add(each.record, conflict_kind::repeated, *first);
        else
            first = each.record;
        if (!holder)
            continue;
        if (is_id)
            add(each.record, conflict_kind::there, holder_number);
        else if (holder->source_id.empty() || facts_.get(each.record).id != holder->source_id)
            add(each.record, conflict_kind::taken, holder_number);
    }
}

void identity_join::match_memberships(marks same, spill& conflicts, listener& told)
{
    const spilled* organization = nullptr;
    std::uint64_t memberships = 0;
    for (const auto& each : same) {
        memberships += kind_of(each) == mark_kind::membership ? 1U : 0U;
        if (kind_of(each) == mark_kind::organization && (!organization || at_target(*organization)))
            organization = &each;
    }
    if (!organization) {
        for (const auto& each : same)
            conflicts.add(conflict_entry(each.record, facts_.size(), conflict_kind::organization_missing,
                                         mark_kind::membership, each.record));
        return;
    }
    const auto limit = organization->extra >> limit_shift;
    if (limit != 0 && memberships > limit)
        told.on_overfull(facts_.get(organization->record), limit, memberships);
}

void identity_join::match(marks same, spill& conflicts, listener& told)
{
    const auto kind = kind_of(same.front());
    const bool of_organization = kind == mark_kind::organization || kind == mark_kind::membership;
    if (of_organization)
        match_memberships(same, conflicts, told);
    if (same.size() > 1)
        match_owners(of_organization ? mark_kind::organization : kind, same, conflicts);
}

bool identity_join::holds(const spilled& entry, std::uint64_t record, conflict& found, std::vector<std::uint64_t>& free)
{
    if (found.what != conflict_kind::repeated || !refused_[found.holder])
        return true;
    const auto key = entry.record << 3U | static_cast<std::uint64_t>(found.mark);
    const auto heir = heirs_.find(key);
    if (heir != heirs_.end()) {
        found.holder = heir->second;
        return heir->second != record;
    }
    free.push_back(key);
    return heirs_.size() + free.size() > most_heirs;
}

void identity_join::settle(marks of_record, listener& told)
{
    const auto record = of_record.front().extra;
    std::vector<conflict> all;
    std::vector<std::uint64_t> free;
    bool refused = false;
    for (const auto& each : of_record) {
        conflict found(static_cast<conflict_kind>(each.low >> 8U), static_cast<mark_kind>(each.low & 0xffU),
                       each.record);
        if (!holds(each, record, found, free))
            continue;
        // Who finds the wanted slug taken is given another one.
        refused = refused || (found.mark != mark_kind::slug &&
                              (found.what == conflict_kind::repeated || found.what == conflict_kind::taken));
        all.push_back(found);
        // Of a record that comes again nothing else needs to be said.
        if (found.what == conflict_kind::repeated &&
            (found.mark == mark_kind::user || found.mark == mark_kind::organization))
            break;
    }
    if (refused)
        refused_[record] = true;
    else
        for (const auto key : free)
            heirs_.emplace(key, record);
    if (!all.empty())
        told.on_conflicts(facts_.get(record), all);
}

void identity_join::join(listener& told)
{
    const auto each_group = [](marks all, auto same, auto use) {
        for (std::size_t from = 0; from < all.size();) {
            std::size_t to = from + 1;
            while (to < all.size() && same(all[from], all[to]))
                ++to;
            use(all.subspan(from, to - from));
            from = to;
        }
    };
    spill conflicts(folder_, part_bits);
    marks_.each_part([&](marks part) {
        each_group(
            part, [](const spilled& a, const spilled& b) { return a.same_key(b); },
            [&](marks same) { match(same, conflicts, told); });
    });
    refused_.assign(facts_.size(), false);
    conflicts.each_part([&](marks part) {
        each_group(
            part, [](const spilled& a, const spilled& b) { return a.extra == b.extra; },
            [&](marks of_record) { settle(of_record, told); });
    });
}

} // namespace usher::bulk
