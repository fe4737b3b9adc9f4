// One waiter's place in line.
#ifndef USHER_SRC_SCHEDULE_WAITING_ENTRY_HPP
#define USHER_SRC_SCHEDULE_WAITING_ENTRY_HPP

#include "schedule/deadline_counts.hpp"
#include "schedule/demand.hpp"
#include "schedule/holds.hpp"

#include <boost/intrusive/set_hook.hpp>

namespace usher::schedule {

class flow;

/// It must not move while it is in line.
class waiting_entry
    : public boost::intrusive::set_base_hook<boost::intrusive::link_mode<boost::intrusive::normal_link>> {
public:
    waiting_entry(const demand& what, time_point deadline) noexcept : what_(what), deadline_(deadline) {}
    waiting_entry(const waiting_entry&) = delete;
    waiting_entry& operator=(const waiting_entry&) = delete;

    const demand& what() const noexcept { return what_; }
    time_point deadline() const noexcept { return deadline_; }
    bool in_line() const noexcept { return flow_ != nullptr; }
    /// Of one that has left the line: what held it up longest.
    held_up held() const noexcept { return held_; }

protected:
    ~waiting_entry() = default;

private:
    friend class scheduler;
    friend class line;
    friend class flow;

    demand what_;
    time_point deadline_;
    flow* flow_ = nullptr;
    deadline_counts::where counted_ = deadline_counts::where::nowhere;
    std::uint64_t number_ = 0; // of its arrival
    time_point joined_{};
    gate_holds::sums before_{}; // how long the gate had been held up until then
    held_up held_;
};

} // namespace usher::schedule

#endif
