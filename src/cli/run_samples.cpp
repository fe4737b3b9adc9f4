#include "cli/run_samples.hpp"

namespace usher::cli {

bulk::journal_time wall_clock()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

void run_samples::take(bulk::journal& to, const bulk::import_counters& now, double limit_per_second)
{
    const auto at = std::chrono::steady_clock::now();
    const auto span = std::chrono::duration_cast<std::chrono::milliseconds>(at - last_);
    if (span.count() == 0)
        return;
    auto sample = watch_.take(span);
    sample.created = now.created - before_.created;
    sample.already_there = now.already_there - before_.already_there;
    sample.buried = now.failed - before_.failed;
    sample.in_flight = now.in_flight;
    sample.limit_per_second = limit_per_second;
    to.add_sample(wall_clock(), to_json(sample));
    before_ = now;
    last_ = at;
}

} // namespace usher::cli
