// The report's pictures, as SVG that takes its colours from the page.
#ifndef USHER_BULK_CHARTS_HPP
#define USHER_BULK_CHARTS_HPP

#include "bulk/report/run_history.hpp"

#include <string>

namespace usher::bulk {

/// Requests a second against the limit, and records finished a second, over working time. Empty: there is nothing to
/// draw.
std::string rate_chart(const run_history& all);
/// Attempts by the time to their answer.
std::string latency_chart(const run_history& all);

/// A part of a whole, for `stacked_bar`.
struct bar_part {
    bar_part() = default;
    bar_part(std::string kind_, std::string name_, std::uint64_t count_)
        : kind(std::move(kind_)), name(std::move(name_)), count(count_)
    {
    }
    std::string kind; ///< class of its colour
    std::string name;
    std::uint64_t count = 0;
};

/// Parts side by side, with their names and counts below.
std::string stacked_bar(const std::vector<bar_part>& parts);

} // namespace usher::bulk

#endif
