// A proxy that the environment names. It knows the origin by a name that nobody else can resolve.
#include "tunnelled.hpp"

#include <cstdlib>
#include <map>

using namespace usher;
using namespace usher::tests;

namespace {

constexpr const char* host = "usher.invalid";
constexpr const char* variables[] = {"https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY",
                                     "all_proxy",   "ALL_PROXY",   "no_proxy",   "NO_PROXY"};

struct named_by_the_environment : tunnelled {
    named_by_the_environment()
    {
        for (const auto* name : variables) {
            if (const char* value = std::getenv(name))
                before_[name] = value;
            ::unsetenv(name);
        }
        auto own = origin_options();
        own.self = make_identity(certificate_text(std::string("DNS:") + host + ",IP:127.0.0.1"), &root);
        origin.emplace(io, own);
        begin();
    }
    ~named_by_the_environment()
    {
        for (const auto* name : variables)
            ::unsetenv(name);
        for (const auto& [name, value] : before_)
            ::setenv(name.c_str(), value.c_str(), 1);
    }

    engine_options looking() const
    {
        auto options = trusting(root.pem());
        options.proxy_from_environment = true;
        return options;
    }

    /// A call by an engine that is made in this environment.
    count_result ask(const std::map<std::string, std::string>& environment, const engine_options& options,
                     const std::string& url)
    {
        for (const auto& [name, value] : environment)
            ::setenv(name.c_str(), value.c_str(), 1);
        const engine on(io.get_executor(), options);
        for (const auto& [name, value] : environment)
            ::unsetenv(name.c_str());
        proxy->heads.clear();
        return call(client_of(on, url, retry_policy::none()));
    }
    count_result ask(const std::map<std::string, std::string>& environment)
    {
        return ask(environment, looking(), origin_url);
    }
    void goes_through(const std::map<std::string, std::string>& environment)
    {
        const auto done = ask(environment);
        BOOST_TEST(!done.has_error(), (done ? std::string() : done.error().message()));
        BOOST_TEST_REQUIRE(proxy->heads.size() == 1U);
        BOOST_TEST(proxy->heads[0].starts_with("CONNECT usher.invalid:443 HTTP/1.1\r\n"));
    }
    /// Nobody but the proxy knows the name, so that a direct connection ends with the look-up.
    void goes_directly(const std::map<std::string, std::string>& environment)
    {
        const auto done = ask(environment);
        BOOST_TEST_REQUIRE(done.has_error());
        BOOST_TEST((done.error().stage() == call_stage::resolve), done.error().message());
        BOOST_TEST(proxy->heads.empty());
    }

    const std::string origin_url = std::string("https://") + host;

private:
    std::map<std::string, std::string> before_;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(the_environment, named_by_the_environment)

BOOST_AUTO_TEST_CASE(names_the_proxy_in_either_case_and_the_lower_one_comes_first)
{
    goes_directly({});
    goes_through({{"HTTPS_PROXY", proxy->url()}});
    goes_through({{"https_proxy", proxy->url()}});
    goes_through({{"https_proxy", proxy->address()}});
    goes_through({{"https_proxy", proxy->url()}, {"HTTPS_PROXY", "http://127.0.0.1:1"}});
    goes_directly({{"https_proxy", ""}, {"HTTPS_PROXY", proxy->url()}});
    // Those of other programs' other kinds are not looked at.
    goes_directly({{"HTTP_PROXY", proxy->url()}, {"http_proxy", proxy->url()}, {"ALL_PROXY", proxy->url()}});
}

BOOST_AUTO_TEST_CASE(gives_the_proxys_credentials)
{
    goes_through({{"HTTPS_PROXY", proxy->url("user:pass%20word")}});
    BOOST_TEST(proxy->heads[0].find("Proxy-Authorization: Basic dXNlcjpwYXNzIHdvcmQ=\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_exceptions_in_either_case_and_the_lower_one_comes_first)
{
    for (const auto* direct :
         {"usher.invalid", "USHER.invalid", "example.org, usher.invalid", ".invalid", "*", "usher.invalid:443"})
        for (const auto* name : {"NO_PROXY", "no_proxy"})
            BOOST_TEST_CONTEXT(name << "=" << direct)
    goes_directly({{"HTTPS_PROXY", proxy->url()}, {name, direct}});
    for (const auto* other : {"", "example.org", "her.invalid", "usher.invalid:8443", "10.0.0.0/8"})
        for (const auto* name : {"NO_PROXY", "no_proxy"})
            BOOST_TEST_CONTEXT(name << "=" << other)
    goes_through({{"https_proxy", proxy->url()}, {name, other}});
    goes_through({{"https_proxy", proxy->url()}, {"no_proxy", "example.org"}, {"NO_PROXY", "usher.invalid"}});
    goes_directly({{"https_proxy", proxy->url()}, {"no_proxy", "usher.invalid"}, {"NO_PROXY", "example.org"}});
}

BOOST_AUTO_TEST_CASE(is_not_looked_at_when_the_engine_is_told_otherwise)
{
    BOOST_TEST(engine_options().proxy_from_environment);
    auto options = looking();
    options.proxy_from_environment = false;
    BOOST_TEST(ask({{"HTTPS_PROXY", proxy->url()}}, options, origin_url).has_error());
    BOOST_TEST(proxy->connections == 0);
    // The option comes before the variable; so do its exceptions.
    options = through();
    options.proxy_from_environment = true;
    BOOST_TEST(!ask({{"HTTPS_PROXY", "http://127.0.0.1:1"}}, options, origin_url).has_error());
    BOOST_TEST(proxy->connections == 1);
    options = looking();
    options.no_proxy = "example.org";
    BOOST_TEST(!ask({{"HTTPS_PROXY", proxy->url()}, {"NO_PROXY", host}}, options, origin_url).has_error());
    BOOST_TEST(proxy->connections == 2);
}

BOOST_AUTO_TEST_CASE(never_sends_loopback_through_a_proxy)
{
    const auto here = "https://127.0.0.1:" + std::to_string(origin->port());
    BOOST_TEST(!ask({{"HTTPS_PROXY", proxy->url()}}, looking(), here).has_error());
    BOOST_TEST(proxy->connections == 0);
    BOOST_TEST(origin->connections == 1);
    // Only what the option says does.
    BOOST_TEST(!ask({}, through(), here).has_error());
    BOOST_TEST(proxy->connections == 1);
}

BOOST_AUTO_TEST_CASE(that_makes_no_sense_stops_the_engine_and_is_named_without_its_password)
{
    for (const auto* name : {"HTTPS_PROXY", "https_proxy"})
        BOOST_CHECK_EXCEPTION(ask({{name, "socks5://user:canary@proxy.example"}}), std::invalid_argument,
                              [name](const std::exception& e) {
                                  const std::string text = e.what();
                                  return text.starts_with(std::string("environment variable ") + name + ": ") &&
                                         text.find("canary") == std::string::npos;
                              });
}

BOOST_AUTO_TEST_SUITE_END()
