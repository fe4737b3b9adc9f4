// What is shown, where.
#include "live/import/fixture.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <filesystem>
#include <sstream>

using namespace usher::tests;
namespace sandbox = usher::sandbox;

namespace {

void slow_down(import_fixture& fixture)
{
    fixture.service.set_delay(sandbox::latency(std::chrono::milliseconds(100), std::chrono::milliseconds(0)));
}

} // namespace

BOOST_AUTO_TEST_SUITE(terminal)

BOOST_AUTO_TEST_CASE(a_terminal_shows_a_bar_that_is_drawn_over)
{
    import_fixture fixture;
    slow_down(fixture);
    auto options = fixture.options();
    options.terminal = true;
    options.environment["TERM"] = "xterm";
    const auto file = fixture.write("users.json", auth0_users(400));
    const auto ended = run(fixture.command("auth0", file, {"--concurrency", "32"}), options);
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(ended.err.find("\r[#") != std::string::npos);
    for (const auto* part : {"/s", "of quota", "0 failed", "0 refused", "\x1b[K", "400 created"})
        BOOST_TEST(ended.err.find(part) != std::string::npos, part);
    BOOST_TEST(ended.out == "");
}

BOOST_AUTO_TEST_CASE(a_pipe_gets_plain_lines)
{
    import_fixture fixture;
    fixture.service.set_delay(sandbox::latency(std::chrono::milliseconds(200), std::chrono::milliseconds(0)));
    const auto file = fixture.write("users.json", auth0_users(60));
    // One at a time: long enough for a line, which comes every five seconds.
    const auto ended = run(fixture.command("auth0", file, {"--concurrency", "2"}), fixture.options());
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(ended.err.find('\r') == std::string::npos);
    BOOST_TEST(ended.err.find('\x1b') == std::string::npos);
    BOOST_TEST(ended.err.find("requests/s") != std::string::npos);
    BOOST_TEST(ended.err.find("60 created") != std::string::npos);
    BOOST_TEST(ended.out == "");
}

BOOST_AUTO_TEST_CASE(json_goes_to_standard_output_and_words_to_standard_error)
{
    import_fixture fixture;
    slow_down(fixture);
    auto options = fixture.options();
    options.terminal = true;
    options.environment["TERM"] = "xterm";
    const auto file = fixture.write("users.json", auth0_users(200));
    const auto ended = run(fixture.command("auth0", file, {"--concurrency", "16", "--json"}), options);
    std::istringstream lines(ended.out);
    std::size_t progress = 0;
    std::string last;
    for (std::string line; std::getline(lines, line);) {
        last = boost::json::parse(line).as_object().at("event").as_string();
        progress += last == "progress" ? 1U : 0U;
    }
    BOOST_TEST(progress > 0U);
    BOOST_TEST(last == "summary");
    BOOST_TEST(number(summary_of(ended), "created") == 200);
    BOOST_TEST(ended.err.find("200 created") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_bar_stands_on_one_line_of_a_real_terminal)
{
    if (!std::filesystem::exists("/usr/bin/tmux")) {
        BOOST_TEST_MESSAGE("no tmux here: the bar was seen in a pseudo terminal only");
        BOOST_TEST(true);
        return;
    }
    import_fixture fixture;
    slow_down(fixture);
    const auto file = fixture.write("users.json", auth0_users(2000));
    std::string line = "CLERK_SECRET_KEY=" + fixture.options().environment["CLERK_SECRET_KEY"];
    for (const auto& word : fixture.command("auth0", file, {"--concurrency", "32"}))
        line += " '" + word + "'";
    const auto socket = fixture.path("tmux");
    const std::vector<std::string> tmux = {"/usr/bin/tmux", "-S", socket, "-f", "/dev/null"};
    const auto tell = [&](std::vector<std::string> more) {
        more.insert(more.begin(), tmux.begin(), tmux.end());
        process_options plain;
        plain.environment["TERM"] = "xterm";
        return run(more, plain);
    };
    BOOST_TEST_REQUIRE(tell({"new-session", "-d", "-x", "100", "-y", "20", "-s", "usher", line}).status == 0);
    BOOST_TEST(fixture.wait_for_users(200));
    std::string screen;
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (screen.find("of quota") == std::string::npos && std::chrono::steady_clock::now() < limit)
        screen = tell({"capture-pane", "-p", "-t", "usher"}).out;
    tell({"kill-server"});
    BOOST_TEST_INFO(screen);
    // Drawn over many times by now, it is still one line, and the first.
    BOOST_TEST(screen.starts_with("["));
    BOOST_TEST(screen.find('\n') <= 100U);
    BOOST_TEST(screen.find_first_not_of('\n', screen.find('\n')) == std::string::npos);
    for (const auto* part : {"%", "/s", "of quota"})
        BOOST_TEST(screen.find(part) != std::string::npos, part);
}

BOOST_AUTO_TEST_SUITE_END()
