// What looks on sees no secret, no record's id and no query.
#include "live/observe/fixture.hpp"

#include <usher/log.hpp>
#include <usher/metrics.hpp>

#include <cstdio>
#include <cstdlib>

#include <unistd.h>

using namespace usher;
using namespace usher::tests;

namespace {

constexpr const char* canary_key = "sk_live_canarycanarycanarycanarycanarycanary";
constexpr const char* canary_id = "user_canarycanarycanary";
constexpr const char* canary_query = "canary@example.com";

/// Everything that an observer can keep of an event.
struct keeping_observer final : observer {
    void on_attempt(const attempt_event& event) noexcept override
    {
        for (const auto text : {event.service, event.operation, event.method, event.path, event.text, event.held_by})
            kept.append(text).append("\n");
        ++events;
    }
    void on_call(const call_event& event) noexcept override
    {
        for (const auto text : {event.service, event.operation, event.method, event.path})
            kept.append(text).append("\n");
        if (event.failure != nullptr)
            kept.append(event.failure->message()).append("\n");
        ++events;
    }
    std::string kept;
    int events = 0;
};

asio::awaitable<void> ask(clerk::client clerk, call_options how)
{
    clerk::get_user_list_params list;
    list.email_address = {canary_query};
    [[maybe_unused]] const auto users = co_await clerk.users().list(list, how);
    [[maybe_unused]] const auto user = co_await clerk.users().get(canary_id, how);
    clerk::update_user_params change;
    change.first_name = "canary";
    [[maybe_unused]] const auto changed = co_await clerk.users().update(canary_id, change, how);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(secrets, traced_fixture)

BOOST_AUTO_TEST_CASE(events_traces_lines_and_figures_hold_none_of_what_a_call_said)
{
    // Answers, failures, an answer that can't be decoded, one that breaks off, and none at all.
    server.emplace(io, [](int number) {
        script how(number % 4 == 0 ? 404 : number % 4 == 1 ? 200 : 503);
        how.headers = std::string("X-Request-Id: ") + canary_key + "\r\n";
        how.only_half = number % 5 == 0;
        return how;
    });
    const auto keeper = std::make_shared<keeping_observer>();
    const auto figures = std::make_shared<metrics>();
    std::string lines;
    const auto log =
        std::make_shared<log_observer>(log_level::debug, [&lines](std::string_view line) { (lines += line) += '\n'; });
    client_options options;
    options.base_url = server->url();
    options.quota = quota::unlimited();
    options.retry.max_attempts = 2;
    options.retry.initial_backoff = 1ms;
    options.timeouts.whole = 100ms;
    options.watcher = std::make_shared<observers>(std::vector<std::shared_ptr<observer>>{keeper, figures, log});
    const clerk::client clerk(on, secret(canary_key), options);
    std::string seen;
    for (int i = 0; i != 5; ++i) {
        call_trace trace;
        call_options how;
        how.trace = &trace;
        how.headers = {{"X-Own", "canary"}};
        how.timeouts = options.timeouts;
        run(ask(clerk, how));
        seen += trace.to_string();
    }
    figures->write_prometheus(seen);
    BOOST_TEST(keeper->events > 30);
    BOOST_TEST(lines.find("GetUserList GET /users") != std::string::npos);
    BOOST_TEST(seen.find("/users/{user_id}") != std::string::npos);
    for (const auto* text : {&seen, &keeper->kept, &lines})
        BOOST_TEST(text->find("canary") == std::string::npos, *text);
    server->stop();
}

namespace {

struct captured_standard_error {
    captured_standard_error() : file(std::tmpfile()), kept(dup(2))
    {
        std::fflush(stderr);
        dup2(fileno(file), 2);
    }
    std::string end()
    {
        std::fflush(stderr);
        dup2(kept, 2);
        close(kept);
        std::rewind(file);
        std::string text;
        char piece[4096];
        for (std::size_t got = 0; (got = std::fread(piece, 1, sizeof piece, file)) != 0;)
            text.append(piece, got);
        std::fclose(file);
        return text;
    }
    std::FILE* file;
    int kept;
};

} // namespace

BOOST_AUTO_TEST_CASE(the_environment_turns_on_an_engines_log)
{
    server.emplace(io, [](int number) { return number == 2 ? script(404) : script(); });
    client_options options;
    options.base_url = server->url();
    options.quota = quota::unlimited();
    const auto calls = [&](const char* level) {
        setenv("USHER_LOG", level, 1);
        captured_standard_error captured;
        engine logging(io.get_executor());
        setenv("USHER_LOG", "off", 1);
        const clerk::client clerk(logging, secret(canary_key), options);
        call(clerk, 3);
        return captured.end();
    };
    const auto info = calls("info");
    BOOST_TEST(std::count(info.begin(), info.end(), '\n') == 1);
    BOOST_TEST(info.find("usher: call 2 GetUsersCount GET /users/count: failed, HTTP 404") != std::string::npos, info);
    const auto debug = calls("debug");
    BOOST_TEST(std::count(debug.begin(), debug.end(), '\n') == 6);
    BOOST_TEST(debug.find("call 3 GetUsersCount GET /users/count attempt 1: HTTP 200") != std::string::npos, debug);
    BOOST_TEST(calls("off").empty());
    const auto unknown = calls("loud");
    BOOST_TEST(unknown == "usher: USHER_LOG=loud is no level; off, info and debug are. Nothing is logged.\n");
}

BOOST_AUTO_TEST_SUITE_END()
