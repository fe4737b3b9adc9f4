// When a token is used, renewed and given up: pure, time is an argument.
//
// Vocabulary. A token is *usable* until shortly before it expires or until the service refuses it. It is *due* from
// its renewal time on, while it still serves. A *fetch* is one request for a token; at most one is under way.
// Invariants. Generations count up by one for each token that came. A fetch is begun by `look` or `refuse` alone, and
// each is ended by `came` or `failed`. No fetch begins before the pause after a failure is over.
// A token that is refused soon after it came, and the next one as well, points to a call that no token opens: then it
// is kept for all others, and refusals count again after a pause, longer each time.
#ifndef USHER_AUTH_TOKEN_STATE_HPP
#define USHER_AUTH_TOKEN_STATE_HPP

#include <usher/credentials.hpp>

#include "retry/rng.hpp"

namespace usher::auth {

using time_point = std::chrono::steady_clock::time_point;

/// What a caller who needs a token does now.
enum class advice : std::uint8_t {
    use,         ///< `token` is there
    use_and_ask, ///< the same, and a fetch begins beside it
    wait,        ///< for the fetch under way
    ask,         ///< begin a fetch, and wait for it
    fail         ///< the last fetch failed a moment ago: `last_failure`
};

class token_state {
public:
    /// `seed` of the jitter.
    token_state(const token_options& options, std::uint64_t seed);

    advice look(time_point now);
    /// The service answered 401 to the token of this generation: it is given to nobody again, or kept, see above.
    void refuse(std::uint64_t generation, time_point now);
    void came(access_token token, time_point now);
    void failed(error reason, time_point now);

    const issued_token_ptr& token() const noexcept { return token_; }
    /// Why the last fetch failed; its `retry_after` is when the next one may begin.
    error last_failure(time_point now) const;
    /// How long until a fetch may begin.
    std::chrono::nanoseconds until_next(time_point now) const noexcept;
    bool is_fetching() const noexcept { return fetching_; }
    std::uint64_t fetches() const noexcept { return fetches_; }

private:
    bool may_ask(time_point now) const noexcept { return !fetching_ && now >= not_before_; }
    void ask(time_point now);
    std::chrono::nanoseconds pause(int failures);

    token_options options_;
    retry::rng random_;
    issued_token_ptr token_; ///< null: none, or given up
    std::uint64_t generation_ = 0;
    time_point came_{};
    std::chrono::nanoseconds young_{0}; ///< one that is refused at this age or younger did not simply run out
    time_point renew_ = time_point::max();
    time_point expires_ = time_point::max();
    bool fetching_ = false;
    time_point asked_{};
    time_point not_before_{};
    int failures_ = 0;        ///< in a row
    int refusals_ = 0;        ///< of young tokens in a row
    time_point keep_until_{}; ///< refusals before this do not count
    std::uint64_t fetches_ = 0;
    error failure_;
};

} // namespace usher::auth

#endif
