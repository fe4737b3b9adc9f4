#include "core/base_url.hpp"
#include "unit/core/why_refused.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>

using usher::detail::parse_base_url;
using usher::tests::why_refused;

BOOST_AUTO_TEST_SUITE(base_address)

BOOST_AUTO_TEST_CASE(is_taken_apart)
{
    const auto url = parse_base_url("https://API.Clerk.com/v1/");
    BOOST_TEST(url.tls);
    BOOST_TEST(url.host == "api.clerk.com");
    BOOST_TEST(url.port == 443);
    BOOST_TEST(url.authority == "api.clerk.com");
    BOOST_TEST(url.prefix == "/v1");
    BOOST_TEST(url.origin() == "https://api.clerk.com:443");
}

BOOST_AUTO_TEST_CASE(keeps_a_port_that_is_not_the_schemes_own)
{
    BOOST_TEST(parse_base_url("https://localhost:8443").authority == "localhost:8443");
    BOOST_TEST(parse_base_url("https://localhost:443").authority == "localhost");
    BOOST_TEST(parse_base_url("https://[::1]:8443/a/b").authority == "[::1]:8443");
    BOOST_TEST(parse_base_url("https://[::1]:8443/a/b").host == "::1");
}

BOOST_AUTO_TEST_CASE(takes_plain_http_for_loopback_only)
{
    for (const auto* taken :
         {"http://127.0.0.1:80", "http://127.9.9.9:8080/v1", "http://[::1]:8080", "http://localhost:1"})
        BOOST_TEST(!parse_base_url(taken).tls, taken);
    for (const auto* refused :
         {"http://api.clerk.com", "http://10.0.0.1", "http://localhost.evil.example", "http://[2001:db8::1]"})
        BOOST_TEST(why_refused(refused).find("loopback") != std::string::npos, refused);
}

BOOST_AUTO_TEST_CASE(is_refused_with_the_reason)
{
    struct row {
        const char* text;
        const char* reason;
    };
    for (const auto& [text, reason] : {row{"", "https://"},
                                       row{"api.clerk.com", "https://"},
                                       row{"ftp://a", "https://"},
                                       row{"https://", "host"},
                                       row{"https://a b", "host"},
                                       row{"https://a\r\nb", "host"},
                                       row{"https://u:p@host", "user information"},
                                       row{"https://host?x=1", "query"},
                                       row{"https://host/#x", "query or fragment"},
                                       row{"https://host:0", "port"},
                                       row{"https://host:65536", "port"},
                                       row{"https://host:8x", "port"},
                                       row{"https://host/a//b", "segment"},
                                       row{"https://host/../b", "segment"},
                                       row{"https://host/./b", "segment"},
                                       row{"https://host/a b", "character"},
                                       row{"https://[::1", "bracket"},
                                       row{"https://[zz]", "IPv6"},
                                       row{"https://[::1%1\r\nX: y]", "IPv6"},
                                       row{"https://[::1%25lo]", "IPv6"},
                                       row{"https://[::1]8443", "between"}})
        BOOST_TEST(why_refused(text).find(reason) != std::string::npos, text << " -> " << why_refused(text));
}

BOOST_AUTO_TEST_CASE(does_not_repeat_a_password_in_its_error)
{
    for (const auto* text :
         {"https://user:hunter2@host", "https://host/v1?token=hunter2", "hunter2", "https://host#hunter2"})
        BOOST_TEST(why_refused(text).find("hunter2") == std::string::npos, text);
}

BOOST_AUTO_TEST_SUITE_END()
