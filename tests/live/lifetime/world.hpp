// One engine, one client and one server, moved a step at a time.
//
// Vocabulary. A *step* is one handler of the client's context. A call is *stuck* when no step comes any more though it
// has not ended. A *scenario* is a kind of call with what happens around it.
#ifndef USHER_TESTS_LIVE_LIFETIME_WORLD_HPP
#define USHER_TESTS_LIVE_LIFETIME_WORLD_HPP

#include "live/lifetime/peer.hpp"

#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>
#include <usher/sandbox.hpp>
#include <usher/scalekit/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace usher::tests {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

inline const char* const key = "sk_live_usherusherusherusherusherusherusherusher";

/// How a call ended.
struct ending {
    ending() = default;
    bool is_over = false;
    bool threw_aborted = false; ///< cancelled before its first step: Asio's own word
    bool threw_other = false;
    result<void> got = result<void>();

    bool is_cancelled() const { return threw_aborted || (!got.has_value() && got.error().is_cancelled()); }
};

class world;

/// Where a call gets stuck until the world is healed or long after.
enum class stuck_at { nowhere, before_sending, sent, between_attempts };

struct scenario {
    using call_function = asio::awaitable<result<void>> (*)(world&);

    scenario(const char* name_, call_function call_, std::function<void(world&)> prepare_)
        : name(name_), call(call_), prepare(std::move(prepare_))
    {
    }
    const char* name;
    call_function call;
    std::function<void(world&)> prepare; ///< empty: nothing to prepare
    stuck_at stuck = stuck_at::nowhere;
    /// A step that takes longer than this does not come.
    std::chrono::milliseconds patience{2000};
    bool is_counted_by_peer = true; ///< each of its requests goes to the peer and is the call's own
    bool can_follow = true;         ///< after the call another one can work
    bool is_bulk = false;
    bool sends_at_once = false; ///< there is no wait before its request has left
    bool is_slow = false;       ///< what it is stuck for takes a second to come, or much has to be moved
};

/// All kinds of calls, each with every wait that it can come to.
const std::vector<scenario>& all_scenarios();
const scenario& scenario_named(std::string_view name);

/// A sandbox with TLS that all tests share, and one of Scalekit's API.
sandbox::server& clerk_sandbox();
sandbox::server& scalekit_sandbox();

class world {
public:
    explicit world(const scenario& of);
    ~world();
    world(const world&) = delete;
    world& operator=(const world&) = delete;

    // For scenarios.
    /// Makes the engine and a client of the peer, or of another address.
    void open(const client_options& how = client_options(), const std::string& url = std::string());
    /// Starts a call that goes on beside the one that the test is about.
    void beside(asio::awaitable<result<void>> call);
    /// Runs a call to its end.
    ending run(asio::awaitable<result<void>> call);

    /// Begins the call. A copy of `held` lives as long as its coroutine.
    void begin(bool lets_total_through = false);
    /// Runs up to `steps` steps; fewer come when the call is over or gets stuck. `known`: how many come at least as a
    /// rule, so that a machine which is busy does not make it look stuck before.
    void run_steps(int steps, int known);
    /// One step. False: it is stuck, or nothing is left to do.
    bool step();
    void cancel(asio::cancellation_type type) { stop_.emit(type); }
    /// Cancels from a handler of the context that lets others go first for some rounds: whoever was woken by one of
    /// them has not run yet. (From outside, Asio only queues the cancellation behind them.)
    void cancel_between(asio::cancellation_type type, int rounds);
    /// The same as soon as something is true.
    void cancel_between(asio::cancellation_type type, const std::function<bool()>& when);
    /// Runs to the end of the call. False: it is stuck.
    bool finish();
    /// From now on the peer answers everything, and calls that were stuck go on.
    void heal();
    /// Waits until nothing is pending in the context. False: something is.
    bool is_out_of_work();
    asio::awaitable<result<void>> following_call();

    const scenario& kind;
    std::chrono::milliseconds patience = kind.patience;
    int taken = 0; ///< by `run_steps`
    bool is_stuck = false;
    std::shared_ptr<int> held = std::make_shared<int>(0);
    ending end;
    std::vector<ending> others;
    std::optional<peer> server;
    std::unique_ptr<asio::io_context> io = std::make_unique<asio::io_context>(1);
    engine_options options;
    std::unique_ptr<engine> on;
    std::optional<clerk::client> clerk;
    std::optional<scalekit::client> scalekit;
    std::optional<pages<clerk::user>> listing;
    std::string file; ///< of 16 MiB, for uploads
    std::string large;
    std::unique_ptr<asio::io_context> fillers_io;
    std::vector<asio::ip::tcp::socket> fillers;
    retry_policy retry = retry_policy::none();
    call_options how;

private:
    asio::cancellation_signal stop_;
};

inline void begin_call(world& w)
{
    w.begin();
}

/// The least steps of a call that is left alone, until it is over or gets stuck.
int steps_alone(const scenario& kind, void (*begin)(world&) = begin_call);

/// Calls `run(steps)` for every `stride`-th number of steps, until a world is over or stuck before that, and at least
/// for as many as a call that is left alone takes. `run` tells the steps that came, and whether there were more.
struct stretch {
    stretch(const world& of) : taken(of.taken), goes_on(!of.end.is_over && !of.is_stuck) {}
    int taken;
    bool goes_on;
};
int sweep(int known, int first, int stride, const std::function<stretch(int steps)>& run);

} // namespace usher::tests

#endif
