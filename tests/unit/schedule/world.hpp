// Clients, a network and a service in virtual time: one seed, one course of events.
#ifndef USHER_TESTS_SCHEDULE_WORLD_HPP
#define USHER_TESTS_SCHEDULE_WORLD_HPP

#include "network.hpp"
#include "servers.hpp"

#include "schedule/demand.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace schedule_tests {

using usher::schedule::answer_info;

/// One kind of request: what the service counts it by, and what the client draws on for it.
struct request_kind {
    std::uint32_t number = 0; ///< among all kinds
    std::uint16_t endpoint = 0;
    std::uint8_t group = 0; ///< figures are kept for each group
    std::uint8_t size = 0;
    std::array<std::uint32_t, 3> counters{}; ///< places in the service
    usher::schedule::draw_list draws;

    void counted_by(std::uint32_t place) { counters[size++] = place; }
};

class client {
public:
    client() = default;
    client(const client&) = delete;
    client& operator=(const client&) = delete;
    virtual ~client() = default;
    /// The alarm that it set rang.
    virtual void wake(time_point now) = 0;
    virtual void timer(std::uint32_t what, std::uint32_t which, time_point now) = 0;
    virtual void answered(std::uint32_t tag, time_point sent, time_point now, const answer_info& answer) = 0;
    /// No answer within the time that the client gives it.
    virtual void unanswered(std::uint32_t tag, time_point now) = 0;
};

struct group_figures {
    std::uint64_t sent = 0;
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;
    std::uint64_t counted = 0; ///< accepted since `count_from`
};

/// Accepted and refused per tenth of a second.
struct tenth {
    std::uint32_t accepted = 0;
    std::uint32_t refused = 0;
};

class world {
public:
    static constexpr std::size_t groups = 4;
    static constexpr time_point start{std::chrono::hours(1)};

    world(const way& path, std::uint64_t seed, duration timeout = std::chrono::seconds(30))
        : dice_(seed), network_(path, start, dice_), timeout_(timeout)
    {
    }

    // The service.
    std::uint32_t add_counter(const limit& what)
    {
        return add_counter(what, dice_.within(duration::zero(), what.window));
    }
    std::uint32_t add_counter(const limit& what, duration phase);
    counter& at(std::uint32_t place) { return counters_[place]; }
    std::size_t counters() const noexcept { return counters_.size(); }
    /// A refused request counts like any other.
    void charge_refused(bool charges) noexcept { charges_refused_ = charges; }
    /// The service refuses all requests of an endpoint for some time.
    void block(std::uint16_t endpoint, time_point from, time_point to) { blocks_.push_back({endpoint, from, to}); }

    // For clients. They live as long as the world runs, or until they are removed.
    std::uint32_t add(client& one);
    /// Its process ended: what it sent is on its way, the answers reach nobody.
    void remove(std::uint32_t who) noexcept { clients_[who] = {}; }
    void send(std::uint32_t who, std::uint32_t tag, const request_kind& kind);
    /// One for each client; a new one takes the place of the old. It rings late by as much as the path says.
    void alarm(std::uint32_t who, time_point when) noexcept;
    void timer(std::uint32_t who, std::uint32_t what, std::uint32_t which, time_point when);

    /// Until nothing happens any more, or `end`.
    void run(time_point end);
    time_point now() const noexcept { return now_; }
    chance& dice() noexcept { return dice_; }
    const network& link() const noexcept { return network_; }
    duration timeout() const noexcept { return timeout_; }

    // What came of it.
    void count_from(time_point when) noexcept { count_from_ = when; }
    void draw_from(time_point when, std::size_t tenths);
    const group_figures& figures(std::size_t group) const noexcept { return figures_[group]; }
    group_figures figures() const noexcept;
    const std::vector<tenth>& drawn() const noexcept { return drawn_; }
    /// Of everything that happened, in its order.
    std::uint64_t trace() const noexcept { return trace_; }
    std::uint64_t events() const noexcept { return sequence_; }

private:
    enum class happening : std::uint8_t { arrival, answer, silence, timer };
    struct event {
        time_point when;
        std::uint32_t sequence;
        happening what;
        std::uint8_t who;
        std::uint32_t first;
        std::uint32_t second;
    };
    struct flight {
        const request_kind* kind;
        time_point sent;
        duration back;
        std::uint32_t tag;
        std::uint8_t who;
        bool has_answer;
        answer_info answer;
    };
    struct listener {
        client* one = nullptr;
        time_point asked = time_point::max();
        time_point alarm = time_point::max();
    };
    struct blocked {
        std::uint16_t endpoint;
        time_point from;
        time_point to;
    };

    void push(time_point when, happening what, std::uint8_t who, std::uint32_t first, std::uint32_t second);
    event pop() noexcept;
    void happen(const event& what);
    void arrive(std::uint32_t index);
    duration refusal(const request_kind& kind) noexcept;
    void note(std::uint64_t word) noexcept { trace_ = (trace_ ^ word) * 0x100000001b3U + (trace_ >> 47); }

    chance dice_;
    network network_;
    duration timeout_;
    time_point now_ = start;
    bool charges_refused_ = false;
    std::vector<counter> counters_;
    std::vector<blocked> blocks_;
    std::vector<listener> clients_;
    std::vector<event> events_; // heap
    std::vector<flight> flights_;
    std::vector<std::uint32_t> free_;
    std::uint32_t sequence_ = 0;
    time_point count_from_ = start;
    time_point draw_from_ = start;
    std::array<group_figures, groups> figures_{};
    std::vector<tenth> drawn_;
    std::uint64_t trace_ = 0xcbf29ce484222325U;
};

} // namespace schedule_tests

#endif
