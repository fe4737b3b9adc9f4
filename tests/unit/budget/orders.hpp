// What is asked of a budget and what it answers, as tests need it.
#ifndef USHER_TESTS_BUDGET_ORDERS_HPP
#define USHER_TESTS_BUDGET_ORDERS_HPP

#include <usher/budget.hpp>

#include <chrono>
#include <cstdint>

namespace budget_tests {

/// 1000 in 10 s, evenly.
inline usher::lease_request paced(std::uint32_t wanted)
{
    usher::lease_request request;
    request.bucket = "instance:all";
    request.wanted = wanted;
    request.requests = 1000;
    request.window = std::chrono::seconds(10);
    request.interval = std::chrono::milliseconds(10);
    request.burst = 5;
    return request;
}

/// Of a window that is too short for a cold store to count.
inline usher::lease_request unpaced(std::uint32_t wanted, std::uint32_t requests = 100)
{
    usher::lease_request request;
    request.bucket = "instance:invitations";
    request.wanted = wanted;
    request.requests = requests;
    request.window = std::chrono::seconds(50);
    return request;
}

/// To the first one, one slot every 10 ms.
inline usher::lease_grant granting(std::uint32_t count,
                                   std::chrono::milliseconds starts_in = std::chrono::milliseconds(0),
                                   std::uint32_t members = 4)
{
    usher::lease_grant grant;
    grant.granted = count;
    grant.starts_in = starts_in;
    grant.interval = std::chrono::milliseconds(10);
    grant.valid_for = starts_in + count * std::chrono::milliseconds(10) + std::chrono::milliseconds(250);
    grant.members = members;
    return grant;
}

inline usher::lease_grant unreachable()
{
    usher::lease_grant grant;
    grant.is_reachable = false;
    return grant;
}

} // namespace budget_tests

#endif
