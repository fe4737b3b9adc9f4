// Answers that a client should not believe: redirects, compression, sizes at the limit and past it.
#include "captured.hpp"
#include "evil.hpp"

#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>

#include <boost/test/unit_test.hpp>

using namespace security;
using usher::error_kind;

namespace {

const std::string address = "https://api.example/v1";

std::string answer_of(int status, const std::string& headers, const std::string& body)
{
    return "HTTP/1.1 " + std::to_string(status) + " Reason\r\n" + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string chunked(const std::string& body, std::size_t size)
{
    std::string text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::size_t at = 0; at < body.size(); at += size) {
        const auto chunk = body.substr(at, size);
        char digits[20];
        std::snprintf(digits, sizeof digits, "%zx\r\n", chunk.size());
        text += digits + chunk + "\r\n";
    }
    return text + "0\r\n\r\n";
}

struct served : captured {
    explicit served(const usher::engine_options& how = usher::engine_options())
        : captured(how),
          shared(capture(address)),
          clerk(engine, usher::secret("sk_test_canary-of-answers"), options(address))
    {
    }

    /// The error of a call that is answered so; a default one when it is none.
    usher::error call(const std::string& answer, bool closes = false)
    {
        shared->answer = answer;
        shared->closes = closes;
        shared->sent.clear();
        const auto done = run(clerk.users().count());
        return done ? usher::error() : done.error();
    }

    std::shared_ptr<wire> shared;
    usher::clerk::client clerk;
};

const std::string counted = R"({"object":"total_count","total_count":42})";

/// Exactly `size` bytes of JSON that decodes.
std::string of_size(std::size_t size)
{
    const std::string begin = R"({"total_count":42,"x":")";
    return begin + std::string(size - begin.size() - 2, 'a') + "\"}";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(answers, served)

BOOST_AUTO_TEST_CASE(that_redirect_are_errors_and_nothing_goes_anywhere)
{
    const auto evil = capture("https://evil.example");
    const auto plain = capture("http://127.0.0.1:8080");
    std::size_t cases = 0;
    for (const int status : {300, 301, 302, 303, 304, 305, 307, 308, 399})
        for (const std::string location : {"https://evil.example/v1/users/count?token=canary-of-location",
                                           "http://127.0.0.1:8080/", "//evil.example/", "/v1/users/count2", "users",
                                           "https://api.example/v1/users/count", "http://api.example/", ""}) {
            const auto why = call(answer_of(status, "Location: " + location + "\r\n", counted));
            BOOST_CHECK(why.kind() == error_kind::service);
            BOOST_TEST(why.status() == status);
            BOOST_TEST(!why.is_retryable());
            BOOST_TEST(why.message().find("redirect") != std::string::npos, why.message());
            BOOST_TEST(why.message().find("canary") == std::string::npos);
            BOOST_TEST(read_requests(shared->sent).size() == 1U);
            ++cases;
        }
    BOOST_TEST(cases == 72U);
    BOOST_TEST(evil->sent.empty());
    BOOST_TEST(plain->sent.empty());
    BOOST_TEST((evil->streams + plain->streams) == 0U);
    // A body is not sent a second time either.
    usher::clerk::create_user_params ada;
    ada.password = "canary-of-password";
    shared->sent.clear();
    shared->answer = answer_of(307, "Location: https://evil.example/\r\n", "");
    BOOST_TEST(run(clerk.users().create(ada)).error().status() == 307);
    BOOST_TEST(read_requests(shared->sent).size() == 1U);
    BOOST_TEST(evil->sent.empty());
}

BOOST_AUTO_TEST_CASE(that_are_compressed_are_refused_and_not_repeated)
{
    const std::string bytes = "\x1f\x8b\x08 canary-of-body \xff\xfe";
    BOOST_TEST(read_requests((call(answer_of(200, "", counted)), shared->sent)).front().header("Accept-Encoding") ==
               "identity");
    for (const std::string coding : {"gzip", "GZIP", "x-gzip", "br", "deflate", "zstd", "compress", "gzip, br",
                                     "identity, gzip", "aes128gcm", "nonsense"}) {
        const auto why = call(answer_of(200, "Content-Encoding: " + coding + "\r\n", bytes));
        BOOST_CHECK(why.kind() == error_kind::decode);
        BOOST_TEST(why.message().find("compressed") != std::string::npos, why.message());
        BOOST_TEST(why.message().find("canary") == std::string::npos);
        BOOST_TEST(why.details().body.empty());
        const auto failed = call(answer_of(503, "Content-Encoding: " + coding + "\r\n", bytes));
        BOOST_CHECK(failed.kind() == error_kind::service);
        BOOST_TEST(failed.status() == 503);
        BOOST_TEST(failed.details().body.empty());
        // JSON under a false name is not read.
        BOOST_TEST(!!call(answer_of(200, "Content-Encoding: " + coding + "\r\n", counted)));
    }
    for (const std::string coding : {"identity", "Identity", ""})
        BOOST_TEST(!call(answer_of(200, "Content-Encoding: " + coding + "\r\n", counted)), coding);
    // Two fields are one list.
    BOOST_TEST(!!call(answer_of(200, "Content-Encoding: identity\r\nContent-Encoding: gzip\r\n", counted)));
    BOOST_TEST(!!call(answer_of(200, "Content-Encoding: gzip\r\nContent-Encoding: identity\r\n", counted)));
    BOOST_CHECK(call("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n").kind() ==
                error_kind::protocol);
}

BOOST_AUTO_TEST_CASE(that_were_compressed_leave_nothing_for_the_next_one)
{
    call(answer_of(200, "Content-Encoding: gzip\r\n", "xyz"));
    BOOST_TEST(!call(answer_of(200, "", counted)));
}

BOOST_AUTO_TEST_CASE(have_a_body_up_to_the_limit_and_not_a_byte_more)
{
    constexpr std::size_t limit = 5000;
    usher::engine_options how;
    how.max_body_size = limit;
    served small(how);
    for (const bool at_once : {true, false}) {
        small.shared->piece = at_once ? 1 << 20 : 7;
        for (const std::size_t size : {limit - 1, limit, limit + 1}) {
            const bool fits = size <= limit;
            const auto body = of_size(size);
            for (const auto& [answer, closes] :
                 {std::pair(answer_of(200, "", body), false), std::pair(chunked(body, 1), false),
                  std::pair(chunked(body, 4096), false), std::pair(chunked(body, size), false),
                  std::pair("HTTP/1.1 200 OK\r\n\r\n" + body, true)}) {
                const auto why = small.call(answer, closes);
                BOOST_TEST(!why == fits, size << " bytes: " << why.message() << " of " << answer.substr(0, 60));
                if (!fits)
                    BOOST_CHECK(why.kind() == error_kind::protocol);
            }
        }
    }
    // A length that nobody could mean is refused before a byte of it came.
    for (const auto* length : {"5001", "18446744073709551615", "18446744073709551616", "99999999999999999999999", "-1",
                               "+5", "0x10", "5, 6", "5 5", ""}) {
        served fresh(how); // or its breaker opens
        const auto why = fresh.call("HTTP/1.1 200 OK\r\nContent-Length: " + std::string(length) + "\r\n\r\n", true);
        BOOST_TEST((why.kind() == error_kind::protocol), length << ": " << why.message());
    }
    for (const auto* size :
         {"1389", "ffffffffffffffff", "10000000000000000", "fffffffffffffffffffff", "-1", "0x5", ""}) {
        served fresh(how);
        const auto why = fresh.call("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(size) +
                                        "\r\n" + counted + "\r\n0\r\n\r\n",
                                    true);
        BOOST_TEST((why.kind() == error_kind::protocol), size << ": " << why.message());
    }
}

BOOST_AUTO_TEST_CASE(have_a_head_up_to_the_limit_however_it_is_filled)
{
    constexpr std::size_t limit = 8192;
    usher::engine_options how;
    how.max_header_size = limit;
    // What counts: the field lines with the empty line that ends them.
    const auto headers_for = [&](std::size_t block, bool many) {
        const auto empty = answer_of(200, "", counted);
        const auto head_end = empty.find("\r\n\r\n") + 4;
        const auto size = block - (head_end - (empty.find("\r\n") + 2));
        std::string headers;
        while (many && headers.size() + 16 < size)
            headers += "A: b\r\n";
        return headers + "X: " + std::string(size - headers.size() - 5, 'a') + "\r\n";
    };
    for (const bool many : {false, true})
        for (const std::size_t piece : {1U << 20, 7U, 1U})
            for (const std::size_t block : {1'000U, 7'000U, 8'191U, 8'192U, 8'193U, 8'194U, 9'000U, 100'000U}) {
                const auto answer = answer_of(200, headers_for(block, many), counted);
                const auto fields = answer.find("\r\n") + 2;
                BOOST_TEST_REQUIRE(answer.find("\r\n\r\n") + 4 - fields == block);
                served fresh(how); // or its breaker opens
                fresh.shared->piece = piece;
                const auto why = fresh.call(answer);
                BOOST_TEST(!why == (block <= limit), block << " bytes, " << piece << " at a time: " << why.message());
                if (why)
                    BOOST_CHECK(why.kind() == error_kind::protocol);
            }
}

BOOST_AUTO_TEST_CASE(are_as_deep_as_the_limit_and_no_deeper)
{
    for (const std::size_t limit : {1U, 2U, 16U, 64U, 300U}) {
        usher::engine_options how;
        how.max_depth = limit;
        served small(how);
        for (const bool object : {false, true})
            for (const std::size_t depth : {limit - 1, limit, limit + 1}) {
                // One level is the answer itself, the others stand in a member that nobody knows.
                std::string body = counted;
                if (depth > 1) {
                    std::string inner;
                    for (std::size_t i = 1; i != depth; ++i)
                        inner += object ? "{\"a\":" : "[";
                    inner += "1";
                    for (std::size_t i = 1; i != depth; ++i)
                        inner += object ? "}" : "]";
                    body = "{\"total_count\":1,\"x\":" + inner + "}";
                }
                const auto why = small.call(answer_of(200, "", body));
                BOOST_TEST(!why == (std::max<std::size_t>(depth, 1) <= limit),
                           "depth " << depth << ": " << why.message());
            }
    }
    // Half a megabyte of brackets is no deeper than the limit to the program's stack either.
    for (const char* open : {"[", "{\"a\":"}) {
        std::string body;
        while (body.size() < 500'000)
            body += open;
        for (const auto* before : {"", "{\"x\":", "{\"total_count\":"})
            BOOST_CHECK(call(answer_of(200, "", before + body)).kind() == error_kind::decode);
        const auto failed = call(answer_of(422, "", body));
        BOOST_CHECK(failed.kind() == error_kind::service);
        BOOST_TEST(failed.details().body.size() <= 2048U);
    }
}

BOOST_AUTO_TEST_CASE(that_are_errors_are_kept_up_to_two_kibibytes)
{
    for (const std::size_t size : {0U, 2047U, 2048U, 2049U, 65'535U, 65'536U, 65'537U, 10'000'000U}) {
        const auto why = call(answer_of(500, "", std::string(size, 'x')));
        BOOST_TEST(why.details().body.size() == std::min<std::size_t>(size, 2048));
        BOOST_TEST(why.message().size() < 300U);
    }
    // One that is the service's own JSON, and a bomb: its entries come out of 64 KiB at most, its line has an end.
    std::string many = R"({"errors":[{"code":"a","message":"b"})";
    while (many.size() < 1'000'000)
        many += R"(,{"code":"a","message":"b"})";
    const auto cut = call(answer_of(422, "", many + "]}"));
    BOOST_TEST(cut.errors().size() < 3'000U);
    std::string long_message = R"({"errors":[{"code":"a","message":")" + std::string(60'000, 'm') + "\"}]}";
    const auto told = call(answer_of(422, "", long_message));
    BOOST_TEST(told.errors().size() == 1U);
    BOOST_TEST(told.message().size() < 1'300U);
}

BOOST_AUTO_TEST_CASE(that_name_an_absurd_wait_are_cut)
{
    for (const std::string wait : {"-1", "-99999999999", "99999999999999999999999", "1e9", "0x10", "1.5", "nan", "",
                                   "Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "soon",
                                   "18446744073709551616", "9223372036854775807"}) {
        served fresh; // the wait holds for whoever calls next
        const auto why = fresh.call(answer_of(429, "Retry-After: " + wait + "\r\n", "{}"));
        BOOST_TEST(why.is_rate_limited());
        const auto told = why.retry_after().value_or(std::chrono::seconds(0));
        BOOST_TEST((told.count() >= 0 && told <= std::chrono::hours(24)), wait << ": " << told.count());
    }
}

BOOST_AUTO_TEST_CASE(whose_numbers_and_texts_have_no_end_are_read_in_time_and_refused_in_words)
{
    for (const std::string& value :
         {std::string(1'000'000, '9'), "-" + std::string(1'000'000, '9'), "1." + std::string(1'000'000, '0') + "1",
          "1e" + std::string(1'000'000, '9'), "\"" + std::string(5'000'000, 'a') + "\"",
          std::string("9223372036854775808"), std::string("-9223372036854775809"), std::string("1e400"),
          std::string("\"42\"x")}) {
        const auto why = call(answer_of(200, "", "{\"total_count\":" + value + "}"));
        BOOST_CHECK(why.kind() == error_kind::decode);
        BOOST_TEST(why.message().size() < 400U);
        BOOST_TEST(why.message().find("aaaa") == std::string::npos);
        BOOST_TEST(why.message().find("9999") == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
