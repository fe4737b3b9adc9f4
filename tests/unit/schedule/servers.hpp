// The algorithms by which services count, as they are commonly written.
#ifndef USHER_TESTS_SCHEDULE_SERVERS_HPP
#define USHER_TESTS_SCHEDULE_SERVERS_HPP

#include "random.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace schedule_tests {

/// The bursts of the two last: all of the quota, and a tenth.
enum class algorithm : std::uint8_t { fixed_window, sliding_log, sliding_counter, gcra, gcra_tenth };

inline constexpr algorithm algorithms[] = {algorithm::fixed_window, algorithm::sliding_log, algorithm::sliding_counter,
                                           algorithm::gcra, algorithm::gcra_tenth};

constexpr const char* name_of(algorithm which) noexcept
{
    constexpr const char* names[] = {"fixed window", "sliding log", "sliding counter", "GCRA, burst N",
                                     "GCRA, burst N/10"};
    return names[static_cast<std::size_t>(which)];
}

struct limit {
    std::uint32_t requests = 1000;
    duration window = std::chrono::seconds(10);
    algorithm counts_by = algorithm::fixed_window;
};

/// The times of the last n.
class last_times {
public:
    explicit last_times(std::size_t n) : times_(n, time_point::min()) {}
    /// The n-th last.
    time_point oldest() const noexcept { return times_[next_]; }
    void push(time_point now) noexcept
    {
        times_[next_] = now;
        next_ = next_ + 1 == times_.size() ? 0 : next_ + 1;
    }
    /// Keeps the latest ones.
    void resize(std::size_t n)
    {
        std::rotate(times_.begin(), times_.begin() + static_cast<std::ptrdiff_t>(next_), times_.end());
        next_ = 0;
        if (n < times_.size())
            times_.erase(times_.begin(), times_.end() - static_cast<std::ptrdiff_t>(n));
        else
            times_.insert(times_.begin(), n - times_.size(), time_point::min());
    }

private:
    std::vector<time_point> times_;
    std::size_t next_ = 0;
};

/// What a service counts of one instance, endpoint or entity.
class counter {
public:
    /// Its windows begin at `start` and after each window's time.
    counter(const limit& what, time_point start)
        : limit_(what),
          start_(start),
          log_(what.counts_by == algorithm::sliding_log ? what.requests : 0),
          arrivals_(what.requests)
    {
        change(what.requests);
    }

    /// How long until there is room for one; zero: there is.
    duration wait(time_point now) noexcept
    {
        switch (limit_.counts_by) {
        case algorithm::fixed_window:
            roll(now);
            return count_ < limit_.requests ? duration::zero() : start_ + limit_.window - now;
        case algorithm::sliding_log: {
            const auto oldest = log_.oldest();
            return oldest == time_point::min() || oldest <= now - limit_.window ? duration::zero()
                                                                                : oldest + limit_.window - now;
        }
        case algorithm::sliding_counter: {
            roll(now);
            // Weighs the window before by the share of it that a sliding window would still see.
            const double left = static_cast<double>((start_ + limit_.window - now).count());
            const double weighed = before_ * (left / static_cast<double>(limit_.window.count()));
            return weighed + count_ + 1 <= limit_.requests ? duration::zero() : start_ + limit_.window - now;
        }
        case algorithm::gcra:
        case algorithm::gcra_tenth:
            return std::max(duration::zero(), due_ - tolerance_ - now);
        }
        return duration::zero();
    }

    void take(time_point now) noexcept
    {
        if (limit_.counts_by == algorithm::sliding_log)
            log_.push(now);
        else if (limit_.counts_by >= algorithm::gcra)
            due_ = std::max(due_, now) + interval_;
        else
            ++count_;
    }

    /// Whatever the service says of it: keeps count of the arrivals that make more than the limit in one window.
    void arrived(time_point now) noexcept
    {
        const auto oldest = arrivals_.oldest();
        exceeded_ += oldest != time_point::min() && oldest > now - limit_.window ? 1U : 0U;
        arrivals_.push(now);
    }
    std::uint64_t exceeded() const noexcept { return exceeded_; }
    /// When its next window begins.
    time_point next_window(time_point now) const noexcept
    {
        return now + (limit_.window - (now - start_) % limit_.window);
    }

    void change(std::uint32_t requests)
    {
        limit_.requests = requests;
        arrivals_.resize(requests);
        if (limit_.counts_by == algorithm::sliding_log)
            log_.resize(requests);
        const auto burst = limit_.counts_by == algorithm::gcra_tenth ? std::max(requests / 10, 1U) : requests;
        interval_ = limit_.window / requests;
        tolerance_ = interval_ * (burst - 1);
    }

private:
    void roll(time_point now) noexcept
    {
        const auto windows = (now - start_) / limit_.window;
        if (windows <= 0)
            return;
        before_ = windows == 1 ? count_ : 0;
        count_ = 0;
        start_ += windows * limit_.window;
    }

    limit limit_;
    time_point start_;
    std::uint32_t count_ = 0;
    double before_ = 0;
    duration interval_{};
    duration tolerance_{};
    time_point due_{};
    last_times log_;
    last_times arrivals_;
    std::uint64_t exceeded_ = 0;
};

} // namespace schedule_tests

#endif
