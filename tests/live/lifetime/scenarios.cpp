// The kinds of calls. Each gets stuck, or ends, at another place.
#include "live/lifetime/world.hpp"

#include <usher/scalekit/organizations.hpp>

#include "call/client_state.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace usher::tests {

namespace {

asio::awaitable<result<void>> count(world& w)
{
    const clerk::get_users_count_params all;
    auto counted = co_await w.clerk->users().count(all, w.how);
    if (!counted)
        co_return counted.error();
    co_return result<void>();
}

asio::awaitable<result<void>> count_as_json(world& w)
{
    for (const auto* operation : w.clerk->state()->service.operations)
        if (operation->id == "GetUsersCount") {
            auto counted = co_await call_json(*w.clerk, *operation, "{}", w.how);
            if (!counted)
                co_return counted.error();
        }
    co_return result<void>();
}

asio::awaitable<result<void>> create(world& w)
{
    static int number = 0;
    clerk::create_user_params params;
    params.external_id = "lifetime-" + std::to_string(getpid()) + "-" + std::to_string(++number);
    params.email_address = {"u" + std::to_string(number) + "@example.com"};
    params.skip_password_requirement = true;
    auto made = co_await w.clerk->users().create(params, w.how);
    if (!made)
        co_return made.error();
    co_return result<void>();
}

asio::awaitable<result<void>> upload_bytes(world& w)
{
    clerk::set_user_profile_image_params image;
    image.file = upload::from_memory(w.large, "face.png", "image/png");
    auto changed = co_await w.clerk->users().set_profile_image("user_1", image, w.how);
    if (!changed)
        co_return changed.error();
    co_return result<void>();
}

asio::awaitable<result<void>> upload_file(world& w)
{
    clerk::set_user_profile_image_params image;
    image.file = upload::from_file(w.file, "image/png");
    auto changed = co_await w.clerk->users().set_profile_image("user_1", image, w.how);
    if (!changed)
        co_return changed.error();
    co_return result<void>();
}

asio::awaitable<result<void>> read_pages(world& w)
{
    clerk::get_user_list_params params;
    params.limit = 20;
    auto listing = w.clerk->users().list_pages(params, w.how);
    w.listing = listing;
    for (;;) {
        auto page = co_await listing.next();
        if (!page)
            co_return page.error();
        if (page->empty())
            co_return result<void>();
    }
}

asio::awaitable<result<void>> list_organizations(world& w)
{
    auto page = co_await w.scalekit->organizations().list();
    if (!page)
        co_return page.error();
    co_return result<void>();
}

/// A file that goes with the program; nobody writes it twice.
const std::string& large_file()
{
    struct kept {
        kept()
            : path((std::filesystem::temp_directory_path() / ("usher-lifetime-" + std::to_string(getpid()))).string())
        {
            std::ofstream(path) << std::string(16 << 20, 'f');
        }
        ~kept() { std::remove(path.c_str()); }
        std::string path;
    };
    static const kept one;
    return one.path;
}

void answers(world& w, reply with)
{
    w.server.emplace();
    w.server->acts = [with](const std::string&, int) { return with; };
}

void open_sandbox(world& w)
{
    w.options.ca_pem = clerk_sandbox().ca_pem();
    w.open(client_options(), clerk_sandbox().url());
}

/// As if there had been 120 requests that took 1 ms.
void learn(world& w)
{
    auto& health = *w.clerk->state()->health;
    for (const auto* operation : w.clerk->state()->service.operations)
        for (int i = 0; operation->id == "GetUsersCount" && i != 120; ++i) {
            health.latencies_of(operation->index).add(1ms);
            health.hedges.sent();
        }
}

void hedged(world& w, reply first, reply second)
{
    w.server.emplace();
    w.retry.hedge = true;
    w.server->acts = [first, second](const std::string&, int number) { return number == 1 ? first : second; };
    w.open();
    learn(w);
}

void trip_breaker(world& w)
{
    w.open();
    auto& health = *w.clerk->state()->health;
    const auto then = clock::now() - 700ms; // open for another 50 to 300 ms: not too long, nor too short
    for (int i = 0; i != 40 && health.is_closed(); ++i) {
        auto pass = health.enter(then);
        health.settle(pass, retry::health_sign::bad, then, "no answer");
    }
    if (health.is_passable(then + 820ms) || !health.is_passable(then + 920ms))
        trip_breaker(w);
}

/// A listening socket whose queue is full: whoever connects gets no answer.
void full_backlog(world& w)
{
    w.server.emplace(0);
    w.server->accepts = false;
    w.fillers_io = std::make_unique<asio::io_context>(1);
    for (int i = 0; i != 3; ++i) {
        auto& one = w.fillers.emplace_back(*w.fillers_io, asio::ip::tcp::v4());
        one.async_connect({asio::ip::address_v4::loopback(), w.server->port()}, [](boost::system::error_code) {});
    }
    w.open();
}

scenario with(scenario of, void (*change)(scenario&))
{
    change(of);
    return of;
}

void elsewhere(scenario& of)
{
    of.is_counted_by_peer = false;
}

std::vector<scenario> make_all()
{
    std::vector<scenario> all;
    all.emplace_back("a GET", count, nullptr);
    all.emplace_back("a GET, its answer in two pieces", count, [](world& w) {
        auto out = half_of(200, count_body());
        answers(w, out);
    });
    all.emplace_back("a GET on a connection that was used", count, [](world& w) {
        w.open();
        w.run(count(w));
    });
    all.back().sends_at_once = true;
    all.emplace_back("a call by its description", count_as_json, nullptr);
    all.emplace_back("a GET without an answer", count, [](world& w) { answers(w, silence()); });
    all.emplace_back("a GET with half an answer", count, [](world& w) {
        auto out = half_of(200, count_body());
        out.held = 1;
        answers(w, out);
    });
    all.emplace_back("a POST that is refused", create,
                     [](world& w) { answers(w, answer_of(422, R"({"errors":[]})")); });
    all.emplace_back("a POST without an answer", create, [](world& w) { answers(w, silence()); });
    all.emplace_back("a large body that is not read", upload_bytes, [](world& w) {
        w.large.assign(16 << 20, 'b');
        answers(w, answer_of(404, R"({"errors":[]})"));
        w.server->reads = false;
    });
    all.back().is_slow = true;
    all.emplace_back("a file that is not read", upload_file, [](world& w) {
        w.file = large_file();
        answers(w, answer_of(404, R"({"errors":[]})"));
        w.server->reads = false;
    });
    all.emplace_back("a file", upload_file, [](world& w) {
        w.file = large_file();
        answers(w, answer_of(404, R"({"errors":[]})"));
    });
    all.emplace_back("attempts after a failure", count, [](world& w) {
        w.retry = retry_policy();
        w.retry.initial_backoff = 1ms;
        w.server.emplace();
        w.server->acts = [](const std::string&, int number) {
            return answer_of(number < 3 ? 503 : 200, number < 3 ? "{}" : count_body());
        };
    });
    all.emplace_back(with(scenario("a long backoff", count,
                                   [](world& w) {
                                       w.retry = retry_policy();
                                       answers(w, answer_of(503, "{}", "Retry-After: 60\r\n"));
                                   }),
                          [](scenario& of) { of.can_follow = false; })); // others wait for the service, too
    all.emplace_back("waiting for the quota", count, [](world& w) {
        client_options how;
        how.quota = quota(3, 150ms); // one that is cancelled unanswered may arrive for half a minute and counts as long
        w.open(how);
        w.run(count(w));
    });
    all.back().is_slow = true;
    all.emplace_back(with(scenario("held by the breaker", count, trip_breaker),
                          [](scenario& of) { of.is_bulk = of.is_slow = true; }));
    all.emplace_back("waiting in the pool", count, [](world& w) {
        w.options.max_connections_per_origin = 1;
        answers(w, silence());
        w.open();
        w.beside(count(w));
        while (w.server->whole == 0)
            w.step();
    });
    all.emplace_back("a name to resolve", count, [](world& w) {
        w.server.emplace();
        w.open(client_options(), "http://localhost:" + std::to_string(w.server->port()));
    });
    all.emplace_back(
        with(scenario("connecting without an answer", count, full_backlog), [](scenario& of) { of.is_slow = true; }));
    all.emplace_back(with(scenario("a handshake without an answer", count,
                                   [](world& w) {
                                       answers(w, silence());
                                       w.open(client_options(),
                                              "https://127.0.0.1:" + std::to_string(w.server->port()));
                                   }),
                          [](scenario& of) { of.can_follow = of.is_counted_by_peer = false; }));
    all.emplace_back("a hedge that wins", count, [](world& w) { hedged(w, silence(), answer_of(200, count_body())); });
    all.emplace_back("a hedge that does not win", count, [](world& w) { hedged(w, silence(), silence()); });
    all.emplace_back(with(scenario("a GET over TLS", count, open_sandbox), elsewhere));
    all.emplace_back(with(scenario("a POST over TLS", create, open_sandbox), elsewhere));
    all.emplace_back(with(scenario("a listing", read_pages, open_sandbox), elsewhere));
    all.emplace_back(with(scenario("a call that needs a token", list_organizations,
                                   [](world& w) {
                                       w.options.ca_pem = scalekit_sandbox().ca_pem();
                                       w.open();
                                       client_options how;
                                       how.quota = quota::unlimited();
                                       w.scalekit.emplace(*w.on, scalekit_sandbox().origin(), "skc_1",
                                                          secret("a-secret"), how);
                                   }),
                          elsewhere));
    const auto gets_stuck = [&all](stuck_at where, std::initializer_list<std::string_view> names) {
        for (const auto name : names) {
            const auto one = std::find_if(all.begin(), all.end(), [name](const auto& it) { return it.name == name; });
            one->stuck = where;
            one->patience = 3ms;
        }
    };
    gets_stuck(stuck_at::before_sending, {"waiting for the quota", "held by the breaker", "waiting in the pool",
                                          "connecting without an answer", "a handshake without an answer"});
    gets_stuck(stuck_at::sent,
               {"a GET without an answer", "a GET with half an answer", "a POST without an answer",
                "a large body that is not read", "a file that is not read", "a hedge that does not win"});
    gets_stuck(stuck_at::between_attempts, {"a long backoff"});
    return all;
}

} // namespace

const std::vector<scenario>& all_scenarios()
{
    static const auto all = make_all();
    return all;
}

} // namespace usher::tests
