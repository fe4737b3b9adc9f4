#include "redis/address.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>

using usher::redis::parse_address;

BOOST_AUTO_TEST_SUITE(addresses)

BOOST_AUTO_TEST_CASE(all_parts_of_an_address_are_read)
{
    const auto plain = parse_address("redis://cache.example.com");
    BOOST_TEST(plain.host == "cache.example.com");
    BOOST_TEST(plain.port == 6379);
    BOOST_TEST(plain.database == 0U);
    BOOST_TEST(plain.password.empty());

    const auto whole = parse_address("redis://us%40er:p%3aw%2Fd@[::1]:7000/3");
    BOOST_TEST(whole.user == "us@er");
    BOOST_TEST(whole.password == "p:w/d");
    BOOST_TEST(whole.host == "::1");
    BOOST_TEST(whole.port == 7000);
    BOOST_TEST(whole.database == 3U);

    const auto password = parse_address("redis://:secret@127.0.0.1/");
    BOOST_TEST(password.user.empty());
    BOOST_TEST(password.password == "secret");
}

BOOST_AUTO_TEST_CASE(a_wrong_address_is_refused_with_what_is_wrong_and_without_the_password)
{
    const std::pair<const char*, const char*> wrong[] = {
        {"rediss://:hidden@host", "TLS"},
        {"http://host", "redis://"},
        {"redis://:hidden@", "no host"},
        {"redis://:hidden@host:0", "port"},
        {"redis://:hidden@host:70000", "port"},
        {"redis://:hidden@host:", "port"},
        {"redis://:hidden@host/x", "database"},
        {"redis://:hidden@host/1?a=b", "query"},
        {"redis://:hidden%zz@host", "hexadecimal"},
        {"redis://name@host", "without a password"},
        {"redis://:hidden@[::1", "]"},
        {"redis://:hidden@[::1]7", "port"},
        {"redis://:hidden@ho st", "character"},
    };
    for (const auto& [url, why] : wrong) {
        BOOST_TEST_CONTEXT(url)
        {
            BOOST_CHECK_EXCEPTION(parse_address(url), std::invalid_argument, [why = why](const auto& error) {
                const std::string text = error.what();
                return text.find(why) != text.npos && text.find("hidden") == text.npos;
            });
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
