// What is asked of the scheduler, and what it gives: demands and tickets.
#ifndef USHER_SRC_SCHEDULE_DEMAND_HPP
#define USHER_SRC_SCHEDULE_DEMAND_HPP

#include "schedule/rate_hints.hpp"
#include "schedule/rule_table.hpp"
#include "schedule/slot_log.hpp"

#include <usher/options.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

namespace usher::schedule {

/// One attempt that wants to be sent.
struct demand {
    demand() = default;
    demand(std::uint16_t endpoint_, draw_list draws_, lane priority_ = lane::interactive, std::uint16_t tenant_ = 0)
        : endpoint(endpoint_), tenant(tenant_), priority(priority_), draws(draws_)
    {
    }

    std::uint16_t endpoint = 0; ///< index of the operation
    std::uint16_t tenant = 0;   ///< as `scheduler::tenant` numbered it
    lane priority = lane::interactive;
    draw_list draws;
};

/// The permission for one attempt. Settled once; a settled or default one is not valid.
class ticket {
public:
    ticket() noexcept = default;
    ticket(ticket&& other) noexcept { *this = static_cast<ticket&&>(other); }
    ticket& operator=(ticket&& other) noexcept
    {
        admitted_ = other.admitted_;
        buckets_ = other.buckets_;
        endpoint_ = other.endpoint_;
        tenant_ = other.tenant_;
        const auto size = other.size_;
        is_gated_ = other.is_gated_;
        const bool valid = other.valid_;
        other.valid_ = false;
        size_ = size;
        valid_ = valid;
        return *this;
    }

    bool valid() const noexcept { return valid_; }
    std::uint16_t endpoint() const noexcept { return endpoint_; }
    time_point admitted() const noexcept { return admitted_; }
    /// The request leaves only now: it may arrive that much later.
    void leaves(time_point now) noexcept { admitted_ = now; }

private:
    friend class scheduler;

    time_point admitted_{};
    std::array<std::uint32_t, most_draws> buckets_{}; // places in the scheduler's pool
    std::uint16_t endpoint_ = 0;
    std::uint16_t tenant_ = 0;
    std::uint8_t size_ = 0;
    bool valid_ = false;
    bool is_gated_ = false;
};

/// What of an answer matters here.
class answer_info {
public:
    answer_info() noexcept = default;
    explicit answer_info(int status_, std::optional<std::chrono::seconds> retry_after_ = std::nullopt) noexcept
        : status(status_), retry_after(retry_after_)
    {
    }

    int status = 0;
    std::optional<std::chrono::seconds> retry_after;
    std::optional<rate_hint> hint; ///< what the answer's headers say of the limit
};

} // namespace usher::schedule

#endif
