#include "figures.hpp"

#include "parallel.hpp"
#include "scheduled_client.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>

namespace schedule_tests {

using namespace std::chrono_literals;

void total::add(const outcome& one, const std::string& name)
{
    ++runs;
    sent += one.sent;
    refused += one.refused;
    runs_refused += one.refused != 0 ? 1U : 0U;
    if (one.share < least) {
        least = one.share;
        worst = name;
    }
    least_open = std::min(least_open, one.share / one.open);
    if (broken.empty() && !one.broken.empty())
        broken = name + ": " + one.broken;
}

outcome saturate(const saturation& what, std::uint64_t seed)
{
    world all(what.path, seed);
    nested_limits limits;
    limits.whole = what.whole;
    instance service(all, limits);
    const auto& kind = service.plain();

    source work;
    work.kinds = {&kind};
    work.depth = 64;
    const auto start = [&] {
        auto one = std::make_unique<scheduled_client>(all, service.rules());
        one->add(work);
        one->begin();
        return one;
    };
    const auto counted_from = world::start + what.whole.window;
    const auto end = counted_from + what.length;
    all.count_from(counted_from);
    outcome result;
    auto ours = start();
    if (what.restarts) {
        // Anywhere but in the first window, which is not counted.
        all.run(all.dice().within({}, what.length / 2) + counted_from);
        ours->die();
        result.broken = ours->broken();
        all.run(all.now() + all.dice().within({}, 500ms));
        ours = start();
    }
    all.run(end);

    const auto figures = all.figures();
    const auto windows = std::chrono::duration<double>(what.length) / std::chrono::duration<double>(what.whole.window);
    result.sent = figures.sent;
    result.refused = figures.refused;
    result.share = static_cast<double>(figures.counted) / (what.whole.requests * windows);
    result.open = all.link().open_share(counted_from, end);
    result.trace = all.trace();
    if (result.broken.empty())
        result.broken = ours->broken();
    return result;
}

total saturate_all(saturation what, std::uint64_t phases)
{
    constexpr auto kinds = std::size(algorithms);
    std::vector<outcome> found(kinds * phases);
    in_parallel(found.size(), [&](std::size_t i) {
        auto one = what;
        one.whole.counts_by = algorithms[i / phases];
        found[i] = saturate(one, i % phases + 1);
    });
    total result;
    for (std::size_t i = 0; i != found.size(); ++i)
        result.add(found[i], std::string(name_of(algorithms[i / phases])) + ", seed " + std::to_string(i % phases + 1));
    return result;
}

beside_blocked run_beside_blocked(algorithm counts_by, std::uint64_t seed)
{
    constexpr std::uint32_t users = 1000;
    constexpr auto length = 60s;
    world all(way(80ms, 40ms), seed);
    nested_limits limits;
    // Room for all users, 1,000 a second, and four times as much beside them.
    limits.whole = {50'000, 10s, counts_by};
    limits.user = limit{10, 10s, algorithm::sliding_log};
    limits.users = users;
    instance service(all, limits);

    scheduled_client ours(all, service.rules());
    source busy;
    busy.depth = 20;
    for (std::uint32_t i = 0; i != users; ++i)
        busy.kinds.push_back(&service.of_user(i));
    source blocked;
    blocked.kinds = {&service.plain(list_reports, 2)};
    blocked.depth = 1000;
    source free;
    free.kinds = {&service.plain(list_things, 0)};
    free.depth = 500;
    ours.add(busy);
    ours.add(blocked);
    ours.add(free);
    ours.begin();
    all.block(list_reports, world::start, world::start + 1h);
    const auto counted_from = world::start + 10s;
    all.count_from(counted_from);
    all.run(counted_from + length);

    beside_blocked result;
    result.free = all.figures(0).counted;
    result.users = all.figures(1).counted;
    result.refused = all.figures(0).refused + all.figures(1).refused;
    const auto left = limits.whole.requests * (length / 10s) - static_cast<double>(result.users);
    result.share_of_rest = static_cast<double>(result.free) / left;
    for (const auto part : service.parts())
        result.exceeded += all.at(part).exceeded();
    result.broken = ours.broken();
    return result;
}

invitations run_invitations(algorithm counts_by, bool remembers, std::uint64_t seed)
{
    constexpr int restarts = 10;
    world all(way(80ms, 40ms), seed);
    nested_limits limits;
    limits.whole = {1000, 10s, counts_by};
    limits.invitations = limit{100, 1h, counts_by};
    instance service(all, limits);
    source work;
    work.kinds = {&service.plain(send_invitation)};
    work.depth = 5;
    invitations result;
    std::string saved;
    for (int life = 0; life <= restarts; ++life) {
        scheduled_client ours(all, service.rules());
        if (remembers && life != 0)
            ours.restore(saved);
        ours.add(work);
        ours.begin();
        all.run(all.now() + all.dice().within(30s, 20min));
        // What is written last before a process ends is what it wrote before its last request left.
        saved = ours.save();
        ours.die();
        if (result.broken.empty())
            result.broken = ours.broken();
        all.run(all.now() + all.dice().within(1s, 60s));
    }
    result.accepted = all.figures().accepted;
    result.refused = all.figures().refused;
    for (const auto part : service.parts())
        result.exceeded += all.at(part).exceeded();
    return result;
}

learning run_learning(algorithm counts_by, std::uint32_t per_minute, double change, std::uint64_t seed)
{
    world all(way(80ms, 40ms), seed);
    nested_limits limits;
    limits.whole = {per_minute, 1min, counts_by};
    instance service(all, limits, usher::quota::unknown());
    scheduled_client ours(all, service.rules());
    source work;
    work.kinds = {&service.plain()};
    work.depth = 64;
    ours.add(work);
    ours.begin();

    const auto settle = 2min;
    const auto length = 10min;
    const auto counted = [&](time_point until) {
        all.run(until);
        return static_cast<double>(all.figures().accepted);
    };
    const auto windows = static_cast<double>((length - settle) / 1min);
    learning result;
    auto begin = counted(world::start + settle);
    result.before = (counted(world::start + length) - begin) / (per_minute * windows);
    const auto changed = static_cast<std::uint32_t>(per_minute * change);
    all.at(service.whole()).change(changed);
    begin = counted(world::start + length + settle);
    result.after = (counted(world::start + 2 * length) - begin) / (changed * windows);
    result.sent = all.figures().sent;
    result.refused = all.figures().refused;
    result.broken = ours.broken();
    return result;
}

lanes run_lanes(algorithm counts_by, std::uint64_t seed)
{
    constexpr std::uint32_t weights[] = {1, 1, 2, 4};
    constexpr auto length = 120s;
    world all(way(80ms, 40ms), seed);
    nested_limits limits;
    limits.whole = {1000, 10s, counts_by};
    instance service(all, limits);
    scheduled_client ours(all, service.rules());
    const auto& kind = service.plain();
    source calls;
    calls.kinds = {&kind};
    calls.per_second = 5;
    calls.patience = 2s;
    calls.keeps_waits = true;
    ours.add(calls);
    for (std::size_t i = 0; i != std::size(weights); ++i) {
        source bulk;
        bulk.kinds = {&kind};
        bulk.priority = usher::lane::bulk;
        bulk.tenant = ours.limits().tenant("tenant " + std::to_string(i), weights[i]);
        bulk.per_second = 250;
        bulk.patience = 5s;
        ours.add(bulk);
    }
    ours.begin();
    all.count_from(world::start + 10s);
    all.run(world::start + 10s + length);

    lanes result;
    auto waits = ours.of(0).waits;
    std::sort(waits.begin(), waits.end());
    result.interactive_p50 = waits[waits.size() / 2];
    result.interactive_p99 = waits[waits.size() * 99 / 100];
    double sent = 0;
    for (std::size_t i = 1; i <= std::size(weights); ++i) {
        sent += static_cast<double>(ours.of(i).sent);
        result.expired += ours.of(i).expired + ours.of(i).declined;
    }
    for (std::size_t i = 0; i != std::size(weights); ++i) {
        const auto due = sent * weights[i] / 8;
        result.tenant_error =
            std::max(result.tenant_error, std::abs(static_cast<double>(ours.of(i + 1).sent) - due) / due);
    }
    result.refused = all.figures().refused;
    result.share = static_cast<double>(all.figures().counted) / (1000.0 * (length / 10s));
    result.broken = ours.broken();
    return result;
}

} // namespace schedule_tests
