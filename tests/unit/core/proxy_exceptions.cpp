#include "core/proxy.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher::detail;

namespace {

bool covers(const std::string& list, const std::string& host, std::uint16_t port = 443)
{
    return proxy_exceptions(list, "engine option no_proxy").covers(host, port);
}

} // namespace

BOOST_AUTO_TEST_SUITE(exceptions_of_a_proxy)

BOOST_AUTO_TEST_CASE(are_names_addresses_and_networks)
{
    struct sample {
        const char* list;
        const char* host;
        bool covered;
    };
    const sample samples[] = {
        {"example.com", "example.com", true},
        {"example.com", "api.example.com", true},
        {"example.com", "notexample.com", false},
        {"example.com", "example.com.evil", false},
        {"EXAMPLE.com", "example.com", true},
        {"example.com.", "example.com", true},
        {"example.com", "example.com.", true},
        {".example.com", "example.com", false},
        {".example.com", "a.example.com", true},
        {".example.com", "a.b.example.com", true},
        {".example.com", "aexample.com", false},
        {"*.example.com", "a.example.com", true},
        {"*.example.com", "example.com", false},
        {"*", "anything.example", true},
        {"*", "2001:db8::1", true},
        {"other,example.com", "example.com", true},
        {" other ,\texample.com ,", "example.com", true},
        {"other example.com", "example.com", true},
        {"", "example.com", false},
        {",,", "example.com", false},
        {"10.0.0.1", "10.0.0.1", true},
        {"10.0.0.1", "10.0.0.11", false},
        {"10.0.0.0/8", "10.200.3.4", true},
        {"10.0.0.0/8", "11.0.0.1", false},
        {"10.1.2.3/8", "10.200.3.4", true},
        {"192.168.4.0/22", "192.168.7.255", true},
        {"192.168.4.0/22", "192.168.8.0", false},
        {"0.0.0.0/0", "203.0.113.9", true},
        {"0.0.0.0/0", "2001:db8::1", false},
        {"0.0.0.0/0", "example.com", false},
        {"10.0.0.1/32", "10.0.0.1", true},
        {"10.0.0.1/31", "10.0.0.0", true},
        {"::1", "::1", true},
        {"[::1]", "::1", true},
        {"2001:db8::/32", "2001:db8:ffff::1", true},
        {"2001:db8::/32", "2001:db9::1", false},
        {"2001:db8::/33", "2001:db8:8000::1", false},
        {"::ffff:10.0.0.0/104", "10.9.9.9", true},
        {"10.0.0.0/8", "::ffff:10.9.9.9", true},
        {"1", "10.0.0.1", false},
        {"0.1", "10.0.0.1", false},
    };
    for (const auto& one : samples)
        BOOST_TEST(covers(one.list, one.host) == one.covered, '"' << one.list << "\" and " << one.host);
}

BOOST_AUTO_TEST_CASE(may_hold_for_one_port)
{
    for (const auto* list : {"example.com:8443", ".example.com:8443", "*:8443"}) {
        BOOST_TEST(covers(list, "a.example.com", 8443), list);
        BOOST_TEST(!covers(list, "a.example.com", 443), list);
    }
    BOOST_TEST(covers("10.0.0.0:8443", "10.0.0.0", 8443));
    BOOST_TEST(!covers("10.0.0.0:8443", "10.0.0.0", 443));
    BOOST_TEST(covers("[::1]:8443", "::1", 8443));
    BOOST_TEST(!covers("[::1]:8443", "::1", 443));
}

BOOST_AUTO_TEST_SUITE_END()
