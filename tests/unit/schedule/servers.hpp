// The algorithms by which services count, as they are commonly written.
#ifndef USHER_TESTS_SCHEDULE_SERVERS_HPP
#define USHER_TESTS_SCHEDULE_SERVERS_HPP

#include <usher/quota.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

namespace schedule_tests {

using time_point = std::chrono::steady_clock::time_point;
using duration = std::chrono::steady_clock::duration;

class server {
public:
    virtual ~server() = default;
    /// Nothing: accepted. Else how long it asks to wait.
    virtual std::optional<duration> arrive(time_point now) = 0;
};

class fixed_window : public server {
public:
    fixed_window(const usher::quota& limit, time_point phase) : limit_(limit), start_(phase) {}
    std::optional<duration> arrive(time_point now) override
    {
        while (now >= start_ + limit_.window) {
            start_ += limit_.window;
            count_ = 0;
        }
        if (count_ == limit_.requests)
            return start_ + limit_.window - now;
        ++count_;
        return std::nullopt;
    }

private:
    usher::quota limit_;
    time_point start_;
    std::uint32_t count_ = 0;
};

class sliding_log : public server {
public:
    explicit sliding_log(const usher::quota& limit) : limit_(limit) {}
    std::optional<duration> arrive(time_point now) override
    {
        while (!log_.empty() && log_.front() <= now - limit_.window)
            log_.pop_front();
        if (log_.size() == limit_.requests)
            return log_.front() + limit_.window - now;
        log_.push_back(now);
        return std::nullopt;
    }

private:
    usher::quota limit_;
    std::deque<time_point> log_;
};

/// Weighs the count of the window before by the share of it that a sliding window would still see.
class sliding_counter : public server {
public:
    sliding_counter(const usher::quota& limit, time_point phase) : limit_(limit), start_(phase) {}
    std::optional<duration> arrive(time_point now) override
    {
        while (now >= start_ + limit_.window) {
            start_ += limit_.window;
            before_ = count_;
            count_ = 0;
        }
        const std::chrono::duration<double> into = now - start_;
        const double share = 1 - into / std::chrono::duration<double>(limit_.window);
        if (before_ * share + count_ + 1 > limit_.requests)
            return start_ + limit_.window - now;
        ++count_;
        return std::nullopt;
    }

private:
    usher::quota limit_;
    time_point start_;
    double before_ = 0;
    double count_ = 0;
};

/// The generic cell rate algorithm.
class gcra : public server {
public:
    gcra(const usher::quota& limit, std::uint32_t burst)
        : interval_(duration(limit.window) / limit.requests), tolerance_(interval_ * (burst - 1))
    {
    }
    std::optional<duration> arrive(time_point now) override
    {
        if (due_ - tolerance_ > now)
            return due_ - tolerance_ - now;
        due_ = std::max(due_, now) + interval_;
        return std::nullopt;
    }

private:
    duration interval_;
    duration tolerance_;
    time_point due_{};
};

struct server_kind {
    const char* name;
    std::unique_ptr<server> (*make)(const usher::quota& limit, time_point phase);
};

/// Bursts of the two last as shares of the quota: all of it, and a tenth.
inline constexpr server_kind server_kinds[] = {
    {"fixed window",
     [](const usher::quota& limit, time_point phase) -> std::unique_ptr<server> {
         return std::make_unique<fixed_window>(limit, phase);
     }},
    {"sliding log",
     [](const usher::quota& limit, time_point) -> std::unique_ptr<server> {
         return std::make_unique<sliding_log>(limit);
     }},
    {"sliding counter",
     [](const usher::quota& limit, time_point phase) -> std::unique_ptr<server> {
         return std::make_unique<sliding_counter>(limit, phase);
     }},
    {"GCRA, burst N",
     [](const usher::quota& limit, time_point) -> std::unique_ptr<server> {
         return std::make_unique<gcra>(limit, limit.requests);
     }},
    {"GCRA, burst N/10",
     [](const usher::quota& limit, time_point) -> std::unique_ptr<server> {
         return std::make_unique<gcra>(limit, limit.requests / 10);
     }},
};

} // namespace schedule_tests

#endif
