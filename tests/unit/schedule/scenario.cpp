#include "scenario.hpp"

#include "scheduled_client.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <sstream>

namespace schedule_tests {

using namespace std::chrono_literals;

namespace {

constexpr std::uint8_t other_group = 0;
constexpr std::uint8_t blocked_group = 1;

std::uint32_t between(chance& dice, double low, double high)
{
    return static_cast<std::uint32_t>(std::lround(low * std::pow(high / low, dice.share())));
}

template <typename T, std::size_t Size>
T one_of(chance& dice, const T (&from)[Size])
{
    return from[dice.upto(Size - 1)];
}

way draw_way(chance& dice)
{
    if (dice.happens(0.08))
        return way::heavy_tail();
    const std::chrono::milliseconds mean(between(dice, 5, 400));
    way path(mean, mean / 2);
    if (dice.happens(0.3))
        path.late = std::chrono::microseconds(dice.upto(5000));
    if (dice.happens(0.2))
        path.outliers = 0.01;
    if (dice.happens(0.2))
        path.lost = 0.005;
    if (dice.happens(0.2))
        path.failing = 0.01;
    return path;
}

/// The two ways to count that guess have to fit: what varies on the way there, in requests at the pace, into the burst
/// that the service allows; and a sliding counter takes the window before for evenly spread, which few requests are
/// not.
bool is_fair(const limit& whole, const way& path)
{
    if (whole.counts_by == algorithm::sliding_counter)
        return whole.requests >= 100;
    if (whole.counts_by != algorithm::gcra_tenth)
        return true;
    const std::chrono::duration<double> spread =
        path.is_log_normal ? 5s : duration((path.outliers != 0 ? 5 : 2) * path.spread) + path.late;
    return whole.requests * (spread / std::chrono::duration<double>(whole.window)) + 7 <= whole.requests / 10;
}

} // namespace

scenario::scenario(std::uint64_t seed_) : seed(seed_)
{
    chance dice(seed * 2 + 1);
    static constexpr std::chrono::seconds windows[] = {1s, 5s, 10s, 10s, 10s, 60s};
    limits.whole = {between(dice, 20, 3000), one_of(dice, windows), one_of(dice, algorithms)};
    path = draw_way(dice);
    if (!is_fair(limits.whole, path))
        limits.whole.counts_by = algorithm::fixed_window;
    const double window = std::chrono::duration<double>(limits.whole.window).count();
    const double per_second = limits.whole.requests / window;
    length = std::chrono::milliseconds(
        static_cast<std::int64_t>(1000 * std::clamp(4000 / per_second, 2.5 * window, 10 * window)));
    // Limits that may be used up at once want a service that allows it.
    static constexpr algorithm bursting[] = {algorithm::fixed_window, algorithm::sliding_log, algorithm::gcra};
    if (dice.happens(0.6)) {
        limits.user = limit{between(dice, 1, 20), std::chrono::seconds(between(dice, 1, 20)), one_of(dice, bursting)};
        limits.users = between(dice, 1, 40);
    }
    if (dice.happens(0.4))
        limits.invitations =
            limit{between(dice, 1, 50), std::chrono::seconds(between(dice, 2, 40)), one_of(dice, bursting)};
    if (dice.happens(0.3)) {
        path.stall = std::chrono::milliseconds(between(dice, 100, 3000));
        path.every = std::chrono::milliseconds(between(dice, 10'000, 40'000));
    }
    if (dice.happens(0.3))
        timeout = 10s;
    if (path.is_log_normal || path.every != path.every.zero())
        timeout = 30s;
    is_unknown = dice.happens(0.1);
    charges_refused = dice.happens(0.5);
    restarts = dice.happens(0.15);
    dropped = dice.happens(0.3) ? 0.02 : 0;
    tenants = static_cast<std::uint32_t>(1 + dice.upto(3));
    depth = dice.happens(0.6) ? between(dice, 1, 20) : 0;
    load = 0.3 + 3 * dice.share();
    cancelled = dice.happens(0.3) ? 0.2 : 0;
    patience = dice.happens(0.5) ? std::chrono::milliseconds(between(dice, 20, 5000)) : 0ms;
    has_bulk = dice.happens(0.5);
    has_block = dice.happens(0.3);
}

std::string scenario::text() const
{
    std::ostringstream out;
    const auto show = [&out](const char* name, const limit& one) {
        out << name << ' ' << one.requests << " per " << std::chrono::duration<double>(one.window).count() << " s ("
            << name_of(one.counts_by) << "), ";
    };
    show("instance", limits.whole);
    if (limits.user) {
        out << limits.users << ' ';
        show("users", *limits.user);
    }
    if (limits.invitations)
        show("invitations", *limits.invitations);
    if (path.is_log_normal)
        out << "heavy tail";
    else
        out << path.mean.count() << " +- " << path.spread.count() << " ms";
    out << ", late " << path.late.count() << " us, outliers " << path.outliers << ", lost " << path.lost << ", failing "
        << path.failing << ", stall " << path.stall.count() << " of " << path.every.count() << " ms, length "
        << length.count() << " ms, depth " << depth << ", load " << load << ", patience " << patience.count() << " ms, "
        << tenants << " tenants" << (is_unknown ? ", unknown" : "") << (has_bulk ? ", bulk" : "")
        << (has_block ? ", blocked endpoint" : "") << (restarts ? ", restart" : "")
        << (charges_refused ? ", refused are charged" : "") << (dropped != 0 ? ", some are not sent" : "");
    return out.str();
}

namespace {

class course {
public:
    explicit course(const scenario& what)
        : what_(what), all_(what.path, what.seed, what.timeout), service_(all_, what.limits, told(what))
    {
        all_.charge_refused(what.charges_refused);
        work_.push_back(&service_.plain());
        if (what.limits.invitations)
            invitations_.push_back(&service_.plain(send_invitation));
        for (std::uint32_t i = 0; i != what.limits.users; ++i) {
            users_.push_back(&service_.of_user(i, change_user, other_group));
            users_.push_back(&service_.of_user(i, change_member, other_group));
        }
        if (what.has_block)
            blocked_.push_back(&service_.plain(list_reports, blocked_group));
    }

    scenario_result go();

private:
    static usher::quota told(const scenario& what)
    {
        auto rules = quota_of(what.limits);
        if (what.is_unknown) {
            rules.rules[0].amount = usher::quota_amount::unknown;
            rules.rules[0].requests = 0;
        }
        return rules;
    }
    std::unique_ptr<scheduled_client> start();
    void settle(scheduled_client& one);
    void require(bool holds, const std::string& promise)
    {
        if (!holds && result_.broken.empty())
            result_.broken = promise;
    }

    const scenario& what_;
    world all_;
    instance service_;
    std::vector<const request_kind*> work_, invitations_, users_, blocked_;
    scenario_result result_;
};

std::unique_ptr<scheduled_client> course::start()
{
    auto one = std::make_unique<scheduled_client>(all_, service_.rules());
    one->drop(what_.dropped);
    const double per_second =
        what_.limits.whole.requests / std::chrono::duration<double>(what_.limits.whole.window).count();
    const auto add = [&](const std::vector<const request_kind*>& kinds, std::uint32_t number, double share) {
        if (kinds.empty())
            return;
        source work;
        work.kinds = kinds;
        work.priority = what_.has_bulk && number % 2 == 0 ? usher::lane::bulk : usher::lane::interactive;
        const auto tenant = number % what_.tenants;
        work.tenant = one->limits().tenant(tenant == 0 ? "" : std::to_string(tenant), 1 + tenant);
        work.depth = number % 3 == 2 ? 0 : what_.depth;
        work.per_second = std::max(0.1, share * what_.load * per_second);
        work.patience = what_.patience;
        work.cancelled = what_.cancelled;
        one->add(work);
    };
    for (std::uint32_t i = 0; i != what_.tenants; ++i)
        add(work_, i, 0.5 / what_.tenants);
    add(users_, 1, 0.3);
    add(users_, 2, 0.1);
    add(invitations_, 0, 0.05);
    add(blocked_, 1, 0.05);
    one->begin();
    return one;
}

void course::settle(scheduled_client& one)
{
    for (std::size_t i = 0; i != one.sources(); ++i) {
        const auto& found = one.of(i);
        result_.given_up += found.declined + found.expired + found.cancelled;
    }
    require(one.broken().empty(), one.broken());
}

scenario_result course::go()
{
    const auto end = world::start + what_.length;
    if (what_.has_block)
        all_.block(list_reports, world::start + what_.length / 4, world::start + what_.length / 2);
    auto ours = start();
    if (what_.restarts) {
        all_.run(world::start + all_.dice().within(what_.length / 4, what_.length * 3 / 4));
        ours->die();
        settle(*ours);
        all_.run(all_.now() + all_.dice().within({}, 1s));
        ours = start();
    }
    all_.run(end);
    ours->close();
    // Whatever still waits gets its turn or runs out of time.
    all_.run(end + 48h);
    ours->check_end();
    settle(*ours);

    const auto& other = all_.figures(other_group);
    result_.sent = all_.figures().sent;
    result_.refused = other.refused;
    result_.blocked = all_.figures(blocked_group).refused;
    result_.trace = all_.trace();
    require(result_.sent != 0, "something is sent");
    if (what_.is_calm())
        require(result_.refused == 0, std::to_string(result_.refused) + " of " + std::to_string(result_.sent) +
                                          " are refused though the way is calm");
    if (!what_.restarts) {
        for (const auto part : service_.parts())
            require(all_.at(part).exceeded() == 0, "no window of a user or an endpoint holds more than its limit");
        require(what_.is_unknown || all_.at(service_.whole()).exceeded() == 0,
                "no window of the instance holds more than its limit");
    }
    return result_;
}

} // namespace

scenario_result run(const scenario& what)
{
    return course(what).go();
}

} // namespace schedule_tests
