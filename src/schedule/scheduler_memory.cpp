// Limits with long windows, kept over a restart.
#include "schedule/scheduler_parts.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <stdexcept>

namespace usher::schedule {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

[[noreturn]] void refuse(const std::string& what)
{
    throw std::runtime_error("the remembered use of the quota can't be read: " + what);
}

std::int64_t ms_since_1970(std::chrono::system_clock::time_point time)
{
    return std::chrono::ceil<milliseconds>(time.time_since_epoch()).count();
}

/// Of what a file says only that is taken which no arithmetic with it passes the range of a clock.
std::chrono::system_clock::time_point from_ms(std::int64_t time)
{
    constexpr std::int64_t latest = 4'102'444'800'000; // the year 2100
    return std::chrono::system_clock::time_point(milliseconds(std::clamp<std::int64_t>(time, 0, latest)));
}

} // namespace

bool scheduler::take_unsaved() noexcept
{
    const bool unsaved = parts_->is_unsaved;
    parts_->is_unsaved = false;
    return unsaved;
}

// {"version": 1, "buckets": [{"rule": "invitations", "key": "0", "burst": 0, "tried": 10, "cold": 1700000000000,
// "free": [[1700000000000, 3], …]}, …]}. Each pair is when slots become free, in ms since 1970, and how many; "cold" is
// until when it is not known what was used before, where there is such a time.
std::string scheduler::save(time_point now, std::chrono::system_clock::time_point wall) const
{
    auto& p = *parts_;
    json::array all;
    p.buckets.for_each([&](pooled_bucket& one) {
        if (!one.counts.is_long())
            return;
        std::vector<time_point> free;
        one.counts.log().for_each_held([&free](time_point when) { free.push_back(when); });
        // What is on its way may arrive until its time limit ends.
        free.insert(free.end(), one.counts.log().in_flight(), now + p.timeout + one.counts.window());
        std::sort(free.begin(), free.end());
        json::array slots;
        for (const auto when : free) {
            if (when <= now)
                continue;
            const auto at = ms_since_1970(wall + (when - now));
            if (!slots.empty() && slots.back().as_array()[0].as_int64() == at)
                slots.back().as_array()[1] = slots.back().as_array()[1].as_int64() + 1;
            else
                slots.push_back(json::array{at, 1});
        }
        json::object entry;
        entry["rule"] = p.rules->rules()[one.name.rule].name;
        entry["key"] = std::to_string(one.name.key);
        entry["burst"] = one.counts.burst();
        entry["tried"] = one.counts.tried();
        if (one.counts.cold_until() > now)
            entry["cold"] = ms_since_1970(wall + (one.counts.cold_until() - now));
        entry["free"] = std::move(slots);
        all.push_back(std::move(entry));
    });
    return json::serialize(json::object{{"version", 1}, {"buckets", std::move(all)}});
}

void scheduler::restore(std::string_view text, time_point now, std::chrono::system_clock::time_point wall)
{
    auto& p = *parts_;
    boost::system::error_code ec;
    const auto parsed = json::parse(json::string_view(text.data(), text.size()), ec);
    if (ec)
        refuse(ec.message());
    try {
        if (parsed.at("version").to_number<int>() != 1)
            refuse("version");
        for (const auto& entry : parsed.at("buckets").as_array()) {
            const std::string_view name = entry.at("rule").as_string();
            const auto& rules = p.rules->rules();
            const auto rule =
                std::find_if(rules.begin(), rules.end(), [name](const auto& r) { return r.name == name; });
            if (rule == rules.end())
                continue; // of a quota that was configured otherwise
            draw which;
            which.rule = static_cast<std::uint16_t>(rule - rules.begin());
            which.key = std::stoull(std::string(entry.at("key").as_string()));
            auto& one = p.buckets.find(which, p.spread, now);
            if (!one.counts.is_long())
                continue;
            auto cold_until = time_point::min();
            if (const auto* cold = entry.as_object().if_contains("cold"))
                cold_until = now + (from_ms(cold->to_number<std::int64_t>()) - wall);
            one.counts.restore(entry.at("burst").to_number<std::uint32_t>(),
                               entry.at("tried").to_number<std::uint32_t>(), cold_until, now);
            // A clock that was set back since must not close a limit for longer than it can be closed.
            const auto latest = now + one.counts.window() + p.timeout + std::chrono::seconds(1);
            std::uint64_t slots = 0;
            for (const auto& slot : entry.at("free").as_array()) {
                const auto when = std::min(latest, now + (from_ms(slot.at(0).to_number<std::int64_t>()) - wall));
                for (auto left = slot.at(1).to_number<std::uint32_t>(); left != 0 && when > now; --left)
                    if (++slots <= rule->requests)
                        one.counts.remember(when);
            }
            one.counts.resume(now);
        }
    } catch (const std::exception& thrown) {
        refuse(thrown.what());
    }
}

} // namespace usher::schedule
