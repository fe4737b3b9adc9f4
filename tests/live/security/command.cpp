// The command: a key in its environment is in nothing that it prints, whatever the server repeats.
#include "live/cli/process.hpp"
#include "temporary_folder.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <fstream>
#include <iterator>
#include <thread>

using namespace usher::tests;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// Answers every request with an error in the service's form that repeats the request's head, and hangs up.
class echo_server {
public:
    echo_server()
        : acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)), port_(acceptor_.local_endpoint().port())
    {
        thread_ = std::thread([this] {
            while (!stopped_) {
                tcp::socket socket(io_);
                boost::system::error_code ec;
                acceptor_.accept(socket, ec);
                if (!ec && !stopped_)
                    serve(socket);
            }
        });
    }
    ~echo_server()
    {
        stopped_ = true;
        boost::system::error_code ignored;
        tcp::socket last(io_);
        last.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port_), ignored);
        thread_.join();
    }
    echo_server(const echo_server&) = delete;
    echo_server& operator=(const echo_server&) = delete;

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v1"; }
    /// Of a request, up to the end of its head.
    bool saw(const std::string& text) const { return seen_.find(text) != std::string::npos; }

private:
    void serve(tcp::socket& socket)
    {
        boost::system::error_code ec;
        asio::streambuf buffer;
        const auto size = asio::read_until(socket, buffer, "\r\n\r\n", ec);
        std::string head(asio::buffers_begin(buffer.data()),
                         asio::buffers_begin(buffer.data()) + static_cast<std::ptrdiff_t>(size));
        seen_ += head;
        std::string text;
        for (const char c : head)
            text += c == '\r' ? "\\r" : c == '\n' ? "\\n" : c == '"' ? "'" : std::string(1, c);
        // An import begins with a look at how many there are.
        const bool is_import = head.find("User-Agent: usher-import") != std::string::npos;
        const bool is_count = is_import && head.starts_with("GET /v1/users/count");
        const auto body = is_count ? R"({"object":"total_count","total_count":0})"
                                   : R"({"errors":[{"code":"echo","message":")" + text + R"(","long_message":")" +
                                         text + R"(","meta":{"param_name":")" + text + "\"}}]}";
        asio::write(socket,
                    asio::buffer("HTTP/1.1 " + std::string(is_count ? "200 OK" : "422 Unprocessable") +
                                 "\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
                                 "\r\n\r\n" + body),
                    ec);
        socket.shutdown(tcp::socket::shutdown_send, ec);
        // What is still on its way is read, or the answer would be lost with a reset.
        char rest[4096];
        while (!ec)
            socket.read_some(asio::buffer(rest), ec);
    }

    asio::io_context io_;
    tcp::acceptor acceptor_;
    std::uint16_t port_;
    std::atomic<bool> stopped_{false};
    std::string seen_;
    std::thread thread_;
};

const std::string key = "sk_test_c4n4ryQ7zVw2Lk8Jh3Xr9Tb5Ym1Np6Ds0Gf";
const std::string password = "c4n4ryOfAPassword77";

std::string content_of(const std::string& path)
{
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(the_command)

BOOST_AUTO_TEST_CASE(prints_no_key_and_no_password_whatever_is_repeated)
{
    const temporary_folder folder;
    const auto at = [&](const char* name) { return (folder.path() / name).string(); };
    std::ofstream(at("users.json")) << R"([{"email":"ada@example.com","password":")" + password +
                                           R"("},{"email":"no address","password_hash":")" + password + "\"}]";
    std::string told;
    process_options options;
    options.environment["CLERK_SECRET_KEY"] = key;
    options.environment["USHER_LOG"] = "debug";
    bool key_came = false;
    {
        const echo_server server;
        const auto usher = [&](std::vector<std::string> words) {
            words.insert(words.begin(), USHER_COMMAND);
            const auto ended = run(words, options);
            BOOST_TEST(!ended.killed);
            BOOST_TEST(ended.status != 0);
            told += ended.out + ended.err;
        };
        usher({"call", "GetUsersCount", "--base-url", server.url()});
        usher({"call", "CreateUser", "--params", R"({"password":")" + password + "\"}", "--base-url", server.url()});
        usher({"call", "CreateUser", "--params", R"({"password":[")" + password + "\"]}", "--base-url", server.url()});
        usher({"call", "GetUser", "--params", R"({"user_id":""})", "--base-url", server.url()});
        usher({"call", "GetUsersCount", "--base-url", "https://" + key + "@127.0.0.1"});
        usher({"import", at("users.json"), "--from", "auth0", "--base-url", server.url(), "--failures",
               at("failures.ndjson"), "--notes", at("notes.ndjson")});
        key_came = server.saw(key);
    }
    options.environment["CLERK_SECRET_KEY"] = key + " ";
    const auto refused = run({USHER_COMMAND, "call", "GetUsersCount"}, options);
    BOOST_TEST(refused.status != 0);
    told += refused.out + refused.err;
    const auto failures = content_of(at("failures.ndjson"));
    BOOST_TEST(failures.find("ada@example.com") != std::string::npos, told);
    BOOST_TEST(failures.find("c4n4ryQ7") == std::string::npos, failures);
    told += content_of(at("notes.ndjson"));

    BOOST_TEST(key_came);
    BOOST_TEST(told.size() > 500U);
    BOOST_TEST(told.find("c4n4ryQ7") == std::string::npos, told);
    BOOST_TEST(told.find("Np6Ds0Gf") == std::string::npos, told);
    BOOST_TEST(told.find("OfAPassword") == std::string::npos, told);
    BOOST_TEST(told.find("echo") != std::string::npos, told);
}

BOOST_AUTO_TEST_SUITE_END()
