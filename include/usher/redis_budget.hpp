// A budget that many processes share, in Redis. Link with `usher::redis`.
#ifndef USHER_REDIS_BUDGET_HPP
#define USHER_REDIS_BUDGET_HPP

#include <usher/budget.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace usher {

struct redis_budget_options {
    redis_budget_options() = default;
    /// From an order to its answer, with all that it takes to connect, 1 s at most. After that the store can't be
    /// reached.
    std::chrono::milliseconds timeout{500};
    /// What all keys begin with. Fleets that must not share anything have different ones.
    std::string prefix = "usher:";
    /// Told why the store can't be used, once until it could be used again. The text has no secret in it. May be empty.
    /// It must not throw.
    std::function<void(std::string_view)> on_trouble;
};

/// One engine's share in the limits of all engines that name the same Redis (5.0 or later) and the same prefix:
/// `engine_options::shared_budget` takes it. Give each engine its own. One server, or one behind which replicas stand:
/// a cluster is not supported. Its memory must suffice: a server that evicts keys forgets what was used.
///
/// `url` is `redis://[user[:password]@]host[:port][/database]`; what is special in a name or password is written as
/// `%40`. One script grants leases by the server's own clock, so clocks of the members need not agree; keys expire.
/// A server that refuses (it is loading, or a replica) counts as one that can't be reached.
/// Connects when something is asked for, again with growing delays of 0.1 s to 1 s. It holds no work while nothing is
/// asked: `io_context::run()` returns.
///
/// *Errors*: `std::invalid_argument` that says what is wrong with `url` or an option, without the password. That the
/// store can't be reached is no error: see `budget`.
/// *Lifetime*: may be destroyed with orders under way, which are not answered then. The execution context outlives it.
/// *Thread safety*: none. Everything happens on `executor`, the engine's.
std::shared_ptr<budget> redis_budget(boost::asio::any_io_executor executor, std::string_view url,
                                     redis_budget_options options = redis_budget_options());

} // namespace usher

#endif
