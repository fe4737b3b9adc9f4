// Runs that have nothing to do with each other, on all cores.
#ifndef USHER_TESTS_SCHEDULE_PARALLEL_HPP
#define USHER_TESTS_SCHEDULE_PARALLEL_HPP

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <thread>
#include <vector>

namespace schedule_tests {

/// Calls `run(i)` for each i below `count`; what it throws first is thrown again at the end.
template <typename Run>
void in_parallel(std::size_t count, const Run& run)
{
    std::atomic<std::size_t> next{0};
    std::exception_ptr thrown;
    std::atomic<bool> has_thrown{false};
    const auto work = [&] {
        try {
            for (auto i = next++; i < count && !has_thrown; i = next++)
                run(i);
        } catch (...) {
            if (!has_thrown.exchange(true))
                thrown = std::current_exception();
        }
    };
    std::vector<std::thread> others;
    const auto cores = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 8);
    for (std::size_t i = 1; i < std::min(cores, count); ++i)
        others.emplace_back(work);
    work();
    for (auto& one : others)
        one.join();
    if (thrown)
        std::rethrow_exception(thrown);
}

} // namespace schedule_tests

#endif
