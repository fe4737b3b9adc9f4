// The limiter on a clock that a test moves by hand.
#ifndef USHER_TESTS_SCHEDULE_LIMITER_TIME_HPP
#define USHER_TESTS_SCHEDULE_LIMITER_TIME_HPP

#include "schedule/limiter_impl.hpp"
#include "virtual_time.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace schedule_tests {

using virtual_tests::begin;
using virtual_tests::virtual_clock;
using virtual_tests::virtual_time;

using limiter = usher::schedule::basic_limiter<virtual_clock>;
using held_ticket = usher::schedule::basic_held_ticket<virtual_clock>;

} // namespace schedule_tests

#endif
