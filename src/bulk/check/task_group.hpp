// A bounded number of coroutines at once, on one executor.
#ifndef USHER_BULK_TASK_GROUP_HPP
#define USHER_BULK_TASK_GROUP_HPP

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>

namespace usher::bulk {

/// *Lifetime*: await `finish` before anything goes that the tasks use; a task that threw ends nothing else.
class task_group {
public:
    task_group(boost::asio::any_io_executor executor, std::size_t most);
    /// Returns once fewer than `most` are under way.
    boost::asio::awaitable<void> room();
    void start(boost::asio::awaitable<void> task);
    /// Returns when all have ended. *Errors*: throws what the first of them threw.
    boost::asio::awaitable<void> finish();
    /// Whether a task threw: starting more is pointless.
    bool failed() const noexcept;

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace usher::bulk

#endif
