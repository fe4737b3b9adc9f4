#include "bulk/check/task_group.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

struct task_group::state {
    state(asio::any_io_executor executor_, std::size_t most_)
        : executor(std::move(executor_)), most(most_), wake(executor)
    {
    }
    asio::any_io_executor executor;
    std::size_t most;
    std::size_t running = 0;
    std::exception_ptr thrown;
    asio::steady_timer wake; ///< cancelled whenever a task ends
};

namespace {

template <class State>
asio::awaitable<void> fewer_than(std::shared_ptr<State> self, std::size_t most)
{
    while (self->running >= most) {
        self->wake.expires_at(asio::steady_timer::time_point::max());
        auto woken = co_await self->wake.async_wait(asio::as_tuple(asio::use_awaitable));
        (void)woken;
    }
}

template <class State>
asio::awaitable<void> all_ended(std::shared_ptr<State> self)
{
    co_await fewer_than(self, 1);
    if (self->thrown)
        std::rethrow_exception(std::exchange(self->thrown, nullptr));
}

} // namespace

task_group::task_group(asio::any_io_executor executor, std::size_t most)
    : state_(std::make_shared<state>(std::move(executor), most))
{
}

asio::awaitable<void> task_group::room()
{
    return fewer_than(state_, state_->most);
}

void task_group::start(asio::awaitable<void> task)
{
    state_->running += 1;
    asio::co_spawn(state_->executor, std::move(task), [self = state_](std::exception_ptr thrown) {
        self->running -= 1;
        if (thrown && !self->thrown)
            self->thrown = thrown;
        self->wake.cancel();
    });
}

asio::awaitable<void> task_group::finish()
{
    return all_ended(state_);
}

bool task_group::failed() const noexcept
{
    return state_->thrown != nullptr;
}

} // namespace usher::bulk
