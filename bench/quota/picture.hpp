// What four clients get through of the same quota, as a picture.
#ifndef USHER_BENCH_QUOTA_PICTURE_HPP
#define USHER_BENCH_QUOTA_PICTURE_HPP

#include "unit/schedule/world.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace quota_bench {

/// Of all requests of one client.
struct use {
    double used = 0;    ///< accepted, of what the quota allows
    double refused = 0; ///< answered with 429, of what was sent
};

/// One client: what it did in the picture's 40 s, and how it fares with all five ways to count.
struct lane_data {
    std::string name;
    std::string manner;
    std::vector<schedule_tests::tenth> tenths;
    use here;
    use least, most; ///< each figure by itself
};

/// `phases`: of the service's window, for the figures over all ways to count.
std::vector<lane_data> run_lanes(std::uint64_t phases);
std::string to_svg(const std::vector<lane_data>& lanes);

} // namespace quota_bench

#endif
