#include "bulk/check/plan_totals.hpp"

#include <algorithm>
#include <utility>

namespace usher::bulk {

namespace {

constexpr std::size_t most_notes = 200;
constexpr std::size_t most_roles = 200;
constexpr std::size_t most_warnings = 20;

std::string place_of(const record_facts& record)
{
    return record.line != 0 ? "line " + std::to_string(record.line) : "record " + record.id;
}

std::string plural(std::uint64_t count, const std::string& one, const std::string& many)
{
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

} // namespace

plan_totals::plan_totals(std::function<void(const plan_finding&)> found) : found_(std::move(found)) {}

void plan_totals::survey(const target_survey& survey)
{
    result_.users_there = survey.users;
    result_.organizations_there = survey.organizations;
    roles_there_ = survey.roles;
}

void plan_totals::refuse(plan_finding finding)
{
    result_.refused += 1;
    result_.refusals[finding.code] += 1;
    found_(finding);
}

void plan_totals::add_note(const note& what, const std::string& id)
{
    auto key = std::make_pair(what.field, what.reason);
    if (notes_.size() >= most_notes && !notes_.contains(key))
        key = {"", "other members that can't be carried over"};
    auto& counted = notes_[key];
    if (counted.count == 0) {
        counted.what = note(key.first, key.second);
        counted.example = id;
    }
    counted.count += 1;
}

void plan_totals::add_roles(const mapped_record& what, const target& to)
{
    const auto* who = std::get_if<user>(&what.what);
    if (!roles_there_ || !who || who->memberships.empty())
        return;
    for (const auto& each : to.expected(*who).memberships)
        for (const auto& role : each.roles)
            if (!roles_there_->contains(role) && (roles_.size() < most_roles || roles_.contains(role)))
                roles_[role] += 1;
}

void plan_totals::add(const record_facts& facts, const mapped_record& what, const target* to)
{
    (facts.kind == entity_kind::user ? result_.users : result_.organizations) += 1;
    result_.memberships += facts.memberships;
    for (std::size_t i = 0; i < steps_.size(); ++i)
        steps_[i] += facts.steps[i];
    for (const auto& each : what.notes)
        add_note(each, what.id());
    if (to)
        add_roles(what, *to);
}

void plan_totals::take_back(const record_facts& record)
{
    (record.kind == entity_kind::user ? result_.users : result_.organizations) -= 1;
    result_.memberships -= record.memberships;
    for (std::size_t i = 0; i < steps_.size(); ++i)
        steps_[i] -= record.steps[i];
}

void plan_totals::tell(const record_facts& record, const conflict& each)
{
    plan_finding finding;
    finding.line = record.line;
    finding.source_id = record.id;
    finding.field = field_of(each.mark);
    const auto holder = identities_->facts(each.holder);
    switch (each.what) {
    case conflict_kind::repeated:
        finding.code = "duplicate_in_source";
        finding.message = place_of(holder) + " has the same " + finding.field;
        break;
    case conflict_kind::taken:
        finding.code = "identifier_taken";
        finding.message = finding.field + " belongs to " + holder.id + " at the target already";
        break;
    case conflict_kind::organization_missing:
        finding.code = "organization_missing";
        finding.message = "it names an organization that is neither in the source nor at the target";
        break;
    case conflict_kind::there:
        return;
    }
    if (each.mark == mark_kind::slug) {
        finding.code = "slug_taken";
        finding.message += ": it is given another one";
        found_(finding);
        return;
    }
    result_.refusals[finding.code] += 1;
    found_(finding);
}

void plan_totals::on_conflicts(const record_facts& record, std::span<const conflict> conflicts)
{
    if (!record.counted)
        return;
    const auto has = [&](conflict_kind what) {
        return std::any_of(conflicts.begin(), conflicts.end(),
                           [&](const auto& each) { return each.what == what && each.mark != mark_kind::slug; });
    };
    const bool repeated = has(conflict_kind::repeated);
    const bool taken = has(conflict_kind::taken);
    result_.duplicates += repeated ? 1U : 0U;
    result_.taken += taken ? 1U : 0U;
    if (repeated || taken) {
        take_back(record);
    } else {
        result_.already_there += has(conflict_kind::there) ? 1U : 0U;
        const auto missing =
            static_cast<std::uint64_t>(std::count_if(conflicts.begin(), conflicts.end(), [](const auto& each) {
                return each.what == conflict_kind::organization_missing;
            }));
        result_.memberships -= missing;
        auto& steps = steps_[static_cast<std::size_t>(import_step::membership)];
        steps -= std::min(steps, missing);
    }
    if (repeated || taken || has(conflict_kind::organization_missing))
        result_.refused += 1;
    for (const auto& each : conflicts)
        tell(record, each);
}

void plan_totals::on_overfull(const record_facts& organization, std::uint64_t limit, std::uint64_t memberships)
{
    if (overfull_.size() == most_warnings) {
        more_overfull_ += 1;
        return;
    }
    overfull_.push_back("organization " + organization.id + " (" + place_of(organization) + ") allows " +
                        plural(limit, "membership", "memberships") + " and the source has " +
                        std::to_string(memberships) + " for it");
}

void plan_totals::settle(identity_join& identities)
{
    identities_ = &identities;
    identities.join(*this);
    identities_ = nullptr;
}

plan_result plan_totals::result() const
{
    auto made = result_;
    made.records = records;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        const auto kind = static_cast<import_step>(i);
        if (steps_[i] == 0)
            continue;
        made.steps[std::string(to_string(kind))] = steps_[i];
        made.calls += steps_[i];
    }
    for (const auto& [key, counted] : notes_)
        made.notes.push_back(counted);
    std::stable_sort(made.notes.begin(), made.notes.end(),
                     [](const auto& a, const auto& b) { return a.count > b.count; });
    for (const auto& [role, count] : roles_)
        made.warnings.push_back("the target has no role " + role + ", which " +
                                plural(count, "membership needs", "memberships need"));
    made.warnings.insert(made.warnings.end(), overfull_.begin(), overfull_.end());
    if (more_overfull_ > 0)
        made.warnings.push_back("and " + std::to_string(more_overfull_) +
                                " more organizations that allow too few memberships");
    return made;
}

} // namespace usher::bulk
