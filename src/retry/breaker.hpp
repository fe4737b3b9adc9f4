// Whether a service that fails is asked at all: pure state, the time is an argument.
//
// Vocabulary. *Closed*: attempts go, and how they end is counted over the last ten seconds. *Open*: none goes. *Half
// open*: its time is over and *probes* go, one at a time; a bad one opens it again for twice as long, three good ones
// in a row close it. A *pass* is the permission for one attempt. *Bad* is what speaks of a service that is down:
// transport failures and 5xx. *Good* is any other answer, a 429 too. *Void* is what says nothing: cancelled, or a
// failure of ours.
//
// Invariants. A pass is settled once; one from before the last change of state is not counted. At most one probe is
// out. Nothing that was counted outlives a change of state, so whatever closes it makes it begin anew.
//
// One breaker for an instance, not for each endpoint: what it is for is a service that is down, and then a
// breaker for each of two hundred endpoints would ask it two hundred times as often, while most of them see too few
// calls to ever trip. It takes half of all attempts. So one endpoint that fails on its own trips nothing while it is
// the smaller part of the traffic. Where it is the larger part, the others are held for about a second at a time: a
// probe of theirs is as likely as their share to be good, each trip needs twenty attempts anew, and closing it begins
// at a second again. The retry budget bounds what is sent to that endpoint meanwhile.
#ifndef USHER_SRC_RETRY_BREAKER_HPP
#define USHER_SRC_RETRY_BREAKER_HPP

#include "retry/rng.hpp"

#include <array>
#include <chrono>
#include <cstdint>

namespace usher::retry {

using time_point = std::chrono::steady_clock::time_point;

/// What the end of an attempt says of the service.
enum class health_sign : std::uint8_t { good, bad, none };

class breaker {
public:
    static constexpr std::chrono::seconds window{10};
    static constexpr std::uint32_t least_attempts = 20; ///< in the window, or it does not trip
    static constexpr int probes_to_close = 3;
    static constexpr std::chrono::seconds shortest_open{1};
    static constexpr std::chrono::seconds longest_open{30};

    class pass {
    public:
        pass() noexcept = default;
        pass(pass&& other) noexcept { *this = static_cast<pass&&>(other); }
        pass& operator=(pass&& other) noexcept
        {
            round_ = other.round_;
            other.round_ = 0;
            return *this;
        }
        bool valid() const noexcept { return round_ != 0; }

    private:
        friend class breaker;
        std::uint64_t round_ = 0; ///< number of the state that it was given in; 0: not valid
    };

    /// Open times are cut by up to a quarter at random, so that many processes do not probe at once.
    explicit breaker(std::uint64_t seed) noexcept : random_(seed) {}

    /// True when an attempt may go now.
    bool is_passable(time_point now) const noexcept
    {
        return state_ == state::closed || (!is_probe_out_ && now >= open_until_);
    }
    bool is_closed() const noexcept { return state_ == state::closed; }
    /// While no attempt may go: when the next may. `time_point::max()`: when the probe that is out has ended.
    time_point passable_at() const noexcept { return is_probe_out_ ? time_point::max() : open_until_; }

    /// An attempt goes, as a probe when it is not closed. Only when it is passable.
    pass enter(time_point now) noexcept;
    /// How it ended. Nothing happens to a pass that is not valid.
    void settle(pass& of, health_sign sign, time_point now) noexcept;

private:
    enum class state : std::uint8_t { closed, open, half_open };
    struct slice {
        std::int64_t second = -1;
        std::uint32_t attempts = 0;
        std::uint32_t bad = 0;
    };

    void count(bool is_bad, time_point now) noexcept;
    bool has_failed_too_often(time_point now) const noexcept;
    void open(time_point now) noexcept;
    void close() noexcept;

    std::array<slice, window.count()> slices_{}; // by the second
    rng random_;
    time_point open_until_{};
    std::chrono::nanoseconds open_for_{shortest_open}; // next time
    std::uint64_t round_ = 1;
    int good_probes_ = 0;
    bool is_probe_out_ = false;
    state state_ = state::closed;
};

} // namespace usher::retry

#endif
