#include "sandbox/limiter.hpp"

#include <algorithm>
#include <cmath>

namespace usher::sandbox {

namespace {

using namespace std::chrono_literals;

struct endpoint_limit {
    std::string_view method, path;
    std::uint32_t requests;
};

constexpr endpoint_limit hourly[] = {
    {"POST", "/invitations", 100},
    {"POST", "/invitations/bulk", 25},
    {"POST", "/organizations/{}/invitations", 250},
    {"POST", "/organizations/{}/invitations/bulk", 50},
};

// Changes of one user, organization or membership: one bucket for the resource and its metadata together.
std::string changed_entity(std::string_view method, std::string_view path, const std::vector<std::string>& captures)
{
    if (method != "PATCH" && method != "PUT")
        return {};
    if (path == "/users/{}" || path == "/users/{}/metadata")
        return "user " + captures[0];
    if (path == "/organizations/{}" || path == "/organizations/{}/metadata")
        return "organization " + captures[0];
    if (path == "/organizations/{}/memberships/{}" || path == "/organizations/{}/memberships/{}/metadata")
        return "membership " + captures[0] + " " + captures[1];
    return {};
}

} // namespace

bucket::bucket(algorithm how, allowance rule, std::uint32_t burst, instant start, span phase)
    : how_(how),
      requests_(std::max(rule.requests, 1u)),
      window_(std::max<span>(rule.window, 1ms)),
      burst_(burst == 0 ? requests_ : burst),
      window_start_(start + (phase % window_) - (phase % window_ == span::zero() ? span::zero() : window_)),
      arrival_(start)
{
}

void bucket::advance(instant now)
{
    if (how_ == algorithm::sliding_log) {
        while (!log_.empty() && log_.front() + window_ <= now)
            log_.pop_front();
        return;
    }
    const auto passed = (now - window_start_) / window_;
    if (passed <= 0)
        return;
    before_ = passed == 1 ? counted_ : 0;
    counted_ = 0;
    window_start_ += passed * window_;
}

span bucket::wait(instant now)
{
    advance(now);
    switch (how_) {
    case algorithm::fixed_window:
        return counted_ < requests_ ? span::zero() : window_start_ + window_ - now;
    case algorithm::sliding_log:
        return log_.size() < requests_ ? span::zero() : log_[log_.size() - requests_] + window_ - now;
    case algorithm::sliding_counter: {
        // the window before counts with the share of it that the sliding window still covers
        const auto elapsed = std::chrono::duration<double>(now - window_start_),
                   whole = std::chrono::duration<double>(window_);
        const double used = counted_ + before_ * (1.0 - elapsed / whole);
        if (used + 1.0 <= requests_ + 1e-9)
            return span::zero();
        if (before_ == 0 || counted_ + 1.0 > requests_) {
            // not in this window; in the next one, this one's requests must have slid out far enough
            const double left_over = std::max(0.0, (counted_ + 1.0 - requests_) / std::max(counted_, 1u));
            return window_start_ + window_ - now + std::chrono::ceil<span>(whole * left_over);
        }
        const double share = (counted_ + 1.0 + before_ - requests_) / before_;
        return std::max(span(1), std::chrono::ceil<span>(whole * share - elapsed));
    }
    case algorithm::gcra: {
        const auto interval = window_ / requests_;
        const auto earliest = arrival_ - interval * (burst_ - 1);
        return earliest <= now ? span::zero() : earliest - now;
    }
    }
    return span::zero();
}

void bucket::charge(instant now)
{
    advance(now);
    if (how_ == algorithm::sliding_log)
        log_.push_back(now);
    else if (how_ == algorithm::gcra)
        arrival_ = std::max(arrival_, now) + window_ / requests_;
    else
        ++counted_;
}

bool bucket::idle(instant now)
{
    advance(now);
    return log_.empty() && counted_ == 0 && before_ == 0 && arrival_ <= now;
}

limiter::limiter(const limits& rules, bool production, instant start)
    : rules_(rules), instance_(rules.instance.value_or(allowance(production ? 1000 : 100, 10s))), start_(start)
{
}

bucket& limiter::get(const std::string& name, allowance rule, instant now)
{
    if (buckets_.size() >= sweep_at_) {
        for (auto it = buckets_.begin(); it != buckets_.end();)
            it = it->second.idle(now) ? buckets_.erase(it) : std::next(it);
        sweep_at_ = std::max<std::size_t>(10'000, buckets_.size() * 2);
    }
    const auto found = buckets_.find(name);
    return found != buckets_.end()
               ? found->second
               : buckets_.emplace(name, bucket(rules_.how, rule, rules_.burst, start_, rules_.phase)).first->second;
}

span limiter::admit(std::string_view method, std::string_view path, const std::vector<std::string>& captures,
                    instant now)
{
    if (!rules_.enabled || (method == "GET" && path == "/jwks"))
        return span::zero();

    std::vector<std::string> names{"instance"};
    std::vector<allowance> allowed{instance_};
    for (const auto& one : hourly)
        if (rules_.endpoints && one.method == method && one.path == path) {
            names.push_back(std::string(method) + " " + std::string(path));
            allowed.emplace_back(one.requests, std::chrono::hours(1));
        }
    if (rules_.entities)
        if (auto entity = changed_entity(method, path, captures); !entity.empty()) {
            names.push_back(std::move(entity));
            allowed.emplace_back(10, 10s);
        }

    span longest = span::zero();
    for (std::size_t i = 0; i != names.size(); ++i)
        longest = std::max(longest, get(names[i], allowed[i], now).wait(now));
    if (longest == span::zero() || rules_.charge_refused)
        for (std::size_t i = 0; i != names.size(); ++i)
            get(names[i], allowed[i], now).charge(now);
    return longest;
}

int retry_after_seconds(span wait)
{
    return static_cast<int>(std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(wait).count()));
}

} // namespace usher::sandbox
