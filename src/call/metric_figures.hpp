// What metrics count.
#ifndef USHER_CALL_METRIC_FIGURES_HPP
#define USHER_CALL_METRIC_FIGURES_HPP

#include <usher/metrics.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

namespace usher::detail {

/// How an attempt was answered.
enum class status_class : std::uint8_t { none, informational, success, redirection, client_error, server_error };

inline status_class class_of(int status) noexcept
{
    return status < 100 || status > 599 ? status_class::none : static_cast<status_class>(status / 100);
}

/// Durations by size: 1, 2 and 5 of each power of ten, from a tenth of a millisecond to a hundred seconds.
class histogram {
public:
    static constexpr std::array<std::int64_t, 19> bounds_us{
        100,     200,     500,       1'000,     2'000,     5'000,      10'000,     20'000,     50'000,     100'000,
        200'000, 500'000, 1'000'000, 2'000'000, 5'000'000, 10'000'000, 20'000'000, 50'000'000, 100'000'000};

    void add(std::chrono::nanoseconds duration) noexcept
    {
        const auto ns = std::max<std::int64_t>(0, duration.count());
        const auto at = std::lower_bound(bounds_us.begin(), bounds_us.end(), (ns + 999) / 1000) - bounds_us.begin();
        ++counts_[static_cast<std::size_t>(at)];
        ++count_;
        sum_ns_ += static_cast<std::uint64_t>(ns);
    }
    /// In the buckets, the last of them for all that is longer; not cumulated.
    const std::array<std::uint64_t, bounds_us.size() + 1>& counts() const noexcept { return counts_; }
    std::uint64_t count() const noexcept { return count_; }
    double sum_seconds() const noexcept { return static_cast<double>(sum_ns_) / 1e9; }

private:
    std::array<std::uint64_t, bounds_us.size() + 1> counts_{};
    std::uint64_t count_ = 0;
    std::uint64_t sum_ns_ = 0;
};

struct operation_figures {
    operation_figures() = default;
    std::array<std::uint64_t, static_cast<std::size_t>(error_kind::credentials) + 1> calls{}; ///< by error_kind
    std::array<std::uint64_t, 6> attempts{};                                                  ///< by status_class
    std::uint64_t retries = 0;
    std::uint64_t hedges = 0;
    std::uint64_t rate_limited = 0;
    std::uint64_t reconciled = 0;
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;
    histogram duration;
    histogram admission;
    histogram pool;
    histogram handshake;
    histogram first_byte;
    histogram exchange;
    histogram backoff;
};

struct operation_name {
    operation_name() = default;
    operation_name(std::string service_, std::string operation_)
        : service(std::move(service_)), operation(std::move(operation_))
    {
    }
    std::string service;
    std::string operation;
};

struct operation_view {
    std::string_view service;
    std::string_view operation;
};

struct operation_hash {
    using is_transparent = void;
    std::size_t operator()(const auto& of) const noexcept
    {
        const std::hash<std::string_view> hash;
        return hash(of.operation) * 31 + hash(of.service);
    }
};

struct same_operation {
    using is_transparent = void;
    bool operator()(const auto& a, const auto& b) const noexcept
    {
        return a.operation == b.operation && a.service == b.service;
    }
};

using all_operations = std::unordered_map<operation_name, operation_figures, operation_hash, same_operation>;

} // namespace usher::detail

namespace usher {

class metrics::figures {
public:
    detail::operation_figures& of(std::string_view service, std::string_view operation)
    {
        const auto found = operations.find(detail::operation_view{service, operation});
        if (found != operations.end())
            return found->second;
        return operations[detail::operation_name(std::string(service), std::string(operation))];
    }

    mutable std::mutex lock;
    detail::all_operations operations;
    std::map<std::string, engine_counters> engines;
    std::map<std::string, quota_usage> quotas;
};

} // namespace usher

#endif
