#include "schedule/rule_table.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <stdexcept>
#include <utility>

namespace usher::schedule {

namespace {

using detail::operation_info;

// Nobody means more, and no clock overflows.
constexpr std::chrono::milliseconds longest_window = std::chrono::hours(24 * 366);
constexpr std::chrono::milliseconds longest_spread = std::chrono::hours(1);

[[noreturn]] void refuse(const std::string& why)
{
    throw std::invalid_argument("quota: " + why);
}

[[noreturn]] void refuse(const quota_rule& rule, const std::string& why)
{
    refuse("rule \"" + rule.name + "\": " + why);
}

/// The part up to the next slash, taken off `path`.
std::string_view next_segment(std::string_view& path) noexcept
{
    const auto end = std::min(path.find('/'), path.size());
    const auto segment = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    return segment;
}

// Some documents put a verb behind a parameter: `/users/{id}:resend`. Names of parameters do not count.
bool same_segment(std::string_view pattern, std::string_view segment) noexcept
{
    for (;;) {
        const auto brace = pattern.find('{');
        const auto other = segment.find('{');
        const bool is_last = brace == std::string_view::npos;
        if (pattern.substr(0, brace) != segment.substr(0, other) || is_last != (other == std::string_view::npos))
            return false;
        if (is_last)
            return true;
        pattern.remove_prefix(std::min(pattern.find('}', brace), pattern.size() - 1) + 1);
        segment.remove_prefix(std::min(segment.find('}', other), segment.size() - 1) + 1);
    }
}

bool matches_path(std::string_view pattern, std::string_view path) noexcept
{
    while (!pattern.empty()) {
        const auto wanted = next_segment(pattern);
        if (wanted == "**" && pattern.empty())
            return true;
        if (path.empty())
            return false;
        const auto segment = next_segment(path);
        if (wanted != "*" && !same_segment(wanted, segment))
            return false;
    }
    return path.empty();
}

bool contains(const std::vector<std::string>& texts, std::string_view one) noexcept
{
    return std::find(texts.begin(), texts.end(), one) != texts.end();
}

bool matches(const quota_rule& rule, const operation_info& operation) noexcept
{
    return (rule.operations.empty() || contains(rule.operations, operation.id)) &&
           (rule.methods.empty() || contains(rule.methods, operation.method)) &&
           (rule.paths.empty() || std::any_of(rule.paths.begin(), rule.paths.end(), [&](const std::string& pattern) {
                return matches_path(pattern, operation.path);
            }));
}

bool matches_everything(const quota_rule& rule) noexcept
{
    return rule.operations.empty() && rule.methods.empty() && rule.paths.empty();
}

void check_path(const quota_rule& rule, const std::string& path)
{
    if (!path.starts_with('/'))
        refuse(rule, "the path \"" + path + "\" does not begin with a slash");
    for (std::string_view rest = path; !rest.empty();) {
        const auto segment = next_segment(rest);
        if (segment == "**" && !rest.empty())
            refuse(rule, "the path \"" + path + "\" has ** before its end");
        if (segment != "*" && segment != "**" && segment.find('*') != std::string_view::npos)
            refuse(rule, "the path \"" + path + "\" has a * that is no whole segment");
        if (std::count(segment.begin(), segment.end(), '{') != std::count(segment.begin(), segment.end(), '}'))
            refuse(rule, "the path \"" + path + "\" has a brace without its other one");
    }
}

void check(const quota_rule& rule)
{
    if (rule.amount == quota_amount::known && rule.requests == 0)
        refuse(rule, "allows no request");
    if (rule.amount != quota_amount::unlimited && rule.window <= std::chrono::milliseconds(0))
        refuse(rule, "its window is not above zero");
    if (rule.window > longest_window)
        refuse(rule, "its window is longer than a year");
    if (rule.burst && *rule.burst == 0)
        refuse(rule, "its burst is zero");
    if (!rule.entity.empty() && rule.key != quota_key::entity)
        refuse(rule, "names path parameters but does not count by entity");
    for (const auto& path : rule.paths)
        check_path(rule, path);
}

void check(const quota& limits)
{
    if (limits.burst == 0)
        refuse("its burst is zero");
    if (limits.most_spread > longest_spread || limits.slow_start < std::chrono::milliseconds(0) ||
        limits.slow_start > longest_spread)
        refuse("its most spread or slow start is negative or above an hour");
    if (limits.least_spread < std::chrono::milliseconds(0) || limits.least_spread > limits.most_spread)
        refuse("its least spread is negative or above the most");
    if (limits.rules.size() > std::numeric_limits<std::uint16_t>::max())
        refuse("has too many rules");
    std::set<std::string_view> names;
    for (const auto& rule : limits.rules) {
        if (rule.name.empty())
            refuse("a rule has no name");
        if (!names.insert(rule.name).second)
            refuse(rule, "another one has the same name");
        check(rule);
    }
}

std::vector<std::uint8_t> places_of(const quota_rule& rule, const operation_info& operation)
{
    std::vector<std::uint8_t> places;
    const auto parameters = operation.path_parameters;
    const auto in = [&] { return " in " + std::string(operation.id) + ", " + std::string(operation.path); };
    if (rule.key != quota_key::entity)
        return places;
    if (parameters.size() > std::numeric_limits<std::uint8_t>::max())
        refuse(rule, "there are too many path parameters" + in());
    if (rule.entity.empty() && parameters.empty())
        refuse(rule, "counts by entity, and there is no path parameter" + in());
    for (const auto& name : rule.entity) {
        const auto found = std::find_if(parameters.begin(), parameters.end(),
                                        [&](const detail::path_parameter& one) { return one.name == name; });
        if (found == parameters.end())
            refuse(rule, "there is no path parameter \"" + name + '"' + in());
        places.push_back(static_cast<std::uint8_t>(found - parameters.begin()));
    }
    if (rule.entity.empty())
        for (std::size_t i = 0; i < parameters.size(); ++i)
            places.push_back(static_cast<std::uint8_t>(i));
    return places;
}

// Engines of a fleet and later runs have to come to the same keys, so the hash has no seed of its own.
constexpr std::uint64_t mixed(std::uint64_t bits) noexcept
{
    bits = (bits ^ (bits >> 33)) * 0xff51afd7ed558ccdULL;
    bits = (bits ^ (bits >> 33)) * 0xc4ceb9fe1a85ec53ULL;
    return bits ^ (bits >> 33);
}

// The length comes first, so that where one value ends is part of what is hashed.
std::uint64_t hashed(std::uint64_t state, std::string_view value) noexcept
{
    state = mixed(state ^ (value.size() + 0x9e3779b97f4a7c15ULL));
    while (!value.empty()) {
        std::uint64_t bits = 0;
        const auto size = std::min<std::size_t>(value.size(), 8);
        for (std::size_t i = 0; i < size; ++i)
            bits |= std::uint64_t{static_cast<unsigned char>(value[i])} << (8 * i);
        state = mixed(state * 0x9fb21c651e98df25ULL + bits);
        value.remove_prefix(size);
    }
    return state;
}

} // namespace

rule_table::rule_table(quota limits, std::span<const operation_info* const> operations) : limits_(std::move(limits))
{
    check(limits_);
    by_operation_.resize(operations.size());
    std::vector<bool> is_free(operations.size());
    bool others_are_free = false;
    for (std::size_t i = 0; i < limits_.rules.size(); ++i) {
        const auto& rule = limits_.rules[i];
        const auto index = static_cast<std::uint16_t>(i);
        if (matches_everything(rule)) {
            others_are_free = others_are_free || rule.amount == quota_amount::unlimited;
            others_.push_back({index, {}});
        }
        if (operations.empty())
            continue;
        for (const auto& id : rule.operations)
            if (std::none_of(operations.begin(), operations.end(), [&](const auto* one) { return one->id == id; }))
                refuse(rule, "there is no operation \"" + id + '"');
        bool matches_one = false;
        for (std::size_t k = 0; k < operations.size(); ++k) {
            if (!matches(rule, *operations[k]))
                continue;
            matches_one = true;
            if (rule.amount == quota_amount::unlimited)
                is_free[k] = true;
            else
                by_operation_[k].push_back({index, places_of(rule, *operations[k])});
        }
        if (!matches_one)
            refuse(rule, "matches no operation");
    }
    if (others_are_free)
        others_.clear();
    for (std::size_t k = 0; k < operations.size(); ++k) {
        if (is_free[k])
            by_operation_[k].clear();
        if (by_operation_[k].size() > most_draws)
            refuse("more than " + std::to_string(most_draws) + " rules apply to " + std::string(operations[k]->id));
    }
    if (others_.size() > most_draws)
        refuse("more than " + std::to_string(most_draws) + " rules apply to everything");
}

draw_list rule_table::draws(std::uint16_t endpoint, std::span<const std::string_view> path) const noexcept
{
    const bool is_known = endpoint < by_operation_.size();
    draw_list list;
    for (const auto& one : is_known ? by_operation_[endpoint] : others_) {
        draw next;
        next.rule = one.rule;
        switch (limits_.rules[one.rule].key) {
        case quota_key::instance:
            break;
        case quota_key::endpoint:
            next.key = std::uint64_t{endpoint} + 1;
            break;
        case quota_key::entity: {
            std::uint64_t hash = 0;
            if (is_known)
                for (const auto place : one.entity)
                    hash = hashed(hash, place < path.size() ? path[place] : std::string_view());
            else
                for (const auto value : path)
                    hash = hashed(hash, value);
            next.key = hash == 0 ? 1 : hash;
            break;
        }
        }
        list.add(next);
    }
    return list;
}

} // namespace usher::schedule
