#include "core/proxy.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace usher;
using namespace usher::detail;

namespace {

std::string refusal_of(std::string_view text)
{
    try {
        parse_proxy(text, "engine option proxy");
    } catch (const std::invalid_argument& e) {
        return e.what();
    }
    return "accepted";
}

bool has(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

std::map<std::string, std::string> variables;

const char* variable(const char* name)
{
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
}

// Through which proxy an origin is reached: its name, or empty.
std::string way_to(const std::string& url, const engine_options& options = engine_options())
{
    const auto proxy = proxy_choice(options, variable).for_origin(parse_base_url(url));
    return proxy ? proxy->name() : std::string();
}

std::string refusal_of_choice(const engine_options& options = engine_options())
{
    try {
        proxy_choice(options, variable);
    } catch (const std::invalid_argument& e) {
        return e.what();
    }
    return "accepted";
}

struct clean_environment {
    clean_environment() { variables.clear(); }
    ~clean_environment() { variables.clear(); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(proxies, clean_environment)

BOOST_AUTO_TEST_CASE(an_address_is_taken_apart)
{
    struct sample {
        const char* text;
        bool tls;
        const char* name;
        const char* authorization;
    };
    const sample samples[] = {
        {"http://proxy.example:3128", false, "proxy.example:3128", ""},
        {"http://proxy.example", false, "proxy.example:80", ""},
        {"https://Proxy.Example", true, "proxy.example:443", ""},
        {"HTTPS://proxy.example:8443/", true, "proxy.example:8443", ""},
        {"proxy.example:3128", false, "proxy.example:3128", ""},
        {"127.0.0.1:3128", false, "127.0.0.1:3128", ""},
        {"http://[::1]:3128", false, "[::1]:3128", ""},
        {"http://[2001:DB8::1]", false, "[2001:db8::1]:80", ""},
        {"http://aladdin:opensesame@proxy.example:3128", false, "proxy.example:3128", "Basic YWxhZGRpbjpvcGVuc2VzYW1l"},
        {"http://user@proxy.example", false, "proxy.example:80", "Basic dXNlcjo="},
        {"http://:secret@proxy.example", false, "proxy.example:80", "Basic OnNlY3JldA=="},
        {"http://:@proxy.example", false, "proxy.example:80", ""},
        {"http://@proxy.example", false, "proxy.example:80", ""},
        {"http://u%40corp:p%3a%2F%40%C3%A9@proxy.example:1", false, "proxy.example:1", "Basic dUBjb3JwOnA6L0DDqQ=="},
        {"http://user:a@b@proxy.example", false, "proxy.example:80", "Basic dXNlcjphQGI="},
        {"user:pass@proxy.example:3128", false, "proxy.example:3128", "Basic dXNlcjpwYXNz"},
    };
    for (const auto& one : samples) {
        const auto proxy = parse_proxy(one.text, "engine option proxy");
        BOOST_TEST(proxy.tls == one.tls, one.text);
        BOOST_TEST(proxy.name() == one.name);
        BOOST_TEST(proxy.authorization.reveal() == one.authorization);
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_address_is_refused_and_nothing_of_it_is_repeated)
{
    const std::pair<const char*, const char*> samples[] = {
        {"socks5://user:canary@proxy.example", "begins with http://"},
        {"canary://proxy.example", "begins with http://"},
        {"http://", "host is empty"},
        {"http://user:canary@", "host is empty"},
        {"http://user:canary@proxy.example:0", "port"},
        {"http://user:canary@proxy.example:65536", "port"},
        {"http://user:canary@proxy.example:", "port"},
        {"http://user:canary@proxy.example:12x", "port"},
        {"http://user:canary/x@proxy.example:3128", "%2F"},
        {"http://user:1234/canary@proxy.example:3128", "%2F"},
        {"http://user:can?ary@proxy.example", "%3F"},
        {"http://user:can#ary@proxy.example", "%23"},
        {"http://proxy.example/canary", "nothing"},
        {"http://user:canary%4@proxy.example", "hexadecimal"},
        {"http://user:canary%zz@proxy.example", "hexadecimal"},
        {"http://user:canary%", "port"},
        {"http://user:canary%@proxy.example", "hexadecimal"},
        {"http://us%3Aer:canary@proxy.example", "colon"},
        {"http://user:canary%0d%0aX:y@proxy.example", "control character"},
        {"http://user%00:canary@proxy.example", "control character"},
        {"http://user:canary\r\n@proxy.example", "control character"},
        {"http://user:canary@proxy example", "host"},
        {"http://user:canary@proxy\r\n.example", "host"},
        {"http://user:canary@[::1", "bracket"},
        {"http://user:canary@[1.2.3.4]", "IPv6"},
        {"http://user:canary@[fe80::1%25eth0]", "IPv6"},
        {"http://user:canary@[::1]x:80", "between"},
        {"http://user:canary@.example", "host"},
        {"http://user:canary@h\xc3\xa4.example", "host"},
    };
    for (const auto& [text, why] : samples) {
        const auto said = refusal_of(text);
        BOOST_TEST(said.starts_with("engine option proxy: "), text << ": " << said);
        BOOST_TEST(has(said, why), text << ": " << said);
        BOOST_TEST(!has(said, "canary"), said);
    }
    BOOST_TEST(has(refusal_of("http://" + std::string(5000, 'a')), "4096"));
}

BOOST_AUTO_TEST_CASE(every_byte_of_a_password_is_carried)
{
    std::string text = "http://u:";
    std::string plain = "u:";
    for (int byte = 0x20; byte < 0x100; ++byte) {
        if (byte == 0x7f)
            continue;
        constexpr char digits[] = "0123456789abcdef";
        text += {'%', digits[byte >> 4], digits[byte & 15]};
        plain += static_cast<char>(byte);
    }
    const auto proxy = parse_proxy(text + "@h", "x");
    const auto said = proxy.authorization.reveal();
    BOOST_TEST_REQUIRE(said.starts_with("Basic "));
    // Decoded by hand, so that encoder and decoder are not the same code.
    std::string decoded;
    unsigned bits = 0;
    int have = 0;
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (const char c : said.substr(6)) {
        if (c == '=')
            break;
        bits = bits << 6 | static_cast<unsigned>(alphabet.find(c));
        have += 6;
        if (have >= 8) {
            have -= 8;
            decoded += static_cast<char>(bits >> have & 0xff);
        }
    }
    BOOST_TEST(decoded == plain);
}

BOOST_AUTO_TEST_CASE(the_key_tells_proxies_and_their_credentials_apart_and_shows_neither)
{
    const auto key = [](const char* text) { return parse_proxy(text, "x").key(); };
    const char* const different[] = {"http://proxy.example:3128",        "https://proxy.example:3128",
                                     "http://proxy.example:3129",        "http://proxy2.example:3128",
                                     "http://user:a@proxy.example:3128", "http://user:b@proxy.example:3128",
                                     "http://user2:a@proxy.example:3128"};
    for (const auto* a : different)
        for (const auto* b : different)
            BOOST_TEST((key(a) == key(b)) == (a == b));
    BOOST_TEST(key("http://PROXY.example:80") == key("proxy.example"));
    BOOST_TEST(!has(key("http://user:canary@proxy.example"), "canary"));
    BOOST_TEST(!has(key("http://user:canary@proxy.example"), "dXNlcjpjYW5hcnk"));
}

BOOST_AUTO_TEST_CASE(an_exception_that_is_none_is_refused_with_its_place)
{
    for (const auto* bad :
         {"http://example.com", "exa mple.com/x", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0/8",
          "2001:db8::/129", "[::1", "[example.com]", "example.com:0", "example.com:x", "ex*mple.com", "a..b", "..a",
          ".", "*.", "user:canary@example.com", "[::1]443", "::ffff:10.0.0.0/8"}) {
        engine_options options;
        options.no_proxy = std::string("good.example,") + bad;
        options.proxy = secret("http://proxy.example");
        const auto said = refusal_of_choice(options);
        BOOST_TEST(said.starts_with("engine option no_proxy: entry "), bad << ": " << said);
        BOOST_TEST(!has(said, "canary"));
    }
}

BOOST_AUTO_TEST_CASE(the_option_goes_before_the_environment_and_lower_case_before_upper)
{
    const std::string origin = "https://api.example.com";
    BOOST_TEST(way_to(origin) == "");
    variables["HTTPS_PROXY"] = "http://large.example:1";
    BOOST_TEST(way_to(origin) == "large.example:1");
    variables["https_proxy"] = "http://small.example:2";
    BOOST_TEST(way_to(origin) == "small.example:2");
    variables["https_proxy"] = "";
    BOOST_TEST(way_to(origin) == "");
    engine_options options;
    options.proxy = secret("http://option.example:3");
    BOOST_TEST(way_to(origin, options) == "option.example:3");
    variables["no_proxy"] = "example.com";
    BOOST_TEST(way_to(origin, options) == "");
    options.no_proxy = "other.example";
    BOOST_TEST(way_to(origin, options) == "option.example:3");
    options.no_proxy.clear();
    variables["NO_PROXY"] = "example.com";
    variables["no_proxy"] = "";
    BOOST_TEST(way_to(origin, options) == "option.example:3");
    variables.erase("no_proxy");
    BOOST_TEST(way_to(origin, options) == "");
}

BOOST_AUTO_TEST_CASE(the_environment_is_looked_at_only_when_it_may_be)
{
    variables["https_proxy"] = "socks://nonsense";
    variables["no_proxy"] = "://nonsense";
    engine_options options;
    options.proxy_from_environment = false;
    BOOST_TEST(way_to("https://api.example.com", options) == "");
    options.proxy = secret("http://option.example:3");
    BOOST_TEST(way_to("https://api.example.com", options) == "option.example:3");
}

BOOST_AUTO_TEST_CASE(an_error_names_the_option_or_the_variable)
{
    variables["HTTPS_PROXY"] = "http://user:canary@";
    BOOST_TEST(refusal_of_choice().starts_with("environment variable HTTPS_PROXY: "));
    BOOST_TEST(!has(refusal_of_choice(), "canary"));
    variables["https_proxy"] = "http://user:canary@";
    BOOST_TEST(refusal_of_choice().starts_with("environment variable https_proxy: "));
    variables["https_proxy"] = "http://fine.example";
}

BOOST_AUTO_TEST_CASE(what_is_no_entry_of_the_environments_list_is_left_out)
{
    variables["https_proxy"] = "http://proxy.example:1";
    variables["NO_PROXY"] = "169.254/16, 192.168.*,<local>, http://x direct.example, 10.0.0.0/33";
    BOOST_TEST(way_to("https://direct.example") == "");
    for (const auto* url : {"https://192.168.1.1", "https://169.254.0.1", "https://x", "https://10.0.0.1"})
        BOOST_TEST(way_to(url) == "proxy.example:1", url);
    engine_options options;
    options.no_proxy = "direct.example, 192.168.*";
    std::string said;
    try {
        way_to("https://direct.example", options);
    } catch (const std::invalid_argument& e) {
        said = e.what();
    }
    BOOST_TEST(said.starts_with("engine option no_proxy: entry 2 "), said);
}

BOOST_AUTO_TEST_CASE(loopback_and_plain_http_go_past_a_proxy)
{
    variables["https_proxy"] = "http://proxy.example:1";
    for (const auto* url : {"https://127.0.0.1", "https://127.9.9.9:8443", "https://localhost", "https://[::1]:1"})
        BOOST_TEST(way_to(url) == "", url);
    BOOST_TEST(way_to("https://localhost.example") == "proxy.example:1");
    // A proxy that the program itself names is for every https origin, and for no other.
    engine_options options;
    options.proxy = secret("http://option.example:3");
    BOOST_TEST(way_to("https://127.0.0.1", options) == "option.example:3");
    BOOST_TEST(way_to("http://127.0.0.1", options) == "");
    options.no_proxy = "127.0.0.0/8,localhost";
    BOOST_TEST(way_to("https://127.0.0.1", options) == "");
    BOOST_TEST(way_to("https://localhost", options) == "");
    BOOST_TEST(way_to("https://[::1]", options) == "option.example:3");
}

BOOST_AUTO_TEST_SUITE_END()
