// Login flows, sources of tokens and key sets: texts that go into a form, an address or a query.
#include "captured.hpp"
#include "evil.hpp"

#include "call/fetch.hpp"

#include <usher/credentials.hpp>
#include <usher/scalekit/login.hpp>
#include <usher/token/key_cache.hpp>

#include <boost/test/unit_test.hpp>

#include <functional>

using namespace security;
namespace scalekit = usher::scalekit;

namespace {

const std::string environment = "https://acme.example";

/// `name=value` pairs of a form, decoded strictly.
std::vector<std::pair<std::string, std::string>> form_of(const std::string& body)
{
    seen_request as_query;
    as_query.target = "/?" + body;
    return as_query.query();
}

/// The pairs of an address's query, after a look at the address itself.
std::vector<std::pair<std::string, std::string>> query_of(const std::string& url, const std::string& before)
{
    BOOST_TEST_REQUIRE(url.starts_with(before + "?"), url);
    for (const char c : url)
        BOOST_TEST_REQUIRE((c > ' ' && c < 0x7f && std::string_view("\"<>\\^`{|}#").find(c) == std::string_view::npos),
                           url);
    seen_request as_query;
    as_query.target = "/" + url.substr(before.size());
    return as_query.query();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(login_texts, captured)

BOOST_AUTO_TEST_CASE(stand_as_they_are_in_one_parameter_of_the_address_or_are_refused_by_name)
{
    const scalekit::login login(engine, environment, "client", usher::secret("a-client-secret"));
    using options_type = scalekit::authorization_options;
    struct row {
        const char* name;
        const char* parameter;
        std::string options_type::*member;
    };
    const row rows[] = {{"state", "state", &options_type::state},
                        {"nonce", "nonce", &options_type::nonce},
                        {"connection_id", "connection_id", &options_type::connection_id},
                        {"organization_id", "organization_id", &options_type::organization_id},
                        {"domain_hint", "domain_hint", &options_type::domain_hint},
                        {"login_hint", "login_hint", &options_type::login_hint},
                        {"provider", "provider", &options_type::provider},
                        {"prompt", "prompt", &options_type::prompt},
                        {"redirect_uri", "redirect_uri", &options_type::redirect_uri},
                        {"code_challenge", "code_challenge", &options_type::code_challenge}};
    std::size_t made = 0;
    std::size_t refused = 0;
    for (const auto& [name, parameter, member] : rows)
        for (const auto& evil : evil_texts())
            BOOST_TEST_CONTEXT(name << " = " << evil.substr(0, 60))
            {
                scalekit::authorization_options own;
                own.redirect_uri = "https://app.example/callback";
                own.*member = evil;
                const auto url = login.authorization_url(own);
                if (!url) {
                    ++refused;
                    BOOST_TEST(url.error().message().find(name) != std::string::npos, url.error().message());
                    BOOST_TEST(is_one_clean_line(url.error().message()), url.error().message());
                    continue;
                }
                ++made;
                std::size_t found = 0;
                for (const auto& [key, value] : query_of(*url, environment + "/oauth/authorize"))
                    if (key == parameter) {
                        ++found;
                        BOOST_TEST(value == evil);
                    }
                BOOST_TEST(found == (evil.empty() ? 0U : 1U));
            }
    BOOST_TEST(made > 1'500U);
    BOOST_TEST(refused > 500U);
}

BOOST_AUTO_TEST_CASE(stand_as_they_are_in_one_member_of_the_form)
{
    const auto token = "HTTP/1.1 200 OK\r\nContent-Length: 47\r\n\r\n"
                       R"({"access_token":"abc.def.ghi","expires_in":300})";
    const auto shared = capture("https://acme.example:8443");
    shared->answer = token;
    for (const auto& evil : evil_texts())
        for (const int which : {0, 1, 2}) {
            if (which != 2 && evil.empty())
                continue;
            shared->sent.clear();
            usher::oauth_client who;
            who.token_url = "https://acme.example:8443/oauth/token";
            who.client_id = which == 0 ? evil : "id";
            who.client_secret = usher::secret(which == 1 ? evil : "secret-of-it");
            who.scope = which == 2 ? evil : "scope";
            const auto source = usher::client_credentials(engine, who);
            const auto got = run(source->obtain(std::chrono::steady_clock::now() + std::chrono::seconds(5)));
            BOOST_TEST_REQUIRE(got.has_value());
            const auto seen = read_requests(shared->sent);
            BOOST_TEST_REQUIRE(seen.size() == 1U);
            BOOST_TEST(seen.front().target == "/oauth/token");
            BOOST_TEST(seen.front().header("Host") == "acme.example:8443");
            BOOST_TEST(seen.front().header("Authorization") == "(none)");
            const auto form = form_of(seen.front().body);
            BOOST_TEST(form.size() == (who.scope.empty() ? 3U : 4U));
            const char* const names[] = {"client_id", "client_secret", "scope"};
            for (const auto& [name, value] : form)
                if (name == names[which])
                    BOOST_TEST(value == evil);
        }
}

BOOST_AUTO_TEST_CASE(that_are_addresses_name_one_authority_or_are_refused)
{
    std::size_t taken = 0;
    std::size_t refused = 0;
    const auto check = [&](const std::function<void()>& make, const std::string& what) {
        try {
            make();
            ++taken;
        } catch (const std::invalid_argument& why) {
            ++refused;
            BOOST_TEST(is_one_clean_line(why.what()), what << ": " << why.what());
        }
    };
    for (const auto& evil : evil_texts())
        for (const std::string before :
             {"", "https://", "https://acme.example", "https://acme.example/", "https://acme.example/?"}) {
            const auto url = before + evil;
            BOOST_TEST_CONTEXT(url.substr(0, 80))
            {
                check([&] { usher::detail::check_fetch_url(url); }, url);
                check([&] { usher::token::key_cache(engine).url(url); }, url);
                check([&] { usher::token::key_cache(engine).scalekit(url); }, url);
                check([&] { usher::token::key_cache(engine).clerk_issuer(url); }, url);
                check([&] { scalekit::login(engine, url, "client", usher::secret("s")); }, url);
            }
        }
    BOOST_TEST(taken > 500U);
    BOOST_TEST(refused > 4'000U);
    // What is fetched goes where the address says, as one request.
    const auto shared = capture("https://acme.example");
    const auto fetch = [&](const std::string& value) {
        shared->sent.clear();
        usher::detail::fetch_request request;
        request.url = "https://acme.example/keys?a=" + value;
        request.retry = usher::retry_policy::none();
        return run(usher::detail::fetch(engine.state(), std::move(request))).has_value();
    };
    BOOST_TEST_REQUIRE(fetch("b"));
    const auto head_of_plain = shared->sent.substr(shared->sent.find("\r\n"));
    std::size_t fetched = 0;
    std::size_t kept_back = 0;
    for (const auto& evil : evil_texts()) {
        const bool done = fetch(evil);
        BOOST_TEST_CONTEXT(evil.substr(0, 60))
        {
            if (!done) {
                ++kept_back;
                BOOST_TEST(shared->sent.empty());
                continue;
            }
            ++fetched;
            // A query that the caller has encoded is the caller's: what matters is that it is one request of one line,
            // with the headers of every other and nothing behind its head.
            const auto line_end = shared->sent.find("\r\n");
            const auto line = shared->sent.substr(0, line_end);
            BOOST_TEST(line.starts_with("GET /keys?a="));
            BOOST_TEST(line.ends_with(" HTTP/1.1"));
            BOOST_TEST(std::count(line.begin(), line.end(), ' ') == 2);
            BOOST_TEST(std::none_of(line.begin(), line.end(), [](char c) { return c < ' ' || c == 0x7f; }));
            BOOST_TEST(shared->sent.find("\r\n\r\n") == shared->sent.size() - 4);
            BOOST_TEST(read_requests("GET /keys HTTP/1.1" + shared->sent.substr(line_end)).size() == 1U);
            BOOST_TEST(shared->sent.substr(line_end) == head_of_plain);
        }
    }
    BOOST_TEST(fetched > 100U);
    BOOST_TEST(kept_back > 50U);
}

BOOST_AUTO_TEST_SUITE_END()
