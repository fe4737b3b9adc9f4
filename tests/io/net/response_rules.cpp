// What RFC 9112 says of an answer, row by row, however the bytes are cut.
#include "net/response.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher::detail;
using namespace std::string_literals;

namespace {

struct text_sink final : answer_sink {
    void begin(const response_head& head) override
    {
        ++begun;
        status = head.status;
    }
    void body(std::string_view piece) override { text += piece; }
    int begun = 0;
    int status = 0;
    std::string text;
};

constexpr std::size_t max_header = 4096;
constexpr std::uint64_t max_body = 1000;

enum class verdict { taken, taken_and_closed, refused, unfinished };

std::ostream& operator<<(std::ostream& out, verdict v)
{
    static constexpr const char* names[] = {"taken", "taken and closed", "refused", "unfinished"};
    return out << names[static_cast<int>(v)];
}

struct outcome {
    verdict is = verdict::unfinished;
    std::string text;
    int status = 0;
    std::size_t used = 0;
    boost::system::error_code ec;
};

/// Feeds pieces of a size, and what the reader left again with the next piece, as a connection does.
outcome read(std::string_view answer, std::size_t piece, bool then_eof)
{
    text_sink sink;
    response_reader reader;
    reader.start(sink, max_header, max_body, true);
    outcome got;
    std::size_t end = 0;
    while (end < answer.size() && !got.ec && !reader.done()) {
        end = std::min(answer.size(), end + piece);
        got.used += reader.put(answer.substr(got.used, end - got.used), got.ec);
    }
    if (!got.ec && !reader.done() && then_eof && reader.head_done())
        reader.put_eof(got.ec);
    got.text = sink.text;
    got.status = sink.status;
    if (got.ec)
        got.is = verdict::refused;
    else if (reader.done())
        got.is = reader.keep_alive() ? verdict::taken : verdict::taken_and_closed;
    BOOST_TEST(sink.begun <= 1);
    return got;
}

struct row {
    const char* what;
    std::string answer;
    verdict is;
    std::string text = "hello";
    bool then_eof = false;
};

const std::string ok = "HTTP/1.1 200 OK\r\n";
const std::string five = "Content-Length: 5\r\n";
const std::string chunked = "Transfer-Encoding: chunked\r\n";
const std::string end = "\r\n";

std::vector<row> framing_rows()
{
    using enum verdict;
    return {
        {"a length", ok + five + end + "hello", taken},
        {"the same length twice", ok + five + five + end + "hello", taken},
        {"the same length twice in one field", ok + "Content-Length: 5, 5\r\n" + end + "hello", taken},
        {"two lengths", ok + five + "Content-Length: 6\r\n" + end + "hello", refused},
        {"two lengths in one field", ok + "Content-Length: 5, 6\r\n" + end + "hello", refused},
        {"an empty member in the list of lengths", ok + "Content-Length: 5,,5\r\n" + end + "hello", refused},
        {"a negative length", ok + "Content-Length: -5\r\n" + end + "hello", refused},
        {"a signed length", ok + "Content-Length: +5\r\n" + end + "hello", refused},
        {"a hexadecimal length", ok + "Content-Length: 0x5\r\n" + end + "hello", refused},
        {"an empty length", ok + "Content-Length:\r\n" + end + "hello", refused},
        {"a length with a blank within", ok + "Content-Length: 1 5\r\n" + end + "hello", refused},
        {"a length past 64 bits", ok + "Content-Length: 18446744073709551621\r\n" + end + "hello", refused},
        {"a length past the limit", ok + "Content-Length: 1001\r\n" + end + "hello", refused},
        {"a length and a coding", ok + five + chunked + end + "0\r\n\r\n", refused},
        {"a coding and a length", ok + chunked + five + end + "0\r\n\r\n", refused},
        {"an unknown coding and a length", ok + "Transfer-Encoding: gzip\r\n" + five + end + "hello", refused},
        {"chunks", ok + chunked + end + "5\r\nhello\r\n0\r\n\r\n", taken},
        {"chunks in capitals", ok + "TRANSFER-ENCODING: CHUNKED\r\n" + end + "5\r\nhello\r\n0\r\n\r\n", taken},
        {"a coding before chunks", ok + "Transfer-Encoding: gzip, chunked\r\n" + end + "5\r\nhello\r\n0\r\n\r\n",
         refused},
        {"a coding before chunks in a field of its own",
         ok + "Transfer-Encoding: gzip\r\n" + chunked + end + "5\r\nhello\r\n0\r\n\r\n", refused},
        {"chunks twice", ok + "Transfer-Encoding: chunked, chunked\r\n" + end + "5\r\nhello\r\n0\r\n\r\n", refused},
        {"chunks twice in two fields", ok + chunked + chunked + end + "5\r\nhello\r\n0\r\n\r\n", refused},
        {"chunks that are not last", ok + "Transfer-Encoding: chunked, gzip\r\n" + end + "hello", refused, "", true},
        {"identity", ok + "Transfer-Encoding: identity\r\n" + end + "hello", refused, "", true},
        {"an empty coding", ok + "Transfer-Encoding:\r\n" + end + "hello", refused, "", true},
        {"a coding with a vertical tab", ok + "Transfer-Encoding: \vchunked\r\n" + end + "hello", refused},
        {"chunks of HTTP/1.0", "HTTP/1.0 200 OK\r\n" + chunked + end + "5\r\nhello\r\n0\r\n\r\n", refused},
        {"chunk extensions", ok + chunked + end + "3;a=b;c=\"d;e\"\r\nhel\r\n2;f\r\nlo\r\n0;g\r\n\r\n", taken},
        {"a line feed within a chunk extension", ok + chunked + end + "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n", refused},
        {"a bare line feed after a chunk size", ok + chunked + end + "5\nhello\r\n0\r\n\r\n", refused},
        {"a chunk extension without a name", ok + chunked + end + "5;\r\nhello\r\n0\r\n\r\n", refused},
        {"a chunk size past 64 bits", ok + chunked + end + "10000000000000005\r\nhello\r\n0\r\n\r\n", refused},
        {"a chunk size past the limit", ok + chunked + end + "3e9\r\nhello", refused},
        {"chunks that pass the limit together", ok + chunked + end + "3e8\r\n" + std::string(1000, 'x') + "\r\n1\r\n",
         refused},
        {"a negative chunk size", ok + chunked + end + "-5\r\nhello\r\n0\r\n\r\n", refused},
        {"a chunk size with 0x", ok + chunked + end + "0x5\r\nhello\r\n0\r\n\r\n", refused},
        {"a chunk size with a blank before it", ok + chunked + end + " 5\r\nhello\r\n0\r\n\r\n", refused},
        {"no chunk size", ok + chunked + end + "\r\nhello\r\n0\r\n\r\n", refused},
        {"a chunk that is longer than it says", ok + chunked + end + "4\r\nhello\r\n0\r\n\r\n", refused},
        {"chunk data ended by a line feed", ok + chunked + end + "5\r\nhello\n0\r\n\r\n", refused},
        {"no chunk at all", ok + chunked + end + "0\r\n\r\n", taken, ""},
        {"trailers", ok + chunked + end + "5\r\nhello\r\n0\r\nA: b\r\nRetry-After: 9\r\n\r\n", taken},
        {"a length among the trailers", ok + chunked + end + "5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n", refused},
        {"trailers without an end", ok + chunked + end + "5\r\nhello\r\n0\r\nA: b\r\n", unfinished},
        {"chunks cut off", ok + chunked + end + "5\r\nhello\r\n", refused, "", true},
        {"a length cut off", ok + five + end + "hell", refused, "", true},
        {"the end of the connection", ok + end + "hello", taken_and_closed, "hello", true},
    };
}

std::vector<row> head_rows()
{
    using enum verdict;
    const std::string nul(1, '\0');
    return {
        {"a folded field", ok + "A: b\r\n c\r\n" + five + end + "hello", taken},
        {"a folded length", ok + "Content-Length: 5\r\n 5\r\n" + end + "hello", refused},
        {"a folded first field", ok + " A: b\r\n" + five + end + "hello", refused},
        {"bare line feeds", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", refused},
        {"a bare line feed in a field", ok + "A: b\n" + five + end + "hello", refused},
        {"a bare carriage return in a field", ok + "A: b\rc\r\n" + five + end + "hello", refused},
        {"a bare carriage return before a field", ok + "\rA: b\r\n" + five + end + "hello", refused},
        {"NUL in a value", ok + "A: b" + nul + "c\r\n" + five + end + "hello", refused},
        {"NUL in a name", ok + "A" + nul + ": b\r\n" + five + end + "hello", refused},
        {"NUL in the reason", "HTTP/1.1 200 O" + nul + "K\r\n" + five + end + "hello", refused},
        {"DEL in a value", ok + "A: b\x7f\r\n" + five + end + "hello", refused},
        {"bytes above ASCII in a value", ok + "A: \xc3\xa4\r\n" + five + end + "hello", taken},
        {"a blank before the colon", ok + "Content-Length : 5\r\n" + end + "hello", refused},
        {"no name", ok + ": b\r\n" + five + end + "hello", refused},
        {"no colon", ok + "A\r\n" + five + end + "hello", refused},
        {"a name with a bracket", ok + "A(b): c\r\n" + five + end + "hello", refused},
        {"a name above ASCII", ok + "\xc3\xa4: c\r\n" + five + end + "hello", refused},
        {"an empty value", ok + "A:\r\n" + five + end + "hello", taken},
        {"no reason", "HTTP/1.1 200 \r\n" + five + end + "hello", taken},
        {"neither reason nor blank", "HTTP/1.1 200\r\n" + five + end + "hello", refused},
        {"HTTP/1.0", "HTTP/1.0 200 OK\r\n" + five + end + "hello", taken_and_closed},
        {"HTTP/1.0 that stays", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + five + end + "hello", taken},
        {"HTTP/1.0 that says both", "HTTP/1.0 200 OK\r\nConnection: keep-alive, close\r\n" + five + end + "hello",
         taken_and_closed},
        {"HTTP/1.0 whose proxy stays", "HTTP/1.0 200 OK\r\nProxy-Connection: keep-alive\r\n" + five + end + "hello",
         taken_and_closed},
        {"close", ok + "Connection: close\r\n" + five + end + "hello", taken_and_closed},
        {"close in capitals", ok + "CONNECTION: CLOSE\r\n" + five + end + "hello", taken_and_closed},
        {"close in a list", ok + "Connection: x, Close , keep-alive\r\n" + five + end + "hello", taken_and_closed},
        {"close in a second field", ok + "Connection: keep-alive\r\nConnection: close\r\n" + five + end + "hello",
         taken_and_closed},
        {"closed, which is not close", ok + "Connection: closed\r\n" + five + end + "hello", taken},
        {"HTTP/0.9", "hello, world", refused, "", true},
        {"HTTP/2", "HTTP/2 200\r\n" + five + end + "hello", refused},
        {"HTTP/1.2", "HTTP/1.2 200 OK\r\n" + five + end + "hello", refused},
        {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", refused},
        {"settings of HTTP/2", "\0\0\x06\x04\0\0\0\0\0\0\x05\0\0\x40\0"s, refused},
        {"another protocol", "SSH-2.0-OpenSSH_9.2\r\n", refused},
        {"HTTP in small letters", "http/1.1 200 OK\r\n" + five + end + "hello", refused},
        {"an empty line before the answer", "\r\n" + ok + five + end + "hello", refused},
        {"status 99", "HTTP/1.1 099 X\r\n" + five + end + "hello", refused},
        {"status 600", "HTTP/1.1 600 X\r\n" + five + end + "hello", refused},
        {"status 599", "HTTP/1.1 599 X\r\n" + five + end + "hello", taken},
        {"status of two digits", "HTTP/1.1 20 OK\r\n" + five + end + "hello", refused},
        {"status of four digits", "HTTP/1.1 2000 OK\r\n" + five + end + "hello", refused},
        {"status in letters", "HTTP/1.1 abc OK\r\n" + five + end + "hello", refused},
        {"101", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", refused},
        {"204", "HTTP/1.1 204 X\r\n\r\n", taken, ""},
        {"204 of length 0", "HTTP/1.1 204 X\r\nContent-Length: 0\r\n\r\n", taken, ""},
        {"204 with a length", "HTTP/1.1 204 X\r\n" + five + end + "hello", taken_and_closed, ""},
        {"204 with chunks", "HTTP/1.1 204 X\r\n" + chunked + end + "0\r\n\r\n", taken_and_closed, ""},
        {"304 with a length", "HTTP/1.1 304 X\r\n" + five + end + "hello", taken_and_closed, ""},
        {"100 before it", "HTTP/1.1 100 Continue\r\n\r\n" + ok + five + end + "hello", taken},
        {"100 of length 0 before it", "HTTP/1.1 100 X\r\nContent-Length: 0\r\n\r\n" + ok + five + end + "hello", taken},
        {"100 with a body before it", "HTTP/1.1 100 X\r\n" + five + end + "hello" + ok + five + end + "hello", refused},
        {"103 with chunks before it", "HTTP/1.1 103 X\r\n" + chunked + end + "0\r\n\r\n" + ok + five + end, refused},
    };
}

void check(const std::vector<row>& rows)
{
    for (const auto& one : rows)
        for (const std::size_t piece : {1UL, 2UL, 3UL, 4UL, 5UL, 7UL, 16UL, 1UL << 20})
            BOOST_TEST_CONTEXT(one.what << ", " << piece << " bytes at once")
            {
                const auto got = read(one.answer, piece, one.then_eof);
                // What can't be an answer may also be waited for, so long as it never becomes one.
                const bool waits = one.is == verdict::refused && got.is == verdict::unfinished;
                BOOST_TEST((got.is == one.is || waits), got.is << " instead of " << one.is);
                if (waits)
                    BOOST_TEST(got.status == 0);
                if (one.is == verdict::taken || one.is == verdict::taken_and_closed)
                    BOOST_TEST(got.text == one.text);
            }
}

} // namespace

BOOST_AUTO_TEST_SUITE(response_rules)

BOOST_AUTO_TEST_CASE(where_a_body_ends_is_known_for_certain_or_the_answer_is_refused)
{
    check(framing_rows());
}

BOOST_AUTO_TEST_CASE(a_head_is_what_the_rules_allow_or_refused)
{
    check(head_rows());
}

BOOST_AUTO_TEST_CASE(a_folded_value_becomes_one_line)
{
    text_sink sink;
    response_reader reader;
    reader.start(sink, max_header, max_body, true);
    boost::system::error_code ec;
    reader.put(ok + "A: b\r\n \t c\r\n" + five + end, ec);
    BOOST_TEST(!ec);
    BOOST_TEST_REQUIRE(reader.head().headers.size() == 2U);
    BOOST_TEST(reader.head().headers[0].second == "b c");
}

BOOST_AUTO_TEST_CASE(trailers_say_nothing_of_the_answer)
{
    text_sink sink;
    response_reader reader;
    reader.start(sink, max_header, max_body, true);
    boost::system::error_code ec;
    reader.put(ok + chunked + end +
                   "5\r\nhello\r\n0\r\nRetry-After: 9\r\nRateLimit-Limit: 1\r\nCF-Ray: r\r\nConnection: x\r\n\r\n",
               ec);
    BOOST_TEST(!ec);
    BOOST_TEST(reader.done());
    BOOST_TEST(reader.head().headers.size() == 1U);
    BOOST_TEST(reader.head().retry_after.empty());
    BOOST_TEST(!reader.head().rate.any);
    BOOST_TEST(reader.head().trace_id.empty());
}

BOOST_AUTO_TEST_CASE(a_head_that_never_ends_passes_a_limit_however_it_is_cut)
{
    const std::string line = "A: " + std::string(27, 'b') + "\r\n";
    for (const std::size_t piece : {line.size(), line.size() * 3, std::size_t(7), std::size_t(1)}) {
        std::string answer = ok;
        while (answer.size() < 4 * max_header)
            answer += line;
        const auto got = read(answer, piece, false);
        BOOST_TEST(got.is == verdict::refused, piece);
        BOOST_TEST(response_reader::is_limit(got.ec), piece);
        BOOST_TEST(got.used <= 2 * max_header + ok.size(), piece);
    }
}

BOOST_AUTO_TEST_CASE(interim_answers_come_to_an_end)
{
    std::string interim;
    for (int i = 0; i < 100; ++i)
        interim += "HTTP/1.1 102 Processing\r\n\r\n";
    BOOST_TEST(read(interim + ok + five + end + "hello", 1 << 20, false).is == verdict::taken);
    const auto got = read(interim + "HTTP/1.1 102 Processing\r\n\r\n" + ok + five + end + "hello", 11, false);
    BOOST_TEST(got.is == verdict::refused);
    BOOST_TEST(response_reader::is_limit(got.ec));
}

BOOST_AUTO_TEST_CASE(chunk_extensions_come_to_an_end)
{
    std::string answer = ok + chunked + end;
    for (int i = 0; i < 50; ++i)
        answer += "1;a=" + std::string(100, 'b') + "\r\nx\r\n";
    const auto got = read(answer, 1 << 20, false);
    BOOST_TEST(got.is == verdict::refused);
    BOOST_TEST(response_reader::is_limit(got.ec));
}

BOOST_AUTO_TEST_SUITE_END()
