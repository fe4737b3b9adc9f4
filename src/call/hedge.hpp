// A second request beside a GET that takes long.
//
// Vocabulary. The *first* request is the call's own; the *second* one, the hedge, is sent when the first has taken
// longer than 95 % of those before it. A *flight* is one exchange that goes on by itself whenever its socket can. The
// one whose answer comes first *wins*; an answer that asks to come again later, such as a 5xx, waits for the other
// one's.
//
// Invariants. The second request has an admission, a lease and a place in the breaker of its own, and waits for none of
// them but the connection. What it brings is kept as bytes and decoded when it has won, so that the two never
// write to one object. When it is over, exactly the winner's parts are left: the other's connection is closed and its
// ticket settled.
#ifndef USHER_CALL_HEDGE_HPP
#define USHER_CALL_HEDGE_HPP

#include "call/attempt.hpp"

#include <optional>

namespace usher::detail {

/// After which time a second request follows; nothing for a call that is not to have one, which costs a look at its
/// policy. Counts the request.
std::optional<std::chrono::nanoseconds> hedge_after(const prepared_call& call, const retry_policy& policy);

/// What the exchange of an attempt is made of.
struct hedged_attempt {
    hedged_attempt(prepared_call& call_, attempt_series& series_, attempt& a_, lease& leased_,
                   schedule::held_ticket& ticket_, held_pass& pass_, void* target_)
        : call(call_), series(series_), a(a_), leased(leased_), ticket(ticket_), pass(pass_), target(target_)
    {
    }

    prepared_call& call;
    attempt_series& series;
    attempt& a;
    lease& leased;
    schedule::held_ticket& ticket;
    held_pass& pass;
    void* target;
    exchange_limits limits{};
    decode_limits decoding;
    phase_timeouts timeouts;
    time_point deadline;
    std::chrono::nanoseconds patience{0};
};

/// Runs the exchange. Afterwards `a` has ended as the winner did and `leased` is the winner's. When the second one
/// won, ticket and pass are settled. *Cancellation*: at any point; both are closed. *Lifetime*: all that it refers to.
boost::asio::awaitable<void> exchange_hedged(hedged_attempt what);

} // namespace usher::detail

#endif
