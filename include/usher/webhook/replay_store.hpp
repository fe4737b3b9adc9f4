// Which deliveries have been accepted already.
#ifndef USHER_WEBHOOK_REPLAY_STORE_HPP
#define USHER_WEBHOOK_REPLAY_STORE_HPP

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace usher::webhook {

/// Remembers ids of deliveries, as long as their timestamps would be accepted. Write one over a database or a cache
/// when several processes take events.
class replay_store {
public:
    using time_point = std::chrono::system_clock::time_point;

    virtual ~replay_store() = default;
    /// True if the id is new, and from then on known until `until`. Only ids with a valid signature come here.
    /// *Thread safety*: called from every thread that verifies; of two calls with one id only one is the first.
    virtual bool first_time(std::string_view id, time_point until) = 0;
    /// The id is new again.
    virtual void forget(std::string_view id) = 0;

protected:
    replay_store() = default;
    replay_store(const replay_store&) = default;
    replay_store& operator=(const replay_store&) = default;
};

/// Remembers in the memory of this process. When it is full, the ids whose time ends first are forgotten early.
class memory_replay_store : public replay_store {
public:
    /// `capacity`: ids at most, at least 1. `now`: what time it is; empty: the system's clock.
    /// *Errors*: `std::invalid_argument` for a capacity of 0.
    explicit memory_replay_store(std::size_t capacity = 65'536,
                                 std::function<time_point()> now = std::function<time_point()>());
    ~memory_replay_store() override;

    bool first_time(std::string_view id, time_point until) override;
    void forget(std::string_view id) override;
    /// Ids that are remembered now.
    std::size_t size() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace usher::webhook

#endif
