#include "schedule/learned_rate.hpp"

#include <algorithm>
#include <cmath>

namespace usher::schedule {
namespace {

using seconds = std::chrono::duration<double>;

constexpr double cubic_c = 0.4;
constexpr double cubic_beta = 0.7;
constexpr double recovery = 10; // requests at least until the ceiling is reached again, however slow they are

constexpr double first_pace = 1; // per second
constexpr double doubling = 4;   // seconds
constexpr double most_pace = 1e6;

constexpr double learned_share = 0.95; // of the belief that is used
constexpr double told_share = 0.98;
constexpr double held_share = 0.98; // of the belief that may stand in a window after a refusal

constexpr double few = 12;              // accepted requests that say too little to cut without a bound
constexpr double next_to_nothing = 0.3; // of what is believed
constexpr double least_kept = 0.5;      // that bound, as a share of the ceiling
constexpr double least_requests = 0.5;  // per window

// What has to be sent, held up by the pace and without a refusal, before the belief is lifted.
struct proof {
    double windows;
    double requests;
};
constexpr proof below{2, 150};     // the ceiling stays below what was measured
constexpr proof onward{4, 400};    // it comes to stand above that: the next refusal is likely to be the price
constexpr proof beyond{1.25, 100}; // it stands above that already: the limit is not what it was
constexpr proof costly{12, 400};   // the same when a refusal costs a long pause
constexpr proof early{0.25, 3};    // what was measured is likely to be too little
constexpr double first_step = 0.03;
constexpr double step_growth = 2;
constexpr double most_step = 0.25;
constexpr double early_step = 0.5;

// To a window: at most so much of it.
constexpr int short_pause = 15;
constexpr int soon = 60;
constexpr std::chrono::seconds rounding{1}; // of a pause that is told in seconds

constexpr double most_clump = 2;      // requests that count before the answers tell
constexpr double same_count = 0.02;   // a count differs by so much at most, or by 1
constexpr double most_doubt = 0.8;    // of what a sliding counter would have counted: near enough to take the lesser
constexpr double at_once_share = 0.9; // of what is known to be too much

double since(time_point then, time_point now) noexcept
{
    return std::max(0.0, seconds(now - then).count());
}

} // namespace

learned_rate::learned_rate(std::uint32_t first_guess, duration window) noexcept
    : accepted_(window),
      start_(first_pace),
      limit_(first_guess / seconds(window).count()),
      measured_(limit_),
      share_(learned_share),
      step_(first_step)
{
}

double learned_rate::window_seconds() const noexcept
{
    return seconds(accepted_.window()).count();
}

double learned_rate::pace(time_point now) const noexcept
{
    if (limit_ == 0)
        return start_;
    if (!was_refused_)
        return ceiling();
    const auto length = std::max(std::cbrt(ceiling() * (1 - cubic_beta) / cubic_c), recovery / ceiling());
    const auto left = std::max(0.0, 1 - since(grown_, now) / length);
    return ceiling() * (1 - (1 - cubic_beta) * left * left * left);
}

void learned_rate::departed(time_point now, bool held_up) noexcept
{
    if (held_up)
        ++held_up_;
    if (limit_ != 0)
        return;
    if (grown_ == time_point())
        grown_ = now;
    if (since(grown_, now) < doubling)
        return;
    if (static_cast<double>(held_up_) >= 0.5 * start_ * doubling)
        start_ = std::min(start_ * 2, most_pace);
    grown_ = now;
    held_up_ = 0;
}

void learned_rate::answered(time_point now) noexcept
{
    accepted_.add(now);
    ++accepted_since_;
    if (limit_ == 0)
        return;
    const auto& needed = is_too_early_           ? early
                         : ceiling() > measured_ ? beyond
                         : is_next_onward()      ? (is_costly_ ? costly : onward)
                                                 : below;
    // Not every departure of a client with much work is held up by the pace alone.
    if (static_cast<double>(held_up_) >= std::max(needed.requests, 0.9 * needed.windows * window_seconds() * ceiling()))
        lift();
}

bool learned_rate::is_next_onward() const noexcept
{
    // Of few requests, one more or less counts.
    return ceiling() * (1 + step_) > measured_ - most_clump / window_seconds();
}

void learned_rate::lift() noexcept
{
    held_up_ = 0;
    limit_ = std::min(limit_ * (1 + (is_too_early_ ? early_step : step_)), told_ != 0 ? told_ : most_pace);
    if (!is_too_early_)
        step_ = std::min(step_ * step_growth, most_step);
}

void learned_rate::refused(time_point now, time_point until) noexcept
{
    const bool same = was_refused_ && now <= std::min(until_, refused_ + accepted_.window());
    // Before anything was tried again.
    const bool at_once = !same && was_refused_ && now - until_ < accepted_.window() / soon;
    until_ = same ? std::max(until_, until) : until;
    grown_ = std::max(until_, now);
    if (same)
        return;
    const bool is_long = until - now > accepted_.window() / short_pause;
    const bool was_costly = is_costly_;
    is_costly_ = is_long;
    holds_ = is_long || gives_nothing_back(now);
    resumed_ = {};
    const bool is_first = limit_ == 0;
    const bool is_of_window = is_costly_ && until - now <= accepted_.window() + rounding;
    measured_ = is_of_window ? window_rate(now, at_once) : accepted_rate(now);
    // A refusal is never a reason to send more.
    if (!is_first)
        measured_ = std::min(measured_, limit_);
    limit_ = measured_;
    share_ = learned_share;
    if (is_of_window || (was_costly && !is_costly_))
        wait_for_room(now);
    // A start is refused within a window or two, and a service that has room again at once gives back evenly what was
    // used: it allowed what it keeps for bursts, and of its rate as much as there was time for.
    ended_climb_ = is_too_early_;
    is_too_early_ = is_first && !holds_;
    was_refused_ = true;
    refused_ = now;
    accepted_since_ = 0;
    held_up_ = 0;
    step_ = first_step;
}

// Far less was accepted since the last refusal than any service gives back evenly: it gives back as it was used, such
// as a sliding counter or a log after a start that sent most at once. Nothing is measured by that.
bool learned_rate::gives_nothing_back(time_point now) const noexcept
{
    const auto span = since(refused_, now);
    return was_refused_ && span < window_seconds() &&
           static_cast<double>(accepted_since_) + 0.5 < next_to_nothing * limit_ * span;
}

double learned_rate::least_rate() const noexcept
{
    const auto used = limit_ == 0 ? first_pace : ceiling();
    return std::max(least_kept * used, least_requests / window_seconds());
}

// Of a service that soon has room again.
double learned_rate::accepted_rate(time_point now) noexcept
{
    const auto count = accepted_.value(now);
    counted_ = 0;
    // What a log allows was accepted within the last window: never less, but up to twice as much.
    auto rate = count / window_seconds();
    if (is_too_early_) {
        // The pace grew by half again and again: the last of it counts.
        const auto last = std::chrono::duration_cast<duration>(early.windows * accepted_.window());
        rate = std::max(rate, accepted_.between(now - last, now, now) / seconds(last).count());
    }
    // A service that gives back evenly what was used had nothing left then and has nothing left now: what it accepted
    // between the two is what it allows.
    const auto span = was_refused_ ? since(refused_, now) : window_seconds();
    if (span < window_seconds() && !holds_) {
        // No service accepts more than twice its limit within a window.
        const auto between = std::max((static_cast<double>(accepted_since_) + 0.5) / span, rate / 2);
        rate = ended_climb_ ? between : std::min(rate, between);
    }
    return count < few ? std::max(rate, least_rate()) : rate;
}

// Of a service that has room again at the end of its window, which is when the pause ends, or when enough of a log has
// left the window.
double learned_rate::window_rate(time_point now, bool at_once) noexcept
{
    const auto window = accepted_.window();
    const auto begin = until_ - window;
    const auto count = accepted_.between(begin, now, now);
    const auto left = std::min(1.0, since(now, until_) / window_seconds());
    // A sliding counter weighs the window before by the share of it that a sliding window would still see.
    const auto weighed = count + left * accepted_.between(begin - window, begin, now);
    // The same count at each refusal, however much was accepted before: the window before has no weight.
    const bool is_alike = count >= few && std::abs(count - counted_) <= std::max(1.0, same_count * count);
    alike_ = is_alike ? alike_ + 1 : 0;
    counted_ = count;
    const bool is_plain = alike_ > 1 || (alike_ == 1 && count > most_doubt * weighed);
    const auto rate = (is_plain ? count : weighed) / window_seconds();
    // Refused before anything was counted, by a limit that is not what it was: all that is known is that it is less.
    const auto known = at_once && rate < at_once_share * limit_ ? rate * at_once_share : rate;
    return count < few ? std::max(known, least_rate()) : known;
}

// A sliding counter that has counted about as many as it allows has no room at the beginning of its next window.
void learned_rate::wait_for_room(time_point now) noexcept
{
    const auto window = accepted_.window();
    const auto count = accepted_.between(until_ - window, now, now);
    const auto room = measured_ * window_seconds() - most_clump;
    resumed_ =
        until_ + std::chrono::duration_cast<duration>(std::clamp(1 - room / std::max(count, 1.0), 0.0, 0.5) * window);
}

void learned_rate::told(std::uint32_t requests, duration window) noexcept
{
    if (requests == 0 || window <= duration::zero())
        return;
    const auto rate = requests / seconds(window).count();
    if (rate == told_ && window == accepted_.window())
        return;
    if (window != accepted_.window()) {
        accepted_ = accepted_count(window);
        resumed_ = {};
    }
    told_ = rate;
    limit_ = rate;
    measured_ = rate;
    share_ = told_share;
    is_too_early_ = false;
}

duration learned_rate::interval(time_point now) const noexcept
{
    return std::max(duration(1), std::chrono::duration_cast<duration>(seconds(1 / pace(now))));
}

time_point learned_rate::not_before(time_point now) noexcept
{
    if (!was_refused_ || since(refused_, now) > 2 * window_seconds())
        return now;
    if (!holds_)
        return std::max(now, resumed_);
    return std::max(resumed_, accepted_.falls_below(std::max(1.0, held_share * measured_ * window_seconds()), now));
}

std::uint32_t learned_rate::belief() const noexcept
{
    if (limit_ == 0)
        return 0;
    return static_cast<std::uint32_t>(std::clamp(std::round(limit_ * window_seconds()), 1.0, 4e9));
}

} // namespace usher::schedule
