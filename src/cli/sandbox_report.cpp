#include "cli/sandbox_report.hpp"

#include "cli/text.hpp"

#include <boost/json/array.hpp>

namespace usher::cli {

steady_traffic find_steady(std::span<const std::uint32_t> arrivals) noexcept
{
    constexpr std::size_t pause = 10;
    constexpr std::size_t warm_up = 20;
    std::size_t best_begin = 0;
    std::size_t best_end = 0;
    std::size_t begin = 0;
    std::size_t end = 0; // behind the last piece of this stretch that is not empty
    for (std::size_t i = 0; i < arrivals.size(); ++i) {
        if (arrivals[i] == 0)
            continue;
        if (end == 0 || i - end >= pause)
            begin = i;
        end = i + 1;
        if (end - begin > best_end - best_begin) {
            best_begin = begin;
            best_end = end;
        }
    }
    steady_traffic steady;
    // The last piece is cut short by the end of the traffic.
    if (best_end - best_begin < warm_up + 2)
        return steady;
    for (std::size_t i = best_begin + warm_up; i + 1 < best_end; ++i) {
        steady.requests += arrivals[i];
        steady.seconds += 0.1;
    }
    return steady;
}

std::string sandbox_text(const sandbox::counters& seen)
{
    std::string text = grouped(seen.requests) + " requests, " + grouped(seen.refused) + " refused (429)";
    for (const auto& [status, count] : seen.by_status)
        text += ", " + std::to_string(status) + ": " + grouped(count);
    text += "\n" + grouped(seen.connections) + " connections, " + grouped(seen.tls_resumed) + " of them resumed, " +
            grouped(seen.faults) + " faults\n";
    if (const auto steady = find_steady(seen.arrivals); steady.seconds > 0)
        text += "steady traffic: " + with_tenth(steady.per_second()) + " requests/s over " +
                with_tenth(steady.seconds) + " s\n";
    return text;
}

boost::json::object sandbox_json(const sandbox::counters& seen)
{
    boost::json::object json;
    json["requests"] = seen.requests;
    json["refused"] = seen.refused;
    json["faults"] = seen.faults;
    json["connections"] = seen.connections;
    json["tls_resumed"] = seen.tls_resumed;
    json["tls_failed"] = seen.tls_failed;
    json["running_ms"] = seen.running.count();
    boost::json::object by_status;
    for (const auto& [status, count] : seen.by_status)
        by_status[std::to_string(status)] = count;
    json["by_status"] = std::move(by_status);
    const auto steady = find_steady(seen.arrivals);
    json["steady_seconds"] = steady.seconds;
    json["steady_requests"] = steady.requests;
    json["steady_per_second"] = steady.per_second();
    json["arrivals_per_100ms"] = boost::json::array(seen.arrivals.begin(), seen.arrivals.end());
    return json;
}

} // namespace usher::cli
