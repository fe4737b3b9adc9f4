// All cores: engines on threads of their own that share their quotas.
#ifndef USHER_SHARDS_HPP
#define USHER_SHARDS_HPP

#include <usher/budget.hpp>
#include <usher/engine.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <vector>

namespace usher {

/// Threads, each with an `io_context` and an engine. What one shard does needs no locks: a client that is made from a
/// shard's engine is used on that shard. Clients of one instance use one quota together, whatever shard they are on;
/// what is learned of limits that nobody told is each shard's own.
///
///     usher::shards all;                                        // one for each core
///     all.spawn_on_each([](usher::engine& engine) { return work(engine); });
///     all.join();
///
/// *Thread safety*: `spawn`, `spawn_on_each`, `stop`, `executor` and `size` may be called from any thread, the shards'
/// own too; `engine` gives what only its shard may use; `join`, `failures` and the destructor are for one thread that
/// is none of the shards'.
class shards {
public:
    /// A coroutine function. It is kept until its coroutine has ended, so it may have captures.
    using work = std::function<boost::asio::awaitable<void>(usher::engine&)>;
    /// Makes one shard's part of the shared budget, such as `redis_budget`, before its thread runs.
    using budget_factory = std::function<std::shared_ptr<budget>(std::size_t index, boost::asio::any_io_executor)>;

    /// `count` threads, 0: one for each core. The quotas are shared by a `local_budget`, or as `make_budget` says;
    /// `options.shared_budget` is not used, and neither is `options.quota_memory` where engines share a budget, which
    /// remembers instead: one in memory begins anew with the process, and then as a new store does, see `budget`.
    /// *Errors*: those of `engine`; `std::system_error` when a thread can't start.
    explicit shards(std::size_t count = 0, const engine_options& options = engine_options(),
                    const budget_factory& make_budget = budget_factory());
    shards(const shards&) = delete;
    shards& operator=(const shards&) = delete;
    /// `stop`, then `join`, without a word about exceptions.
    ~shards();

    std::size_t size() const noexcept;
    /// *Errors*: `std::out_of_range`, as in all that takes an index. *Lifetime*: until the shards go.
    usher::engine& engine(std::size_t index);
    boost::asio::any_io_executor executor(std::size_t index) const;

    /// Starts a coroutine on one shard. *Errors*: `std::logic_error` after `stop` or `join`, except from a coroutine
    /// that `join` waits for. *Cancellation*: terminal, by `stop`.
    void spawn(std::size_t index, work what);
    /// On the next shard, in turn.
    void spawn(work what);
    /// On every shard, each with a copy.
    void spawn_on_each(const work& what);

    /// Cancels what was spawned, and returns at once.
    void stop() noexcept;
    /// Waits until all that was spawned, and what it left behind on the shards, has ended; then the threads end.
    /// *Errors*: throws what the first coroutine threw that ended by an exception; `failures` has all of them. An
    /// exception by which `stop` ends a coroutine (`operation_aborted`) is none. A second call does nothing.
    /// `std::logic_error` on a thread of the shards.
    void join();
    /// After `join`: what was thrown, in this order.
    const std::vector<std::exception_ptr>& failures() const noexcept;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace usher

#endif
