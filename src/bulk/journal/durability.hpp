// Who waits until what was said is on disk.
#ifndef USHER_BULK_JOURNAL_DURABILITY_HPP
#define USHER_BULK_JOURNAL_DURABILITY_HPP

#include <usher/bulk/journal.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace usher::bulk::detail {

/// Writes have numbers in the order in which they are carried out. One executor.
class durability {
public:
    explicit durability(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
    durability(const durability&) = delete;
    durability& operator=(const durability&) = delete;

    void on_disk(std::uint64_t last_write);
    /// Nothing more will be. Everybody who waits is told.
    void fail(std::string why);
    /// *Errors*: `std::runtime_error` when it has failed.
    void check() const;
    std::uint64_t last_on_disk() const noexcept { return last_; }
    std::size_t waiting() const noexcept { return waiters_.size(); }

    /// Returns when this write is on disk. *Errors*: as `check`; `operation_aborted` when it is cancelled.
    static boost::asio::awaitable<void> wait(std::shared_ptr<durability> self, std::uint64_t write);
    static boost::asio::awaitable<begun_record> wait_with(std::shared_ptr<durability> self, std::uint64_t write,
                                                          begun_record then);

private:
    class waiter : public boost::intrusive::list_base_hook<> {
    public:
        waiter(durability& owner, std::uint64_t write_);
        waiter(const waiter&) = delete;
        waiter& operator=(const waiter&) = delete;
        ~waiter();

        boost::asio::steady_timer sleep;
        std::uint64_t write;

    private:
        durability& owner_;
    };

    void wake_until(std::uint64_t last_write);
    bool is_settled(std::uint64_t write) const noexcept { return write <= last_ || !trouble_.empty(); }
    void check(std::uint64_t write) const;

    boost::asio::any_io_executor executor_;
    boost::intrusive::list<waiter> waiters_;
    std::uint64_t last_ = 0;
    std::string trouble_;
};

} // namespace usher::bulk::detail

#endif
