#include "token/key_state.hpp"
#include "token/key.hpp"

#include <algorithm>
#include <utility>

namespace usher::token::detail {

namespace {

// Ids come from tokens that nobody has verified: what is kept of them is bounded.
constexpr std::size_t most_misses = 256;
constexpr std::size_t longest_kid = 256;

/// Sums with any time of the clock stay in range.
key_cache_options within_a_year(key_cache_options options)
{
    const auto limit = [](auto& time) {
        constexpr std::chrono::hours year(24 * 365);
        if (time > year)
            time = year;
    };
    limit(options.fresh);
    limit(options.shortest_fresh);
    limit(options.longest_fresh);
    limit(options.revalidate);
    limit(options.usable);
    limit(options.unknown_key_interval);
    limit(options.unknown_key_memory);
    limit(options.first_backoff);
    limit(options.longest_backoff);
    limit(options.deadline);
    return options;
}

usher::error no_keys_came()
{
    error_details details;
    details.kind = error_kind::decode;
    details.text = "the key set that came has no keys";
    return usher::error(std::move(details));
}

} // namespace

key_state::key_state(const key_cache_options& options) : options_(within_a_year(options)) {}

key_state::answer key_state::look(std::string_view kid, time_point now)
{
    const bool may_try = !is_fetching_ && now >= retry_;
    if (keys_.empty() || now >= gone_) {
        if (is_fetching_ || may_try)
            return wait_for(kid, may_try);
        return {key_lookup::unavailable, false};
    }
    const bool is_due = may_try && now >= stale_;
    if (now >= old_ && (is_fetching_ || is_due) && !has_just_failed(now))
        return wait_for(kid, is_due);
    if (has(kid))
        return {key_lookup::at_hand, is_due};
    if (is_remembered_miss(kid, now)) {
        ++counters_.unknown_keys;
        return {key_lookup::unknown, is_due};
    }
    if (is_fetching_ || is_due)
        return wait_for(kid, is_due);
    if (trouble_ && !may_try)
        return {key_lookup::unavailable, false};
    if (may_try && now >= unknown_retry_)
        return wait_for(kid, true);
    ++counters_.unknown_keys;
    return {key_lookup::unknown, false};
}

void key_state::begin()
{
    is_fetching_ = true;
    ++counters_.fetches;
}

void key_state::fetched(fetched_keys brought, time_point now)
{
    if (brought.keys.empty())
        return failed(no_keys_came(), now);
    is_fetching_ = false;
    if (brought.keys.keys() != keys_.keys())
        ++generation_;
    keys_ = std::move(brought.keys);
    trouble_ = usher::error();
    backoff_ = std::chrono::milliseconds(0);
    retry_ = now;
    unknown_retry_ = now + options_.unknown_key_interval;
    const auto fresh = brought.max_age ? std::clamp(*brought.max_age, options_.shortest_fresh, options_.longest_fresh)
                                       : options_.fresh;
    stale_ = now + fresh;
    old_ = stale_ + options_.revalidate;
    gone_ = now + std::max(options_.usable, fresh);
    remember_miss(now);
}

void key_state::failed(usher::error why, time_point now)
{
    is_fetching_ = false;
    trouble_ = std::move(why);
    failed_ = now;
    ++counters_.failures;
    backoff_ = std::clamp(backoff_ * 2, options_.first_backoff, options_.longest_backoff);
    retry_ = now + backoff_;
    unknown_retry_ = now + std::max(backoff_, options_.unknown_key_interval);
    asked_.clear();
}

bool key_state::has(std::string_view kid) const noexcept
{
    const auto* list = keys_.keys();
    if (kid.empty() || !list)
        return kid.empty();
    return std::any_of(list->begin(), list->end(), [kid](const key& one) { return one.any_kid || one.kid == kid; });
}

/// So lately that nobody need wait to be told the same again.
bool key_state::has_just_failed(time_point now) const noexcept
{
    return trouble_ && now < failed_ + options_.revalidate;
}

bool key_state::is_remembered_miss(std::string_view kid, time_point now)
{
    const auto found = misses_.find(kid);
    if (found == misses_.end())
        return false;
    if (now < found->second)
        return true;
    misses_.erase(found);
    return false;
}

void key_state::remember_miss(time_point now)
{
    const auto kid = std::exchange(asked_, std::string());
    if (kid.empty() || has(kid))
        return;
    if (misses_.size() >= most_misses)
        misses_.erase(std::min_element(misses_.begin(), misses_.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; }));
    misses_[kid] = now + options_.unknown_key_memory;
}

key_state::answer key_state::wait_for(std::string_view kid, bool is_due)
{
    if (is_due)
        asked_ = kid.size() <= longest_kid ? kid : std::string_view();
    return {key_lookup::wait, is_due};
}

} // namespace usher::token::detail
