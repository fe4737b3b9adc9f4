#include "schedule/in_flight_cap.hpp"

#include <algorithm>

namespace usher::schedule {

in_flight_cap::in_flight_cap(std::size_t fixed, std::size_t least) noexcept : fixed_(fixed), least_(least), most_(least)
{
}

void in_flight_cap::set_most(std::size_t most) noexcept
{
    most_ = std::max(most, least_);
    if (cut_ >= most_)
        cut_ = 0;
}

void in_flight_cap::answered() noexcept
{
    if (cut_ == 0 || ++answers_ < cut_)
        return;
    answers_ = 0;
    if (++cut_ >= most_)
        cut_ = 0;
}

void in_flight_cap::overloaded(time_point now, duration round_trip) noexcept
{
    if (overloaded_ != time_point::min() && now - overloaded_ < round_trip)
        return;
    overloaded_ = now;
    answers_ = 0;
    cut_ = std::max(value() / 2, std::min<std::size_t>(4, least_));
}

std::size_t in_flight_cap::value() const noexcept
{
    if (fixed_ != 0)
        return fixed_;
    return cut_ == 0 ? most_ : cut_;
}

} // namespace usher::schedule
