#include "token/base64url.hpp"

#include <boost/test/unit_test.hpp>

using usher::token::detail::decode_base64url;
using usher::token::detail::encode_base64url;

BOOST_AUTO_TEST_SUITE(base64url)

BOOST_AUTO_TEST_CASE(every_byte_string_comes_back)
{
    std::string bytes;
    for (int size = 0; size != 300; ++size) {
        std::string decoded = "before";
        BOOST_TEST_REQUIRE(decode_base64url(encode_base64url(bytes), decoded));
        BOOST_TEST_REQUIRE(decoded == "before" + bytes);
        bytes += static_cast<char>(size * 37 + 11);
    }
    BOOST_TEST(encode_base64url("\xfb\xff\xfe") == "-__-");
}

BOOST_AUTO_TEST_CASE(every_byte_string_has_one_text)
{
    // RFC 4648 §10 without padding; then the same bits with others behind them, padding, the other alphabet.
    for (const char* good : {"", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy"}) {
        std::string out;
        BOOST_TEST(decode_base64url(good, out), good);
        BOOST_TEST(encode_base64url(out) == good);
    }
    for (const char* bad : {"Z", "Zg==", "Zg=", "Zh", "Zm9", "Zm8=", "Zm9vY", "Zm9v ", " Zm9v", "Zm9v\n", "Zm+v",
                            "Zm/v", "Zm.v", "Zm9vYh", "Zm9vYmF", "Z\xc3\xa9Zm", "====", "Zm9v="}) {
        std::string out;
        BOOST_TEST(!decode_base64url(bad, out), bad);
    }
    std::string out;
    BOOST_TEST(!decode_base64url(std::string_view("Zm9\0", 4), out));
}

BOOST_AUTO_TEST_SUITE_END()
