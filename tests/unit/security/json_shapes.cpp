// Every short text over JSON's own characters, and every short byte sequence in a string: the decoder takes what a
// grammar written down a second time takes (RFC 8259), as a value and where it is skipped, and nothing else.
#include "json/decoder.hpp"

#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

using namespace usher::detail;

namespace {

/// The grammar, letter for letter; no part of the library in it.
class grammar {
public:
    explicit grammar(std::string_view text) : rest_(text) {}
    bool is_document()
    {
        space();
        return value() && (space(), rest_.empty());
    }

private:
    bool take(char c)
    {
        if (rest_.empty() || rest_.front() != c)
            return false;
        rest_.remove_prefix(1);
        return true;
    }
    bool take(std::string_view word)
    {
        if (!rest_.starts_with(word))
            return false;
        rest_.remove_prefix(word.size());
        return true;
    }
    void space()
    {
        while (take(' ') || take('\t') || take('\n') || take('\r'))
            ;
    }
    bool digits()
    {
        bool any = false;
        while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
            rest_.remove_prefix(1);
            any = true;
        }
        return any;
    }
    bool number()
    {
        take('-');
        if (!take('0') && !digits())
            return false;
        if (take('.') && !digits())
            return false;
        if (take('e') || take('E')) {
            take('+') || take('-');
            return digits();
        }
        return true;
    }
    int four_digits()
    {
        int code = 0;
        for (int i = 0; i != 4; ++i) {
            const auto at =
                rest_.empty() ? std::string_view::npos : std::string_view("0123456789abcdefABCDEF").find(rest_.front());
            if (at == std::string_view::npos)
                return -1;
            code = code * 16 + static_cast<int>(at < 16 ? at : at - 6);
            rest_.remove_prefix(1);
        }
        return code;
    }
    bool escape()
    {
        if (take('u')) {
            const int code = four_digits();
            if (code >= 0xd800 && code < 0xdc00) {
                const int low = take("\\u") ? four_digits() : -1;
                return low >= 0xdc00 && low < 0xe000;
            }
            return code >= 0 && !(code >= 0xdc00 && code < 0xe000);
        }
        for (const char c : {'"', '\\', '/', 'b', 'f', 'n', 'r', 't'})
            if (take(c))
                return true;
        return false;
    }
    bool in(std::size_t at, int low, int high) const
    {
        return at < rest_.size() && static_cast<unsigned char>(rest_[at]) >= low &&
               static_cast<unsigned char>(rest_[at]) <= high;
    }
    /// The table of RFC 3629 §4.
    bool character()
    {
        std::size_t size = 0;
        if (in(0, 0x20, 0x7f))
            size = 1;
        else if (in(0, 0xc2, 0xdf) && in(1, 0x80, 0xbf))
            size = 2;
        else if (((in(0, 0xe0, 0xe0) && in(1, 0xa0, 0xbf)) || (in(0, 0xe1, 0xec) && in(1, 0x80, 0xbf)) ||
                  (in(0, 0xed, 0xed) && in(1, 0x80, 0x9f)) || (in(0, 0xee, 0xef) && in(1, 0x80, 0xbf))) &&
                 in(2, 0x80, 0xbf))
            size = 3;
        else if (((in(0, 0xf0, 0xf0) && in(1, 0x90, 0xbf)) || (in(0, 0xf1, 0xf3) && in(1, 0x80, 0xbf)) ||
                  (in(0, 0xf4, 0xf4) && in(1, 0x80, 0x8f))) &&
                 in(2, 0x80, 0xbf) && in(3, 0x80, 0xbf))
            size = 4;
        rest_.remove_prefix(size);
        return size != 0;
    }
    bool string()
    {
        if (!take('"'))
            return false;
        while (!take('"'))
            if (!(take('\\') ? escape() : character()))
                return false;
        return true;
    }
    bool members(char close, bool named)
    {
        space();
        if (take(close))
            return true;
        for (;;) {
            space();
            if (named && !(string() && (space(), take(':')) && (space(), true)))
                return false;
            if (!value())
                return false;
            space();
            if (take(close))
                return true;
            if (!take(','))
                return false;
        }
    }
    bool value()
    {
        space();
        if (take('{'))
            return members('}', true);
        if (take('['))
            return members(']', false);
        if (!rest_.empty() && rest_.front() == '"')
            return string();
        return take("true") || take("false") || take("null") || number();
    }

    std::string_view rest_;
};

constexpr type_info any_value{kind::json_value, "any",  sizeof(boost::json::value), {}, {}, {}, {}, nullptr, nullptr,
                              nullptr,          nullptr};
constexpr type_info no_members{kind::object, "none", 1, {}, {}, {}, {}, nullptr, nullptr, nullptr, nullptr};

/// Checks texts one after the other, with one decoder, as a connection does.
class checker {
public:
    void operator()(const std::string& text)
    {
        const bool expected = grammar(text).is_document();
        ++(expected ? accepted : refused);
        boost::json::value value;
        if (decode(any_value, &value, text) != expected)
            BOOST_TEST(false, "as a value, expected " << expected << ": " << text);
        char nothing = 0;
        const auto skipped = "{\"skipped\":" + text + "}"; // `1,"a":1` is no value and stands well there
        const bool expected_there = grammar(skipped).is_document();
        if (decode(no_members, &nothing, skipped) != expected_there)
            BOOST_TEST(false, "where it is skipped, expected " << expected_there << ": " << text);
    }

    std::size_t accepted = 0;
    std::size_t refused = 0;

private:
    bool decode(const type_info& type, void* object, const std::string& text)
    {
        reader_.start(type, object, decode_limits());
        return reader_.write(text) && reader_.finish();
    }
    decoder reader_;
};

/// All texts of up to `length` pieces.
template <class Check>
void each_text(const std::vector<std::string>& pieces, std::size_t length, Check& check)
{
    std::vector<std::size_t> turn;
    for (std::size_t size = 0; size <= length; ++size) {
        turn.assign(size, 0);
        for (;;) {
            std::string text;
            for (const auto at : turn)
                text += pieces[at];
            check(text);
            std::size_t place = 0;
            while (place != size && ++turn[place] == pieces.size())
                turn[place++] = 0;
            if (place == size)
                break;
        }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_shapes)

BOOST_AUTO_TEST_CASE(of_four_characters_are_taken_as_the_grammar_has_it)
{
    checker check;
    each_text({"{", "}", "[", "]", ",", ":", "\"", "0", "1", "-", "+", ".", "e", "E", "\\", "a", " ", "\n", "/", "'"},
              4, check);
    BOOST_TEST_MESSAGE(check.accepted << " accepted, " << check.refused << " refused");
    BOOST_TEST(check.accepted >= 95U);
    BOOST_TEST(check.refused >= 150'000U);
}

BOOST_AUTO_TEST_CASE(of_five_words_are_taken_as_the_grammar_has_it)
{
    checker check;
    each_text({"{", "}", "[", "]", ",", ":", "\"a\"", "true", "null", "1.5e2"}, 5, check);
    each_text({"-", "0", "1", ".", "e", "+", "E-"}, 5, check);
    each_text({"\"", "\\u", "d834", "dd1e", "00", "\\", "n"}, 5, check);
    BOOST_TEST_MESSAGE(check.accepted << " accepted, " << check.refused << " refused");
    BOOST_TEST(check.accepted >= 400U);
    BOOST_TEST(check.refused >= 100'000U);
}

BOOST_AUTO_TEST_CASE(in_strings_are_utf_8_and_nothing_else)
{
    checker check;
    const auto quoted = [&](const std::string& bytes) { check('"' + bytes + '"'); };
    const auto byte = [](int value) { return std::string(1, static_cast<char>(value)); };
    for (int a = 0; a != 256; ++a) {
        quoted(byte(a));
        quoted("\\" + byte(a));
        for (int b = 0; b != 256; ++b)
            quoted(byte(a) + byte(b));
    }
    // Around every edge of the table.
    for (const int a : {0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf8, 0xff})
        for (const int b : {0x22, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0})
            for (const int c : {0x22, 0x7f, 0x80, 0xbf, 0xc0}) {
                quoted(byte(a) + byte(b) + byte(c));
                for (const int d : {0x22, 0x7f, 0x80, 0xbf, 0xc0})
                    quoted(byte(a) + byte(b) + byte(c) + byte(d));
            }
    BOOST_TEST_MESSAGE(check.accepted << " accepted, " << check.refused << " refused");
    BOOST_TEST(check.accepted >= 9'000U);
    BOOST_TEST(check.refused >= 50'000U);
}

BOOST_AUTO_TEST_SUITE_END()
