#include "net/response.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher::detail;

namespace {

struct text_sink final : answer_sink {
    void begin(const response_head&) override { ++begun; }
    void body(std::string_view piece) override { text += piece; }
    int begun = 0;
    std::string text;
};

} // namespace

BOOST_AUTO_TEST_SUITE(response)

BOOST_AUTO_TEST_CASE(cut_at_every_byte_gives_the_same_answer)
{
    const std::string answer = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nDate: "
                               "Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                               "CF-Ray: ray1\r\nKeep-Alive: timeout=15, max=100\r\nContent-Length: 4\r\n\r\nbody";
    for (std::size_t cut = 0; cut <= answer.size(); ++cut) {
        text_sink sink;
        response_reader reader;
        reader.start(sink, 4096, 100, true);
        boost::system::error_code ec;
        const auto used = reader.put(std::string_view(answer).substr(0, cut), ec);
        BOOST_TEST(!ec, cut);
        const auto rest = reader.done() ? 0 : reader.put(std::string_view(answer).substr(used), ec);
        BOOST_TEST(!ec, cut);
        BOOST_TEST(used + rest == answer.size());
        BOOST_TEST(reader.done(), cut);
        const auto& head = reader.head();
        BOOST_TEST(head.status == 429);
        BOOST_TEST(head.retry_after == "7");
        BOOST_TEST(head.date == "Sun, 06 Nov 1994 08:49:37 GMT");
        BOOST_TEST(head.trace_id == "ray1");
        BOOST_TEST(head.keep_alive_timeout->count() == 15);
        BOOST_TEST(head.headers.size() == 5U);
        BOOST_TEST(sink.text == "body");
        BOOST_TEST(sink.begun == 1);
    }
}

BOOST_AUTO_TEST_CASE(a_reader_forgets_the_answer_before)
{
    text_sink sink;
    response_reader reader;
    boost::system::error_code ec;
    reader.start(sink, 4096, 100, false);
    reader.put("HTTP/1.1 429 X\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n", ec);
    reader.start(sink, 4096, 100, false);
    reader.put("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ec);
    BOOST_TEST(!ec);
    BOOST_TEST(reader.head().status == 200);
    BOOST_TEST(reader.head().retry_after.empty());
    BOOST_TEST(!reader.head().keep_alive_timeout.has_value());
}

BOOST_AUTO_TEST_CASE(a_nonsense_keep_alive_is_ignored)
{
    for (const auto* text : {"timeout", "timeout=", "timeout=-3", "timeout=99999999999", "max=5"}) {
        text_sink sink;
        response_reader reader;
        boost::system::error_code ec;
        reader.start(sink, 4096, 100, false);
        reader.put(std::string("HTTP/1.1 200 OK\r\nKeep-Alive: ") + text + "\r\nContent-Length: 0\r\n\r\n", ec);
        BOOST_TEST(reader.done());
        BOOST_TEST(!reader.head().keep_alive_timeout.has_value(), text);
    }
}

BOOST_AUTO_TEST_CASE(what_the_service_tells_of_its_limits_is_kept_whatever_the_case_of_its_names)
{
    struct {
        std::string fields;
        std::string policy, limit, triple_limit, triple_remaining, triple_reset;
    } const rows[] = {
        {"ratelimit-policy: \"p\";q=100;w=10\r\nRATELIMIT: \"p\";r=50;t=3", "\"p\";q=100;w=10", "\"p\";r=50;t=3", "",
         "", ""},
        {"RateLimit: \"a\";r=1\r\nOther: x\r\nRateLimit: \"b\";r=2", "", "\"a\";r=1, \"b\";r=2", "", "", ""},
        {"RateLimit-Limit: 10\r\nRateLimit-Remaining: 0\r\nRateLimit-Reset: 7", "", "", "10", "0", "7"},
        {"x-ratelimit-limit: 10\r\nX-Ratelimit-Remaining: 3\r\nX-RATELIMIT-RESET: 7", "", "", "10", "3", "7"},
        {"RateLimit-Limit: 10\r\nX-RateLimit-Limit: 20\r\nRateLimit-Limit: 30", "", "", "10", "", ""},
        {"X-RateLimit: 1\r\nX-RateLimit-Policy: 2\r\nRateLimits: 3\r\nX-RateLimit-Resets: 4\r\nRateLimi: 5", "", "", "",
         "", ""},
        {"X-RateLimit-Used: 1\r\nRate: 5\r\nX-: 1\r\nX: 1\r\nR: 1", "", "", "", "", ""},
    };
    text_sink sink;
    response_reader reader;
    for (const auto& row : rows) {
        BOOST_TEST_CONTEXT(row.fields)
        {
            boost::system::error_code ec;
            reader.start(sink, 4096, 100, false);
            reader.put("HTTP/1.1 200 OK\r\n" + row.fields + "\r\nContent-Length: 0\r\n\r\n", ec);
            BOOST_TEST(!ec);
            const auto& rate = reader.head().rate;
            BOOST_TEST(rate.policy == row.policy);
            BOOST_TEST(rate.limit == row.limit);
            BOOST_TEST(rate.triple_limit == row.triple_limit);
            BOOST_TEST(rate.triple_remaining == row.triple_remaining);
            BOOST_TEST(rate.triple_reset == row.triple_reset);
            const auto all = row.policy + row.limit + row.triple_limit + row.triple_remaining + row.triple_reset;
            BOOST_TEST(rate.any == !all.empty());

            // Nothing of it is left for the next answer.
            reader.start(sink, 4096, 100, false);
            reader.put("HTTP/1.1 200 OK\r\nX-Other: 1\r\nContent-Length: 0\r\n\r\n", ec);
            BOOST_TEST(!rate.any);
            BOOST_TEST(
                (rate.policy + rate.limit + rate.triple_limit + rate.triple_remaining + rate.triple_reset).empty());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
