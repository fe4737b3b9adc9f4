// The examples that are servers, asked by curl.
#include "live/cli/process.hpp"
#include "temporary_folder.hpp"

#include <usher/sandbox.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <memory>

#ifdef USHER_EXAMPLES

using namespace usher::tests;
namespace sandbox = usher::sandbox;
namespace json = boost::json;

namespace {

constexpr const char* secret_key = "sk_test_000000000000000000000000000000000000";
constexpr const char* webhook_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

sandbox::options both_services()
{
    sandbox::options own;
    own.services = {sandbox::service::clerk, sandbox::service::scalekit};
    return own;
}

class served_example {
public:
    served_example() : server(both_services())
    {
        folder.write("ca.pem", server.ca_pem());
        surroundings.environment = {{"CLERK_SECRET_KEY", secret_key},
                                    {"AUTHORIZED_PARTY", server.origin()},
                                    {"USHER_BASE_URL", server.url(sandbox::service::clerk)},
                                    {"USHER_CA_FILE", folder.file("ca.pem")},
                                    {"SCALEKIT_WEBHOOK_SECRET", webhook_secret},
                                    {"SCALEKIT_ENVIRONMENT_URL", server.origin()},
                                    {"SCALEKIT_CLIENT_ID", "skc_1"},
                                    {"SCALEKIT_CLIENT_SECRET", "a secret"}};
    }
    void start(const std::string& name)
    {
        example = std::make_unique<process>(std::vector<std::string>{USHER_EXAMPLES "/" + name}, surroundings);
        BOOST_TEST_REQUIRE(example->wait_for_out("\n"));
        const auto text = example->out();
        address = text.substr(0, text.find('\n'));
    }
    process_end stop()
    {
        example->send(SIGTERM);
        return example->wait();
    }
    /// The status that curl saw; what it printed is in `body`.
    int ask(const std::string& url, std::vector<std::string> more = {})
    {
        std::vector<std::string> command = {
            "/usr/bin/curl",       "--silent", "--max-time",        "20",          "--cacert",
            folder.file("ca.pem"), "--output", folder.file("body"), "--write-out", "%{http_code} %{redirect_url}"};
        command.insert(command.end(), more.begin(), more.end());
        command.push_back(url);
        const auto ended = run(command, process_options());
        BOOST_TEST_REQUIRE(ended.status == 0, "curl " << url << ": " << ended.status << ' ' << ended.err);
        body = folder.read("body");
        redirect = ended.out.substr(ended.out.find(' ') + 1);
        return std::stoi(ended.out);
    }

    sandbox::server server;
    temporary_folder folder;
    process_options surroundings;
    std::unique_ptr<process> example;
    std::string address;
    std::string body;
    std::string redirect;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(server_examples, served_example)

BOOST_AUTO_TEST_CASE(the_fourth_answers_those_who_are_signed_in_and_nobody_else)
{
    server.add_users(1, secret_key);
    BOOST_TEST_REQUIRE(ask(server.url(sandbox::service::clerk) + "/users?limit=1",
                           {"-H", std::string("Authorization: Bearer ") + secret_key}) == 200);
    const auto id = std::string(json::parse(body).as_array().at(0).at("id").as_string());
    start("example_04_authenticated_server");
    BOOST_TEST(ask(address + "/me") == 401);
    BOOST_TEST(json::parse(body).at("error").as_string() == "no_token");
    const auto token = server.session_token(R"({"sub":")" + id + R"("})");
    BOOST_TEST(ask(address + "/me", {"-H", "Authorization: Bearer " + token}) == 200, body);
    BOOST_TEST(json::parse(body).at("id").as_string() == id);
    BOOST_TEST(ask(address + "/me", {"-H", "Cookie: a=b; __session=" + token}) == 200, body);
    const auto foreign = server.session_token(R"({"sub":")" + id + R"(","azp":"https://evil.example"})");
    BOOST_TEST(ask(address + "/me", {"-H", "Cookie: __session=" + foreign}) == 401);
    BOOST_TEST(json::parse(body).at("error").as_string() == "authorized_party");
    auto forged = token;
    forged[forged.size() - 10] = forged[forged.size() - 10] == 'A' ? 'B' : 'A';
    BOOST_TEST(ask(address + "/me", {"-H", "Authorization: Bearer " + forged}) == 401);
    BOOST_TEST(json::parse(body).at("error").as_string() == "signature");
    const auto nobody = server.session_token(R"({"sub":"user_nobody"})");
    BOOST_TEST(ask(address + "/me", {"-H", "Authorization: Bearer " + nobody}) == 404);
    BOOST_TEST(ask(address + "/other") == 404);
    BOOST_TEST(stop().status == 0);
}

BOOST_AUTO_TEST_CASE(the_fourth_leaves_the_cookie_alone_unless_it_knows_its_party)
{
    surroundings.environment.erase("AUTHORIZED_PARTY");
    start("example_04_authenticated_server");
    const auto token = server.session_token(R"({"sub":"user_nobody"})");
    BOOST_TEST(ask(address + "/me", {"-H", "Cookie: __session=" + token}) == 401);
    BOOST_TEST(json::parse(body).at("error").as_string() == "no_token");
    BOOST_TEST(ask(address + "/me", {"-H", "Authorization: Bearer " + token}) == 404);
    BOOST_TEST(stop().status == 0);
}

BOOST_AUTO_TEST_CASE(the_eighth_shows_figures_and_the_slowest_call)
{
    start("example_08_metrics");
    BOOST_TEST(ask(address + "/other") == 404);
    BOOST_TEST(ask(address + "/metrics") == 200);
    const auto has = [this](const std::string& text) { return body.find(text) != std::string::npos; };
    for (int i = 0; i != 200 && !has("status=\"5xx\""); ++i)
        BOOST_TEST_REQUIRE(ask(address + "/metrics") == 200);
    BOOST_TEST(has("# TYPE usher_call_duration_seconds histogram\n"), body);
    BOOST_TEST(has("usher_attempts_total{service=\"clerk\",operation=\"GetUsersCount\",status=\"5xx\"} "), body);
    BOOST_TEST(has("usher_connections{engine=\"\"} "), body);
    BOOST_TEST(has("usher_limit_requests{client=\"main\",limit=\"instance\"} 200\n"), body);
    BOOST_TEST(!has(secret_key));
    BOOST_TEST(ask(address + "/slowest") == 200);
    BOOST_TEST(has("GetUsersCount GET /users/count"), body);
    BOOST_TEST(has("\nslowest: "), body);
    BOOST_TEST(stop().status == 0);
}

BOOST_AUTO_TEST_CASE(the_fifth_takes_signed_events_and_refuses_others)
{
    start("example_05_webhook_receiver");
    sandbox::event event;
    event.type = "organization.created";
    event.url = address + "/hook";
    event.secret = webhook_secret;
    BOOST_TEST(server.send_event(event) == 204);
    BOOST_TEST(example->wait_for_out("a new organization: "));
    for (const auto& type : sandbox::event_types()) {
        event.type = type;
        BOOST_TEST(server.send_event(event) == 204, type);
    }
    event.secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    BOOST_TEST(server.send_event(event) == 401);
    BOOST_TEST(example->wait_for_err("refused: "));
    BOOST_TEST(ask(address + "/hook", {"--data", "{}"}) == 400);
    BOOST_TEST(stop().status == 0);
}

BOOST_AUTO_TEST_CASE(the_sixth_logs_a_browser_in_and_out)
{
    start("example_06_scalekit_login");
    const std::vector<std::string> jar = {"--cookie", folder.file("jar"), "--cookie-jar", folder.file("jar")};
    BOOST_TEST(ask(address + "/me", jar) == 401);
    // The browser follows: to Scalekit, back to the callback, on to /me.
    auto following = jar;
    following.push_back("--location");
    BOOST_TEST(ask(address + "/login", following) == 200, body);
    BOOST_TEST(json::parse(body).at("email").as_string() == "user@example.com");
    BOOST_TEST(ask(address + "/me", jar) == 200);
    // Another browser is nobody, and a callback that nobody began is refused.
    BOOST_TEST(ask(address + "/me") == 401);
    BOOST_TEST(ask(address + "/callback?code=x&state=y", jar) == 400);
    BOOST_TEST(ask(address + "/logout", jar) == 302);
    BOOST_TEST(redirect.starts_with(server.origin() + "/oidc/logout?id_token_hint="));
    BOOST_TEST(ask(address + "/me", jar) == 401);
    BOOST_TEST(stop().status == 0);
}

BOOST_AUTO_TEST_SUITE_END()

#endif
