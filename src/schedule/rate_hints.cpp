#include "schedule/rate_hints.hpp"

#include "schedule/structured_field.hpp"

#include <algorithm>
#include <limits>

namespace usher::schedule {
namespace {

using std::chrono::milliseconds;

// Longer times are cut: nobody waits for them, and sums with them have to fit.
constexpr std::uint64_t most_seconds = std::uint64_t{10} * 366 * 24 * 60 * 60;

// A reset is a time from now on below, then an epoch in seconds, then one in milliseconds.
constexpr std::uint64_t least_epoch = 100'000'000;
constexpr std::uint64_t least_epoch_ms = 100'000'000'000;

std::uint32_t count(std::uint64_t value) noexcept
{
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(value, std::numeric_limits<std::uint32_t>::max()));
}

std::uint64_t cut(std::uint64_t value) noexcept
{
    return std::min(value, most_seconds);
}

/// A number from 0 on among parameters or members; false when something else has its name.
bool set(std::optional<std::uint64_t>& to, const bare_item& value) noexcept
{
    to = value.number;
    return value.kind == bare_item::type::count;
}

struct policy {
    std::uint64_t quota = 0;
    std::uint64_t window = 0; // 0: not told
};

bool is_tighter(const policy& a, const policy& b) noexcept
{
    if (a.window == 0 || b.window == 0)
        return a.window == b.window ? a.quota < b.quota : a.window != 0;
    return a.quota * b.window < b.quota * a.window;
}

/// `"p";q=100;w=10`, and `100;w=10` as the drafts before had it. `"p";q=100;qu="content-bytes"` is no limit of
/// requests.
std::optional<policy> tightest_policy(std::string_view field) noexcept
{
    field_cursor at(field);
    std::optional<policy> tightest;
    if (at.at_end())
        return std::nullopt;
    do {
        bare_item name;
        std::optional<std::uint64_t> quota;
        std::optional<std::uint64_t> window;
        bool is_of_requests = true;
        if (!at.item(name) || name.kind == bare_item::type::other)
            return std::nullopt;
        const bool is_read = at.parameters([&](std::string_view key, const bare_item& value) noexcept {
            if (key == "q")
                return set(quota, value);
            if (key == "w")
                return set(window, value);
            if (key == "qu") {
                is_of_requests = value.text == "requests" || value.text == "request";
                return value.kind == bare_item::type::text;
            }
            return true;
        });
        if (name.kind == bare_item::type::count && !quota)
            quota = name.number;
        if (!is_read || !quota)
            return std::nullopt;
        const policy one{count(*quota), cut(window.value_or(0))};
        if (is_of_requests && (!tightest || is_tighter(one, *tightest)))
            tightest = one;
    } while (at.next_member());
    return at.at_end() ? tightest : std::nullopt;
}

struct what_is_left {
    std::uint64_t remaining = 0;
    std::optional<std::uint64_t> reset;
};

bool is_tighter(const what_is_left& a, const what_is_left& b) noexcept
{
    // Of two that are used up, the one that stays so for longer.
    if (a.remaining == 0 && b.remaining == 0)
        return a.reset.value_or(0) > b.reset.value_or(0);
    if (a.remaining == 0 || b.remaining == 0 || !a.reset || !b.reset)
        return a.remaining < b.remaining;
    return a.remaining * *b.reset < b.remaining * *a.reset;
}

/// `"p";r=50;t=30`
std::optional<what_is_left> tightest_limit(std::string_view field) noexcept
{
    field_cursor at(field);
    std::optional<what_is_left> tightest;
    if (at.at_end())
        return std::nullopt;
    do {
        bare_item name;
        std::optional<std::uint64_t> remaining;
        std::optional<std::uint64_t> reset;
        if (!at.item(name) || name.kind != bare_item::type::text)
            return std::nullopt;
        const bool is_read = at.parameters([&](std::string_view key, const bare_item& value) noexcept {
            if (key == "r")
                return set(remaining, value);
            if (key == "t")
                return set(reset, value);
            return true;
        });
        if (!is_read || !remaining)
            return std::nullopt;
        what_is_left one{count(*remaining), std::nullopt};
        if (reset)
            one.reset = cut(*reset);
        if (!tightest || is_tighter(one, *tightest))
            tightest = one;
    } while (at.next_member());
    return at.at_end() ? tightest : std::nullopt;
}

/// `limit=100, remaining=50, reset=30`; nothing of it when anything is malformed.
bool read_members(std::string_view field, std::optional<std::uint64_t>& limit,
                  std::optional<what_is_left>& left) noexcept
{
    field_cursor at(field);
    if (at.at_end())
        return false;
    std::optional<std::uint64_t> quota;
    std::optional<std::uint64_t> remaining;
    std::optional<std::uint64_t> reset;
    do {
        std::string_view name;
        bare_item value;
        const auto ignore = [](std::string_view, const bare_item&) noexcept { return true; };
        if (!at.key(name) || !at.value(value) || !at.parameters(ignore))
            return false;
        if ((name == "limit" && !set(quota, value)) || (name == "remaining" && !set(remaining, value)) ||
            (name == "reset" && !set(reset, value)))
            return false;
    } while (at.next_member());
    if (!at.at_end())
        return false;
    limit = quota;
    if (remaining) {
        left = what_is_left{count(*remaining), std::nullopt};
        if (reset)
            left->reset = cut(*reset);
    }
    return true;
}

std::optional<std::uint64_t> number_in(std::string_view field) noexcept
{
    field_cursor at(field);
    bare_item value;
    if (!at.item(value) || value.kind != bare_item::type::count || !at.at_end())
        return std::nullopt;
    return value.number;
}

/// The limit first, then the policies that it comes from: `100, 100;w=10`.
std::optional<policy> triple_limit(std::string_view field) noexcept
{
    const auto comma = field.find_first_of(",;");
    const auto first = number_in(field.substr(0, comma));
    if (!first || comma == field.npos)
        return first ? std::optional(policy{count(*first), 0}) : std::nullopt;
    const auto tightest = tightest_policy(field[comma] == ',' ? field.substr(comma + 1) : field);
    if (!tightest)
        return std::nullopt;
    return policy{count(*first), tightest->quota == *first ? tightest->window : 0};
}

std::optional<milliseconds> triple_reset(std::string_view field, std::chrono::system_clock::time_point now) noexcept
{
    // Some send fractions of a second; they are rounded up.
    const auto point = field.find('.');
    const auto fraction = point == field.npos ? std::string_view("0") : field.substr(point + 1);
    const auto whole = number_in(field.substr(0, point));
    if (!whole || fraction.empty() || fraction.find_first_not_of("0123456789") != fraction.npos)
        return std::nullopt;
    const auto up = fraction.find_first_not_of('0') == fraction.npos ? 0U : 1U;
    constexpr auto most = static_cast<std::int64_t>(most_seconds) * 1000;
    if (*whole < least_epoch)
        return milliseconds(static_cast<std::int64_t>((*whole + up) * 1000));
    const auto epoch = static_cast<std::int64_t>(*whole < least_epoch_ms ? (*whole + up) * 1000 : *whole + up);
    const auto left = epoch - std::chrono::floor<milliseconds>(now.time_since_epoch()).count();
    return milliseconds(std::clamp<std::int64_t>(left, 0, most));
}

void use(rate_hint& hint, const what_is_left& left) noexcept
{
    hint.remaining = count(left.remaining);
    if (left.reset)
        hint.reset = std::chrono::seconds(static_cast<std::int64_t>(*left.reset));
}

} // namespace

std::optional<rate_hint> parse_rate_hint(const rate_headers& headers,
                                         std::chrono::system_clock::time_point now) noexcept
{
    rate_hint hint;
    auto limits = tightest_policy(headers.policy);
    auto left = tightest_limit(headers.limit);
    std::optional<std::uint64_t> limit;
    if (!left)
        read_members(headers.limit, limit, left);
    if (!limits && limit)
        limits = policy{count(*limit), 0};
    if (!limits)
        limits = triple_limit(headers.triple_limit);
    if (limits) {
        hint.quota = count(limits->quota);
        if (limits->window != 0)
            hint.window = std::chrono::seconds(static_cast<std::int64_t>(limits->window));
    }
    if (left) {
        use(hint, *left);
    } else {
        if (const auto remaining = number_in(headers.triple_remaining))
            hint.remaining = count(*remaining);
        hint.reset = triple_reset(headers.triple_reset, now);
    }
    return hint == rate_hint() ? std::nullopt : std::optional(hint);
}

} // namespace usher::schedule
