// The texts that a client, a call or a source of tokens is given: no byte of them makes a second line or request.
#include "captured.hpp"
#include "evil.hpp"

#include "core/http_text.hpp"

#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>
#include <usher/credentials.hpp>

#include <boost/test/unit_test.hpp>

#include <functional>
#include <set>

using namespace security;

namespace {

const std::string address = "https://api.example/v1";

struct one_call : captured {
    one_call() : shared(capture(address)) {}

    /// The request, or why there was none.
    std::optional<seen_request> send(const usher::clerk::client& from, const usher::call_options& with,
                                     std::string& failure)
    {
        shared->sent.clear();
        failure.clear();
        const auto done = run(from.users().count(with));
        if (!done && (done.error().kind() == usher::error_kind::invalid_request ||
                      done.error().kind() == usher::error_kind::credentials)) {
            failure = done.error().message();
            BOOST_TEST(shared->sent.empty());
            BOOST_TEST(is_one_clean_line(failure), "not one clean line: " << failure);
            return std::nullopt;
        }
        const auto all = read_requests(shared->sent);
        BOOST_TEST_REQUIRE(all.size() == 1U);
        return all.front();
    }

    /// A client made by `change`, and its one request.
    std::optional<seen_request> of_client(const std::function<void(usher::client_options&)>& change,
                                          std::string& failure, const std::string& key = "sk_test_key")
    {
        auto own = options(address);
        change(own);
        try {
            const usher::clerk::client made(engine, usher::secret(key), own);
            return send(made, usher::call_options(), failure);
        } catch (const std::invalid_argument& refused) {
            failure = refused.what();
            BOOST_TEST(is_one_clean_line(failure), "not one clean line: " << failure);
            return std::nullopt;
        }
    }

    std::shared_ptr<wire> shared;
};

const std::vector<std::string> usual = {"Host",   "User-Agent",      "Clerk-API-Version",
                                        "Accept", "Accept-Encoding", "Authorization"};

} // namespace

BOOST_FIXTURE_TEST_SUITE(texts_of_a_client, one_call)

BOOST_AUTO_TEST_CASE(stand_in_their_own_header_or_are_refused_by_name)
{
    struct row {
        const char* name;
        std::function<void(usher::client_options&, const std::string&)> put;
        const char* header;
        std::string before;
        std::string after;
    };
    const row rows[] = {
        {"api_version", [](auto& own, const auto& evil) { own.api_version = evil; }, "Clerk-API-Version", "", ""},
        {"user_agent", [](auto& own, const auto& evil) { own.user_agent = evil; }, "User-Agent", "",
         " usher/" USHER_VERSION},
        {"tenant", [](auto& own, const auto& evil) { own.tenant = evil; }, nullptr, "", ""},
        {"machine_key", [](auto& own, const auto& evil) { own.machine_key = usher::secret(evil); }, nullptr, "", ""},
    };
    std::size_t refused = 0;
    std::size_t sent = 0;
    for (const auto& [name, put, header, before, after] : rows)
        for (const auto& evil : evil_texts())
            BOOST_TEST_CONTEXT(name << " = " << evil.substr(0, 60))
            {
                std::string failure;
                const auto request = of_client([&put = put, &evil](auto& own) { put(own, evil); }, failure);
                if (!request) {
                    BOOST_TEST(failure.find(name) != std::string::npos, failure);
                    ++refused;
                    continue;
                }
                ++sent;
                BOOST_TEST(request->header_names() == usual, boost::test_tools::per_element());
                BOOST_TEST(request->header("Authorization") == "Bearer sk_test_key");
                BOOST_TEST(request->target == "/v1/users/count");
                if (header != nullptr && !evil.empty())
                    BOOST_TEST(request->header(header) == before + evil + after);
            }
    BOOST_TEST(refused > 400U);
    BOOST_TEST(sent > 500U);
}

BOOST_AUTO_TEST_CASE(that_are_keys_stand_whole_in_their_header_or_are_refused)
{
    enum class way { client, call, function };
    for (const auto how : {way::client, way::call, way::function})
        for (const auto& evil : evil_texts()) {
            BOOST_TEST_CONTEXT(static_cast<int>(how) << " = " << evil.substr(0, 60))
            {
                std::string failure;
                std::optional<seen_request> request;
                if (how == way::client) {
                    request = of_client([](auto&) {}, failure, evil);
                } else if (how == way::call) {
                    usher::call_options with;
                    with.key = usher::secret(evil);
                    request = send(usher::clerk::client(engine, usher::secret("sk_test_key"), options(address)), with,
                                   failure);
                } else {
                    const auto source = usher::token_function_source(
                        engine, [evil]() -> asio::awaitable<usher::result<usher::access_token>> {
                            co_return usher::access_token(usher::secret(evil));
                        });
                    request =
                        send(usher::clerk::client(engine, source, options(address)), usher::call_options(), failure);
                }
                if (usher::detail::is_bearer(evil)) {
                    BOOST_TEST_REQUIRE(request.has_value(), failure);
                    BOOST_TEST(request->header("Authorization") == "Bearer " + evil);
                    BOOST_TEST(request->header_names() == usual, boost::test_tools::per_element());
                } else {
                    BOOST_TEST(!request.has_value());
                    BOOST_TEST((failure.find("key") != std::string::npos || failure.find("token") != std::string::npos),
                               failure);
                    // A key that is refused is still a key.
                    if (evil.size() > 8)
                        BOOST_TEST(failure.find(evil) == std::string::npos, failure);
                }
            }
        }
}

BOOST_AUTO_TEST_CASE(that_are_headers_of_one_call_add_one_line_or_are_refused_by_name)
{
    const usher::clerk::client clerk(engine, usher::secret("sk_test_key"), options(address));
    std::size_t refused = 0;
    std::size_t sent = 0;
    for (const auto& evil : evil_texts())
        for (const bool is_name : {true, false})
            BOOST_TEST_CONTEXT((is_name ? "name" : "value") << " = " << evil.substr(0, 60))
            {
                usher::call_options with;
                with.headers = {is_name ? std::pair<std::string, std::string>(evil, "value")
                                        : std::pair<std::string, std::string>("X-Own", evil)};
                std::string failure;
                const auto request = send(clerk, with, failure);
                if (!request) {
                    ++refused;
                    BOOST_TEST(failure.find(is_name ? "header" : "X-Own") != std::string::npos, failure);
                    continue;
                }
                ++sent;
                auto expected = usual;
                expected.push_back(with.headers.front().first);
                BOOST_TEST(request->header_names() == expected, boost::test_tools::per_element());
                BOOST_TEST(request->header(with.headers.front().first) == with.headers.front().second);
            }
    BOOST_TEST(refused > 200U);
    BOOST_TEST(sent > 150U);
}

BOOST_AUTO_TEST_CASE(never_replace_a_header_that_the_client_writes_itself)
{
    const usher::clerk::client clerk(engine, usher::secret("sk_test_key"), options(address));
    std::string failure;
    for (const std::string name : {"Host",
                                   "hOST",
                                   "Authorization",
                                   "AUTHORIZATION",
                                   "User-Agent",
                                   "Accept",
                                   "Content-Length",
                                   "Content-Type",
                                   "Transfer-Encoding",
                                   "Connection",
                                   "Expect",
                                   "Upgrade",
                                   "TE",
                                   "Trailer",
                                   "Accept-Encoding",
                                   "Keep-Alive",
                                   "Proxy-Authorization",
                                   "Clerk-API-Version",
                                   "Proxy-Connection",
                                   "Content-Encoding",
                                   "HTTP2-Settings",
                                   "Cookie"}) {
        usher::call_options with;
        with.headers = {{name, "evil.example"}};
        const auto request = send(clerk, with, failure);
        if (name == "Cookie") {
            BOOST_TEST(request.has_value(), failure);
            continue;
        }
        BOOST_TEST(!request.has_value(), name);
        BOOST_TEST(failure.find(name) != std::string::npos, failure);
    }
}

BOOST_AUTO_TEST_SUITE_END()
