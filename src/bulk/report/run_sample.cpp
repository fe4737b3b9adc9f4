#include <usher/bulk/report.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <utility>

namespace json = boost::json;

namespace usher::bulk {

namespace {

using member = std::uint64_t run_sample::*;
constexpr std::pair<std::string_view, member> members[] = {
    {"sent", &run_sample::sent},
    {"refused", &run_sample::refused},
    {"failed", &run_sample::failed},
    {"created", &run_sample::created},
    {"already_there", &run_sample::already_there},
    {"buried", &run_sample::buried},
    {"in_flight", &run_sample::in_flight},
};

/// Below 1 ms, 2 ms, 4 ms, …
std::size_t bucket_of(std::chrono::nanoseconds time, std::size_t buckets)
{
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
    const auto whole = static_cast<std::uint64_t>(std::max<std::int64_t>(ms, 0));
    return std::min<std::size_t>(static_cast<std::size_t>(std::bit_width(whole)), buckets - 1);
}

run_sample read_sample(const json::object& object)
{
    run_sample sample;
    sample.span = std::chrono::milliseconds(object.at("span_ms").to_number<std::int64_t>());
    for (const auto& [name, where] : members)
        sample.*where = object.at(name).to_number<std::uint64_t>();
    sample.limit_per_second = object.at("limit_per_second").to_number<double>();
    const auto& latency = object.at("latency").as_array();
    if (latency.size() != sample.latency.size())
        throw std::runtime_error("other buckets");
    std::transform(latency.begin(), latency.end(), sample.latency.begin(),
                   [](const json::value& count) { return count.to_number<std::uint32_t>(); });
    return sample;
}

} // namespace

std::string to_json(const run_sample& sample)
{
    json::object object;
    object["span_ms"] = sample.span.count();
    for (const auto& [name, where] : members)
        object[name] = sample.*where;
    object["limit_per_second"] = sample.limit_per_second;
    object["latency"] = json::array(sample.latency.begin(), sample.latency.end());
    return json::serialize(object);
}

run_sample parse_run_sample(std::string_view text)
{
    try {
        return read_sample(json::parse(text).as_object());
    } catch (const std::exception& problem) {
        throw std::runtime_error(std::string("not a sample of a run: ") + problem.what());
    }
}

void run_watch::on_attempt(const attempt_event& event) noexcept
{
    if (!event.was_admitted())
        return;
    counted_.sent += 1;
    counted_.refused += event.status == 429 ? 1U : 0U;
    counted_.failed += event.status == 0 || event.status >= 500 ? 1U : 0U;
    if (event.status != 0)
        counted_.latency[bucket_of(event.exchange, counted_.latency.size())] += 1;
}

run_sample run_watch::take(std::chrono::milliseconds span)
{
    auto taken = std::exchange(counted_, run_sample());
    taken.span = span;
    return taken;
}

} // namespace usher::bulk
