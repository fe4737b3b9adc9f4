#include "auth/token_state.hpp"

#include <algorithm>

namespace usher::auth {

namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr seconds most_young{60};
// A token is not sent any more when it could expire on its way.
constexpr seconds most_margin{5};
// What calls itself longer is taken for this: a year can be added to any time of the clock.
constexpr seconds longest_life = std::chrono::hours(24 * 366);
// Whoever asks for more does not know when it will be back.
constexpr seconds longest_pause{300};

} // namespace

token_state::token_state(const token_options& options, std::uint64_t seed) : options_(options), random_(seed) {}

advice token_state::look(time_point now)
{
    if (token_ && now < expires_) {
        if (now < renew_ || !may_ask(now))
            return advice::use;
        ask(now);
        return advice::use_and_ask;
    }
    token_.reset();
    if (fetching_)
        return advice::wait;
    if (now < not_before_)
        return advice::fail;
    ask(now);
    return advice::ask;
}

void token_state::refuse(std::uint64_t generation, time_point now)
{
    if (!token_ || token_->generation != generation || now < keep_until_)
        return;
    token_.reset();
    refusals_ = now - came_ <= young_ ? refusals_ + 1 : 0;
    if (refusals_ >= 2)
        keep_until_ = now + pause(refusals_ - 2);
}

void token_state::came(access_token token, time_point now)
{
    fetching_ = false;
    failures_ = 0;
    failure_ = error();
    not_before_ = time_point();
    token_ = std::make_shared<const issued_token>(std::move(token.text), ++generation_);
    came_ = now;
    renew_ = expires_ = time_point::max();
    young_ = most_young;
    if (!token.lifetime)
        return;
    const nanoseconds life = std::clamp(*token.lifetime, seconds(0), longest_life);
    young_ = std::min(young_, life / 3);
    const nanoseconds early = std::min<nanoseconds>(options_.renew_before, life / 3);
    expires_ = asked_ + life - std::min<nanoseconds>(most_margin, life / 10);
    renew_ = asked_ + life - early - random_.up_to(early / 2);
}

void token_state::failed(error reason, time_point now)
{
    fetching_ = false;
    failure_ = std::move(reason);
    not_before_ = now + pause(failures_++);
    if (const auto asked = failure_.retry_after())
        not_before_ = std::max(not_before_, now + std::min(*asked, longest_pause));
}

error token_state::last_failure(time_point now) const
{
    const auto pause = until_next(now);
    if (!failure_ || pause == nanoseconds::zero())
        return failure_;
    auto details = failure_.details();
    details.retry_after = std::chrono::ceil<seconds>(pause);
    return error(std::move(details));
}

nanoseconds token_state::until_next(time_point now) const noexcept
{
    return std::max<nanoseconds>(not_before_ - now, nanoseconds::zero());
}

void token_state::ask(time_point now)
{
    fetching_ = true;
    asked_ = now;
    ++fetches_;
}

nanoseconds token_state::pause(int failures)
{
    const nanoseconds most = options_.max_backoff;
    nanoseconds ceiling = options_.initial_backoff;
    for (int i = 0; i < failures && ceiling < most; ++i)
        ceiling *= 2;
    return random_.up_to(std::min(ceiling, most));
}

} // namespace usher::auth
