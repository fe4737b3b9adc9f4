// A proxy that we did not write.
#include "tunnelled.hpp"

#include "io/dead_ends.hpp"
#include "live/process.hpp"

#include <poll.h>

using namespace usher;
using namespace usher::tests;

namespace {

struct with_tinyproxy : tunnelled {
    with_tinyproxy()
    {
        const auto text = std::to_string(port.number());
        folder.write("tinyproxy.conf", "Port " + text +
                                           "\nListen 127.0.0.1\nTimeout 60\nMaxClients 100\nAllow 127.0.0.1\n"
                                           "BasicAuth user canary\nLogFile \"" +
                                           folder.file("log") + "\"\nPidFile \"" + folder.file("id") + "\"\n");
        running = process({"tinyproxy", "-d", "-c", folder.file("tinyproxy.conf")});
        // It writes its id once it listens, and ends when it can't.
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (folder.read("id").empty() && running.is_running() && std::chrono::steady_clock::now() < end)
            poll(nullptr, 0, 5);
        BOOST_TEST_REQUIRE((!folder.read("id").empty() && running.is_running()),
                           "tinyproxy did not come up: " << folder.read("log"));
    }
    engine_options by(const std::string& user)
    {
        auto options = trusting(root.pem());
        options.proxy = secret("http://" + user + "127.0.0.1:" + std::to_string(port.number()));
        return options;
    }

    temporary_folder folder;
    reserved_port port;
    process running;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(tinyproxy, with_tinyproxy)

BOOST_AUTO_TEST_CASE(makes_tunnels_for_the_right_credentials_alone)
{
    const engine on(io.get_executor(), by("user:canary@"));
    const auto clerk = client_of(on, origin->url());
    for (int i = 0; i < 10; ++i) {
        const auto done = call(clerk);
        BOOST_TEST_REQUIRE(!done.has_error(), done.error().message());
    }
    BOOST_TEST(origin->connections == 1);
    for (const auto* user : {"", "user:wrong@", "canary:user@"}) {
        const engine refused(io.get_executor(), by(user));
        const auto done = call(client_of(refused, origin->url()));
        BOOST_TEST_REQUIRE(done.has_error());
        BOOST_TEST((done.error().stage() == call_stage::proxy));
        BOOST_TEST(done.error().message().find("refused the tunnel: 40") != std::string::npos, done.error().message());
        BOOST_TEST(done.error().attempts() == 1);
    }
}

BOOST_AUTO_TEST_CASE(that_cannot_reach_the_origin_is_asked_again)
{
    const engine on(io.get_executor(), by("user:canary@"));
    const refusing dead;
    const auto done = call(client_of(on, "https://127.0.0.1:" + std::to_string(dead.address().port()), quick()));
    BOOST_TEST_REQUIRE(done.has_error());
    BOOST_TEST((done.error().stage() == call_stage::proxy));
    BOOST_TEST((done.error().kind() == error_kind::connect));
    BOOST_TEST(done.error().attempts() == 3, done.error().message());
}

BOOST_AUTO_TEST_SUITE_END()
