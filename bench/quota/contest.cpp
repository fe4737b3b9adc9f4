// The four clients that the picture shows, on the same network and service.
#include "picture.hpp"

#include "unit/schedule/instance.hpp"
#include "unit/schedule/naive_clients.hpp"
#include "unit/schedule/parallel.hpp"
#include "unit/schedule/scheduled_client.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>

namespace quota_bench {
namespace {

using namespace std::chrono_literals;
using namespace schedule_tests;

constexpr std::uint32_t requests = 1000;
constexpr auto window = 10s;
// Some clients come and go in tens of seconds: what is said of them is taken from longer than what is drawn.
constexpr auto counted = 200s;
constexpr std::size_t drawn = 400;
// The plain reading of such a limit: not more than 1000 in any 10 s.
constexpr auto shown_service = algorithm::sliding_log;

enum class contestant { usher, workers, bucket, windows };

struct entry {
    contestant who;
    const char* name;
    const char* manner;
};

constexpr entry entries[] = {
    {contestant::usher, "usher", "evenly paced"},
    {contestant::workers, "64 workers", "exponential backoff on 429"},
    {contestant::bucket, "Token bucket", "capacity 1000, 100 per second"},
    {contestant::windows, "Windows of its own", "1000 per 10 s, as fast as it can"},
};

std::unique_ptr<client> start(contestant who, world& around, instance& service)
{
    const auto& kind = service.plain();
    switch (who) {
    case contestant::usher: {
        auto ours = std::make_unique<scheduled_client>(around, service.rules());
        source work;
        work.kinds = {&kind};
        work.depth = 64;
        ours->add(work);
        ours->begin();
        return ours;
    }
    case contestant::workers:
        return std::make_unique<worker_client>(around, kind, 64U, false);
    case contestant::bucket:
        return std::make_unique<bucket_client>(around, kind, requests, window / requests);
    case contestant::windows:
        return std::make_unique<window_client>(around, kind, requests, window);
    }
    return nullptr;
}

struct run {
    use found;
    std::vector<tenth> drawn;
};

run compete(contestant who, algorithm counts_by, std::uint64_t seed)
{
    world all(way(80ms, 40ms), seed);
    nested_limits limits;
    limits.whole = {requests, window, counts_by};
    instance service(all, limits);
    // The first window is over, and what a service may allow at once after a rest.
    const auto begin = all.at(service.whole()).next_window(world::start + window);
    all.draw_from(begin, counted / 100ms);
    const auto ours = start(who, all, service);
    all.run(begin + counted);

    run result;
    double accepted = 0;
    double refused = 0;
    for (const auto& one : all.drawn()) {
        accepted += one.accepted;
        refused += one.refused;
    }
    result.found = {accepted / (requests * (counted / window)), refused / (accepted + refused)};
    result.drawn.assign(all.drawn().begin(), all.drawn().begin() + drawn);
    return result;
}

} // namespace

std::vector<lane_data> run_lanes(std::uint64_t phases)
{
    constexpr std::uint64_t shown = 7;
    std::vector<lane_data> lanes;
    for (const auto& one : entries) {
        const auto here = compete(one.who, shown_service, shown);
        lane_data lane{one.name, one.manner, here.drawn, here.found, {2, 2}, {0, 0}};
        std::vector<use> found(std::size(algorithms) * phases);
        in_parallel(found.size(),
                    [&](std::size_t i) { found[i] = compete(one.who, algorithms[i / phases], i % phases + 1).found; });
        for (const auto& [used, refused] : found) {
            lane.least = {std::min(lane.least.used, used), std::min(lane.least.refused, refused)};
            lane.most = {std::max(lane.most.used, used), std::max(lane.most.refused, refused)};
        }
        lanes.push_back(lane);
    }
    return lanes;
}

} // namespace quota_bench
