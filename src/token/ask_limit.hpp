// How often the service is asked about opaque tokens: anybody may send one, and each asks at the cost of the quota.
//
// Vocabulary. A *flight* is one question under way; whoever brings the same token meanwhile waits for its answer. A
// *refusal* is remembered for a few seconds. Invariants. One flight per token, a bounded number of them, a bounded
// number of refusals. What was accepted is never remembered: it may be revoked the next moment.
#ifndef USHER_TOKEN_ASK_LIMIT_HPP
#define USHER_TOKEN_ASK_LIMIT_HPP

#include <usher/token/rejection.hpp>

#include <array>
#include <chrono>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <utility>

namespace usher::token::detail {

class verifier_state;

class ask_limit {
public:
    using digest = std::array<unsigned char, 32>;
    using time_point = std::chrono::steady_clock::time_point;

    static constexpr std::size_t most_flights = 64;
    static constexpr std::size_t most_refusals = 1024;
    static constexpr std::chrono::seconds memory{5};

    /// A question and its answer. `wake` is called for each that waits.
    struct flight {
        flight() = default;
        bool is_over = false;
        std::shared_ptr<const void> claims;
        rejection why;
        std::list<std::function<void()>> wake;
    };

    struct advice {
        advice() = default;
        std::shared_ptr<flight> joined; ///< wait for it
        bool is_leader = false;         ///< ask, then `landed`
        rejection why;                  ///< with a reason: refused without asking
    };

    advice ask(const digest& token, time_point now)
    {
        advice answer;
        forget(now);
        if (const auto found = refused_.find(token); found != refused_.end()) {
            answer.why = found->second;
            return answer;
        }
        // A flight ends with whatever held it, an execution context among it.
        std::erase_if(flights_, [](const auto& one) { return one.second.expired(); });
        if (const auto found = flights_.find(token); found != flights_.end()) {
            answer.joined = found->second.lock();
            return answer;
        }
        if (flights_.size() >= most_flights) {
            answer.why = rejection(reason::service_unavailable, "too many tokens are being asked about");
            return answer;
        }
        answer.joined = std::make_shared<flight>();
        answer.is_leader = true;
        flights_.emplace(token, answer.joined);
        return answer;
    }

    void landed(const digest& token, const std::shared_ptr<flight>& one, std::shared_ptr<const void> claims,
                rejection why, time_point now)
    {
        flights_.erase(token);
        one->is_over = true;
        one->claims = std::move(claims);
        one->why = std::move(why);
        if (one->why.reason == reason::revoked || one->why.reason == reason::expired) {
            if (order_.size() >= most_refusals)
                drop_first();
            if (refused_.emplace(token, one->why).second)
                order_.emplace_back(now + memory, token);
        }
        for (const auto& each : std::exchange(one->wake, {}))
            each();
    }

private:
    void drop_first()
    {
        refused_.erase(order_.front().second);
        order_.pop_front();
    }
    void forget(time_point now)
    {
        while (!order_.empty() && order_.front().first <= now)
            drop_first();
    }

    std::map<digest, std::weak_ptr<flight>> flights_;
    std::map<digest, rejection> refused_;
    std::deque<std::pair<time_point, digest>> order_;
};

/// That of a verifier: its copies share it.
ask_limit& asks_of(verifier_state& by);

} // namespace usher::token::detail

#endif
