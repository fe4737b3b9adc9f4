#include "bulk/journal/durability.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <limits>
#include <stdexcept>

namespace asio = boost::asio;

namespace usher::bulk::detail {

durability::waiter::waiter(durability& owner, std::uint64_t write_)
    : sleep(owner.executor_, asio::steady_timer::time_point::max()), write(write_), owner_(owner)
{
    owner_.waiters_.push_back(*this);
}

durability::waiter::~waiter()
{
    if (is_linked())
        owner_.waiters_.erase(owner_.waiters_.iterator_to(*this));
}

void durability::wake_until(std::uint64_t last_write)
{
    for (auto each = waiters_.begin(); each != waiters_.end();) {
        auto& now = *each;
        if (now.write > last_write) {
            ++each;
            continue;
        }
        each = waiters_.erase(each);
        now.sleep.cancel();
    }
}

void durability::on_disk(std::uint64_t last_write)
{
    last_ = last_write;
    wake_until(last_write);
}

void durability::fail(std::string why)
{
    if (trouble_.empty())
        trouble_ = std::move(why);
    wake_until(std::numeric_limits<std::uint64_t>::max());
}

void durability::check() const
{
    if (!trouble_.empty())
        throw std::runtime_error(trouble_);
}

void durability::check(std::uint64_t write) const
{
    if (write <= last_)
        return;
    check();
    throw boost::system::system_error(asio::error::operation_aborted);
}

asio::awaitable<void> durability::wait(std::shared_ptr<durability> self, std::uint64_t write)
{
    if (!self->is_settled(write)) {
        waiter me(*self, write);
        auto ended = co_await me.sleep.async_wait(asio::as_tuple(asio::use_awaitable));
        (void)ended;
    }
    self->check(write);
}

asio::awaitable<begun_record> durability::wait_with(std::shared_ptr<durability> self, std::uint64_t write,
                                                    begun_record then)
{
    if (!self->is_settled(write)) {
        waiter me(*self, write);
        auto ended = co_await me.sleep.async_wait(asio::as_tuple(asio::use_awaitable));
        (void)ended;
    }
    self->check(write);
    co_return std::move(then);
}

} // namespace usher::bulk::detail
