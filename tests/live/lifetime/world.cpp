#include "live/lifetime/world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <stdexcept>

namespace usher::tests {

namespace {

constexpr int most_steps = 2000;

asio::awaitable<result<void>> with_all(asio::awaitable<result<void>> call, [[maybe_unused]] std::shared_ptr<int> held,
                                       bool total)
{
    if (total)
        co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    auto done = co_await std::move(call);
    co_return done;
}

void take(ending& into, const std::exception_ptr& thrown, result<void> got)
{
    into.is_over = true;
    into.got = std::move(got);
    if (!thrown)
        return;
    try {
        std::rethrow_exception(thrown);
    } catch (const boost::system::system_error& error) {
        into.threw_aborted = error.code() == asio::error::operation_aborted;
        into.threw_other = !into.threw_aborted;
    } catch (...) {
        into.threw_other = true;
    }
}

sandbox::options quiet(sandbox::service of)
{
    sandbox::options how;
    how.services = {of};
    how.record = false;
    return how;
}

} // namespace

sandbox::server& clerk_sandbox()
{
    static sandbox::server served(quiet(sandbox::service::clerk));
    static const bool filled = (served.add_users(50, key), true);
    static_cast<void>(filled);
    return served;
}

sandbox::server& scalekit_sandbox()
{
    static sandbox::server served(quiet(sandbox::service::scalekit));
    return served;
}

const scenario& scenario_named(std::string_view name)
{
    for (const auto& one : all_scenarios())
        if (one.name == name)
            return one;
    throw std::invalid_argument("no such scenario");
}

world::world(const scenario& of) : kind(of)
{
    if (kind.is_bulk)
        how.priority = lane::bulk;
    if (kind.prepare)
        kind.prepare(*this);
    if (!on)
        open();
    others.reserve(8); // those that are under way know their place
}

world::~world() = default;

void world::open(const client_options& how_, const std::string& url)
{
    if (!server)
        server.emplace();
    auto with = how_;
    with.base_url = url.empty() ? "http://127.0.0.1:" + std::to_string(server->port()) : url;
    with.retry = retry;
    if (!with.quota)
        with.quota = quota::unlimited();
    options.proxy_from_environment = false;
    if (options.ca_pem.empty())
        options.ca_pem = clerk_sandbox().ca_pem(); // the system's take longer to read than a call takes
    on = std::make_unique<engine>(io->get_executor(), options);
    clerk.emplace(*on, secret(key), with);
}

void world::beside(asio::awaitable<result<void>> call)
{
    others.reserve(8);
    auto& into = others.emplace_back();
    asio::co_spawn(*io, with_all(std::move(call), held, false),
                   [&into](std::exception_ptr thrown, result<void> got) { take(into, thrown, std::move(got)); });
}

ending world::run(asio::awaitable<result<void>> call)
{
    ending into;
    asio::co_spawn(*io, with_all(std::move(call), held, false),
                   [&into](std::exception_ptr thrown, result<void> got) { take(into, thrown, std::move(got)); });
    for (int quiet = 0; !into.is_over && quiet < 2000;)
        quiet = step() ? 0 : quiet + 1;
    if (!into.is_over)
        throw std::runtime_error("a call does not end");
    return into;
}

void world::begin(bool lets_total_through)
{
    auto call = with_all(kind.call(*this), held, lets_total_through);
    asio::co_spawn(
        *io, std::move(call),
        asio::bind_cancellation_slot(stop_.slot(), [&into = end](std::exception_ptr thrown, result<void> got) {
            take(into, thrown, std::move(got));
        }));
}

bool world::step()
{
    for (int turns = 0; turns != 2; ++turns) {
        if (server)
            server->turn();
        io->restart();
        if (io->poll_one() != 0) {
            if (server)
                server->turn(); // what was written has come before anything else happens
            return true;
        }
        if (io->stopped())
            return false;
    }
    io->restart();
    const auto latest = clock::now() + patience;
    for (;;) { // in slices: the peer has to move, too
        const bool came = io->run_one_for(std::min(patience, std::chrono::milliseconds(3))) != 0;
        if (server)
            server->turn();
        if (came || io->stopped() || clock::now() >= latest)
            return came;
    }
}

void world::run_steps(int steps, int known)
{
    for (; taken < steps && !end.is_over && !is_stuck; taken += is_stuck ? 0 : 1) {
        patience = taken < known ? std::max(kind.patience, std::chrono::milliseconds(50)) : kind.patience;
        is_stuck = !step();
    }
    patience = kind.patience;
}

void world::cancel_between(asio::cancellation_type type, int rounds)
{
    cancel_between(type, [&rounds] { return rounds-- <= 0; });
}

void world::cancel_between(asio::cancellation_type type, const std::function<bool()>& when)
{
    bool is_done = false;
    const std::function<void()> look = [&] {
        if (!when())
            return asio::post(*io, look);
        cancel(type);
        is_done = true;
    };
    asio::post(*io, look);
    while (!is_done) {
        if (server)
            server->turn();
        io->restart();
        io->poll_one();
    }
}

bool world::finish()
{
    while (!end.is_over)
        if (!step())
            return end.is_over;
    return true;
}

void world::heal()
{
    fillers.clear();
    if (!server)
        return;
    server->acts = [](const std::string&, int) { return answer_of(200, count_body()); };
    server->release();
}

bool world::is_out_of_work()
{
    const auto latest = clock::now() + 10s;
    do {
        step();
        if (io->stopped())
            return true;
    } while (clock::now() < latest);
    return false;
}

asio::awaitable<result<void>> world::following_call()
{
    return scenario_named("a GET").call(*this);
}

int steps_alone(const scenario& kind, void (*begin)(world&))
{
    static std::map<std::pair<const scenario*, void (*)(world&)>, int> known;
    const auto found = known.find({&kind, begin});
    if (found != known.end())
        return found->second;
    const bool gets_stuck = kind.stuck != stuck_at::nowhere;
    std::vector<int> rounds;
    for (int round = 0; round != (gets_stuck ? 3 : 4); ++round) {
        world w(kind);
        begin(w);
        w.run_steps(most_steps, most_steps);
        rounds.push_back(w.taken);
    }
    // One that gets stuck too early or, as what it waits for came, too late is none that the machine left alone.
    std::sort(rounds.begin(), rounds.end());
    int steps = gets_stuck ? rounds[1] : rounds.front();
    // The sandbox has threads of its own: what it sends comes in more steps or fewer.
    if (!kind.is_counted_by_peer && !gets_stuck)
        steps = steps * 3 / 4;
    return known[{&kind, begin}] = steps;
}

int sweep(int known, int first, int stride, const std::function<stretch(int steps)>& run)
{
    int reached = 0;
    int steps = first;
    for (int more = 0; steps < most_steps; steps += stride) {
        const auto came = run(steps);
        reached = std::max(reached, came.taken);
        // How many steps there are differs a bit from time to time.
        if (!came.goes_on && steps >= known && (reached + stride > known || ++more == 20))
            break;
    }
    BOOST_TEST(known > 0);
    BOOST_TEST(steps < most_steps);
    BOOST_TEST(reached + stride > known);
    return steps;
}

} // namespace usher::tests
