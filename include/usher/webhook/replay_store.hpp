// Which deliveries are being handled, and which have been.
//
// Vocabulary. A *key* is the id of an event within one endpoint. It is *pending* from the moment that it was taken, and
// *done* once its event was handled; forgotten, it is new again.
#ifndef USHER_WEBHOOK_REPLAY_STORE_HPP
#define USHER_WEBHOOK_REPLAY_STORE_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace usher::webhook {

/// What a store knew of a key when it was asked for.
enum class claim : std::uint8_t {
    taken,   ///< nothing: it is the asker's now
    pending, ///< another has taken it and not said yet how it ended
    done     ///< its event was handled
};

/// Remembers keys of deliveries, as long as a request with one of them would be accepted. Write one over a database or
/// a cache when several processes take events. What it throws leaves `verifier::verify`: the request is to be answered
/// with 500, so that it comes again.
///
/// A key is at most 321 visible ASCII characters. *Thread safety*: called from every thread that verifies.
class replay_store {
public:
    using time_point = std::chrono::system_clock::time_point;

    virtual ~replay_store() = default;
    /// Takes the key if it is new; of two calls with one key only one gets it. Only what is signed comes here.
    ///
    /// `now`: of the verifier's clock; keys whose time ended before it are new. `until`: the key is known up to then,
    /// and that time included. For a key that is known already this can only make the time longer: a repetition has a
    /// timestamp of its own, and would be accepted longer than the request before.
    virtual claim take(std::string_view key, time_point now, time_point until) = 0;
    /// The key's event was handled. Nothing happens if the key is not known any more.
    virtual void confirm(std::string_view key) = 0;
    /// The key is new again: its event could not be handled.
    virtual void forget(std::string_view key) = 0;

protected:
    replay_store() = default;
    replay_store(const replay_store&) = default;
    replay_store& operator=(const replay_store&) = default;
};

/// Remembers in the memory of this process. When it is full, the keys whose time ends first are forgotten early, and
/// counted.
class memory_replay_store : public replay_store {
public:
    /// `capacity`: keys at most, at least 1. *Errors*: `std::invalid_argument` for a capacity of 0.
    explicit memory_replay_store(std::size_t capacity = 65'536);
    ~memory_replay_store() override;

    /// *Errors*: `std::bad_alloc`; the store is then as it was.
    claim take(std::string_view key, time_point now, time_point until) override;
    void confirm(std::string_view key) override;
    void forget(std::string_view key) override;
    /// Keys that are remembered now.
    std::size_t size() const;
    /// Keys that were forgotten although their time was not over, since the store was made: an event of each of them
    /// could have been accepted twice. Above zero the capacity is too small for the traffic.
    std::size_t forgotten_early() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace usher::webhook

#endif
