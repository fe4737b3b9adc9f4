// Many limits of time on one timer.
//
// Vocabulary. An *entry* stands for one wait that must not last longer than a point in time. Its owner keeps it; the
// queue only knows its address. When the time comes `expire` is called once and the entry is out of the queue.
// Invariants. The queue is a binary heap by time; the timer runs while there is an entry, never otherwise, so an idle
// engine holds no work. It is kept for the next entry until the context goes, which the queue may outlive. Arming is
// lazy: the timer moves only to an earlier time.
#ifndef USHER_NET_DEADLINE_HPP
#define USHER_NET_DEADLINE_HPP

#include "net/context_end.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace usher::detail {

using time_point = std::chrono::steady_clock::time_point;

class deadline_queue;

class deadline_entry {
public:
    deadline_entry() = default;
    deadline_entry(const deadline_entry&) = delete;
    deadline_entry& operator=(const deadline_entry&) = delete;
    virtual ~deadline_entry() = default;

protected:
    /// The time has come. Must not throw.
    virtual void expire() noexcept = 0;

private:
    friend class deadline_queue;
    static constexpr std::size_t outside = static_cast<std::size_t>(-1);
    time_point at_;
    std::size_t index_ = outside;
};

class deadline_queue final : public std::enable_shared_from_this<deadline_queue>, private context_end {
public:
    explicit deadline_queue(const boost::asio::any_io_executor& executor) : context_end(executor), timer_(executor) {}

    /// Puts an entry in, or moves it.
    void set(deadline_entry& entry, time_point at);
    /// Takes an entry out, if it is in.
    void remove(deadline_entry& entry) noexcept;
    std::size_t size() const noexcept { return heap_.size(); }

private:
    void arm();
    void disarm() noexcept;
    void fired();
    void place(std::size_t index, deadline_entry* entry) noexcept;
    void sift_up(std::size_t index) noexcept;
    void sift_down(std::size_t index) noexcept;

    void over() noexcept override { timer_.reset(); }

    std::optional<boost::asio::steady_timer> timer_; ///< null: the context has gone
    std::vector<deadline_entry*> heap_;
    time_point armed_ = time_point::max();
};

} // namespace usher::detail

#endif
