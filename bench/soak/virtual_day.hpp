// Hours of load in seconds: what decides, without what waits.
//
// The scheduler, the breaker, the retry budget and the retry decision are pure, and time is an argument to them. Here
// they are driven in the order of `execute.cpp` by an event queue. What is not here are the parts that read the clock
// of the machine (pool, exchange, TLS): those are what the real minutes are for.
#ifndef USHER_BENCH_SOAK_VIRTUAL_DAY_HPP
#define USHER_BENCH_SOAK_VIRTUAL_DAY_HPP

#include "soak/figures.hpp"

#include <cstdint>

namespace soak {

/// Prints a row every few hours, then holds the figures against the promises.
void run_virtual_hours(double hours, std::uint64_t seed, verdicts& into);

} // namespace soak

#endif
