// Who a request goes to: an address says it in one way only, or is refused.
#include "core/base_url.hpp"
#include "core/utf8.hpp"
#include "unit/core/why_refused.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>

using usher::detail::base_url;
using usher::detail::parse_base_url;
using usher::tests::why_refused;

BOOST_AUTO_TEST_SUITE(authority)

BOOST_AUTO_TEST_CASE(plain_http_stays_on_this_machine_however_the_address_is_written)
{
    // What some resolvers take for 127.0.0.1, and what only looks like it.
    for (const std::string host : {"0x7f.1",
                                   "0x7f000001",
                                   "0x7f.0.0.1",
                                   "2130706433",
                                   "127.1",
                                   "127.0.1",
                                   "017700000001",
                                   "0177.0.0.1",
                                   "127.000.000.001",
                                   "127.0.0.01",
                                   "127.0.0.1.",
                                   "127.0.0.1.example.com",
                                   "127.0.0.1.nip.io",
                                   "0",
                                   "0.0.0.0",
                                   "1",
                                   "127",
                                   "127.",
                                   "128.0.0.1",
                                   "126.255.255.255",
                                   "localhost.",
                                   "localhost.example.com",
                                   "xlocalhost",
                                   "localhost.localdomain",
                                   "ip6-localhost",
                                   "[::]",
                                   "[::2]",
                                   "[::ffff:127.0.0.1]",
                                   "[::ffff:7f00:1]",
                                   "[::127.0.0.1]",
                                   "[64:ff9b::7f00:1]",
                                   "[fe80::1]",
                                   "[::ffff:8.8.8.8]",
                                   "169.254.169.254",
                                   "10.0.0.1",
                                   "192.168.0.1",
                                   "evil.example"})
        for (const std::string rest : {"", "/", ":80", ":8080/v1"})
            BOOST_TEST(!why_refused("http://" + host + rest).empty(), "http://" + host + rest);
    for (const std::string host :
         {"127.0.0.1", "127.255.255.254", "[::1]", "[0:0:0:0:0:0:0:1]", "localhost", "LOCALHOST"})
        for (const std::string rest : {"", "/", ":80", ":8080/v1"})
            BOOST_TEST(why_refused("http://" + host + rest) == "", "http://" + host + rest);
}

BOOST_AUTO_TEST_CASE(every_byte_in_a_host_is_one_that_host_names_have_or_refused)
{
    for (int byte = 0; byte != 256; ++byte) {
        const auto c = static_cast<char>(byte);
        const bool ends_host = c == '/' || c == ':';
        const bool is_name = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                             c == '.' || c == '_';
        if (ends_host)
            continue;
        const auto why = why_refused(std::string("https://api") + c + "x.example/v1");
        BOOST_TEST(why.empty() == is_name, "byte " << byte << ": " << why);
        const auto in_address = why_refused(std::string("https://[::1") + c + "]/v1");
        const bool is_address = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        BOOST_TEST(in_address.empty() == is_address, "byte " << byte << " in an IPv6 address: " << in_address);
    }
}

BOOST_AUTO_TEST_CASE(that_could_be_read_in_two_ways_is_refused)
{
    for (const std::string text : {
             "https://api.example@evil.example/",
             "https://api.example:443@evil.example/",
             "https://api.example%40evil.example/",
             "https://api.example\\@evil.example/",
             "https://api.example\\.evil.example/",
             "https://api.example/@evil.example\\",
             "https:///evil.example",
             "https:////evil.example",
             "https:/evil.example",
             "https:evil.example",
             "https://evil.example:443:80",
             "https://evil.example:",
             "https://evil.example:+443",
             "https://evil.example:-1",
             "https://evil.example:4 43",
             "https://evil.example:443\t",
             "https://evil.example:0x1bb",
             "https://evil.example:99999999999999999999443",
             "https://.",
             "https://..",
             "https://a..b",
             "https://.a",
             "https://a.",
             "https://[::1%eth0]",
             "https://[fe80::1%25eth0]",
             "https://[::1]evil.example",
             "https://[::1].evil.example",
             "https://[v1.a]",
             "https://[]",
             "https://::1",
             "https://b\xc3\xbc"
             "cher.example",
             "https://xn--a\xe3\x80\x82"
             "b.example",                   // an ideographic full stop
             "https://api\xc2\xad.example", // a soft hyphen
             "https://\xd0\xb0pi.example",  // a Cyrillic a
             "HTTPS ://a",
             " https://a",
             "https://a ",
             "https ://a",
             "javascript://a",
             "http+unix://a",
             "https://a?",
             "https://a#",
             "https://a/?",
             "https://a/b?c",
         })
        BOOST_TEST(!why_refused(text).empty(), text);
    BOOST_TEST(!why_refused("https://" + std::string(64, 'a') + ".example").empty());
    BOOST_TEST(why_refused("https://" + std::string(63, 'a') + ".example").empty());
    std::string host = "a";
    while (host.size() < 253)
        host += ".a";
    BOOST_TEST(why_refused("https://" + host).empty());
    BOOST_TEST(!why_refused("https://" + host + "a.a").empty());
}

BOOST_AUTO_TEST_CASE(never_comes_from_a_path)
{
    // A prefix with an empty segment would make `//…` of what follows it, which is another authority to some.
    for (const std::string path : {"//",
                                   "///",
                                   "//evil.example",
                                   "/v1//",
                                   "/v1//evil.example",
                                   "/./v1",
                                   "/v1/..",
                                   "/..",
                                   "/v1/../..//",
                                   "/%2e",
                                   "/%2e%2e",
                                   "/%2E./x",
                                   "/.%2e/x",
                                   "/a%2fb",
                                   "/a%2F..%2F",
                                   "/a%5cb",
                                   "/%00",
                                   "/%0d%0aX: 1",
                                   "/%",
                                   "/%1",
                                   "/%zz",
                                   "/a%2",
                                   "/a\\b",
                                   "/a b",
                                   "/a\tb",
                                   "/a\nb",
                                   "/{id}",
                                   "/\"",
                                   "/<",
                                   "/a|b",
                                   "/^",
                                   "/`",
                                   "/\x7f",
                                   "/\xc3\xa9"})
        BOOST_TEST(!why_refused("https://api.example" + path).empty(), path);
    for (const std::string path :
         {"", "/", "/v1", "/v1/", "/a%20b", "/%C3%A9", "/...", "/a.b", "/~x/@y:z;k=v,w!$&'()*+"}) {
        BOOST_TEST(why_refused("https://api.example" + path) == "", path);
        const auto url = parse_base_url("https://api.example" + path);
        BOOST_TEST(url.authority == "api.example");
        BOOST_TEST((url.prefix.empty() || (url.prefix.starts_with('/') && !url.prefix.starts_with("//"))));
        BOOST_TEST(!url.prefix.ends_with('/'));
    }
}

BOOST_AUTO_TEST_CASE(keeps_connections_of_different_addresses_apart)
{
    // The key of the pool: the same for what is the same connection, different for everything else.
    const std::string same[] = {"https://api.example", "https://API.example/", "https://api.example:443/v1",
                                "https://api.example:0443"};
    for (const auto& text : same)
        BOOST_TEST(parse_base_url(text).origin() == "https://api.example:443", text);
    const std::string others[] = {"https://api.example:444", "https://api2.example", "https://api.example.com",
                                  "https://127.0.0.1",       "http://127.0.0.1",     "http://127.0.0.1:443",
                                  "http://localhost:443",    "https://localhost",    "https://[::1]"};
    for (const auto& one : others)
        for (const auto& other : others)
            BOOST_TEST((parse_base_url(one).origin() == parse_base_url(other).origin()) == (one == other),
                       one << " and " << other);
}

BOOST_AUTO_TEST_CASE(is_shown_on_one_line_when_it_is_refused)
{
    for (const std::string text : {"https://a\r\nb", "https://a\x1b[31mb", "https://\xff\xfe",
                                   "https://a\xe2\x80\xae"
                                   "b",
                                   "https://a/\n",
                                   "https://a\xc2\x9b"
                                   "b"}) {
        const auto why = why_refused(text);
        BOOST_TEST(!why.empty());
        BOOST_TEST(usher::detail::one_line(why, 10'000) == why, why);
    }
    BOOST_TEST(why_refused("https://" + std::string(100'000, '!')).size() < 500U);
}

BOOST_AUTO_TEST_SUITE_END()
