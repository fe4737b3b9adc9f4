// Figures, as Prometheus reads them.
#include "unit/observe/events.hpp"
#include "unit/observe/exposition.hpp"

#include "call/metric_text.hpp"

#include <usher/metrics.hpp>

#include <boost/test/unit_test.hpp>

#include <optional>
#include <thread>

using namespace usher;
using namespace usher::tests;

namespace {

std::vector<family> read(const metrics& of)
{
    std::string text;
    of.write_prometheus(text);
    return read_exposition(text);
}

/// The sample with these labels, whatever else it has.
std::optional<double> value(const std::vector<family>& all, const std::string& name,
                            const std::map<std::string, std::string>& labels = {})
{
    for (const auto& of : all)
        for (const auto& one : of.samples) {
            bool is_it = one.name == name;
            for (const auto& [label, text] : labels)
                is_it = is_it && one.labels.contains(label) && one.labels.at(label) == text;
            if (is_it)
                return one.value;
        }
    return std::nullopt;
}

void check(const std::vector<family>& all, const std::string& name, const std::map<std::string, std::string>& labels,
           double expected)
{
    const auto found = value(all, name, labels);
    BOOST_TEST_REQUIRE(found.has_value(), name);
    BOOST_TEST(*found == expected, boost::test_tools::tolerance(1e-9));
}

} // namespace

BOOST_AUTO_TEST_SUITE(figures)

BOOST_AUTO_TEST_CASE(nothing_that_happened_is_well_formed_too)
{
    const metrics none;
    BOOST_TEST(!read(none).empty());
    BOOST_TEST(!value(read(none), "usher_calls_total"));
}

BOOST_AUTO_TEST_CASE(attempts_and_calls_are_counted_by_what_came_of_them)
{
    metrics counted;
    auto refused = attempt_of(1, 1, 503);
    refused.will_retry = true;
    refused.backoff = 250ms;
    refused.admission = 30ms;
    counted.on_attempt(refused);
    counted.on_attempt(attempt_of(1, 2));
    counted.on_call(call_of(1, 2, 300ms));
    auto late = attempt_of(2, 0, 0);
    late.failure = error_kind::timeout;
    late.stage = call_stage::admission;
    counted.on_attempt(late);
    error_details details;
    details.kind = error_kind::timeout;
    const error why(details);
    auto failed = call_of(2, 0, 5s);
    failed.failure = &why;
    counted.on_call(failed);

    const auto all = read(counted);
    check(all, "usher_calls_total", {{"service", "clerk"}, {"operation", "CreateUser"}, {"result", "ok"}}, 1);
    check(all, "usher_calls_total", {{"result", "timeout"}}, 1);
    check(all, "usher_attempts_total", {{"status", "5xx"}}, 1);
    check(all, "usher_attempts_total", {{"status", "2xx"}}, 1);
    BOOST_TEST(!value(all, "usher_attempts_total", {{"status", "none"}}));
    check(all, "usher_retries_total", {}, 1);
    check(all, "usher_sent_bytes_total", {}, 1624);
    check(all, "usher_call_duration_seconds_sum", {}, 5.3);
    check(all, "usher_call_duration_seconds_bucket", {{"le", "0.2"}}, 0);
    check(all, "usher_call_duration_seconds_bucket", {{"le", "0.5"}}, 1);
    check(all, "usher_call_duration_seconds_bucket", {{"le", "5"}}, 2);
    check(all, "usher_call_duration_seconds_bucket", {{"le", "+Inf"}}, 2);
    check(all, "usher_backoff_seconds_sum", {}, 0.25);
    check(all, "usher_first_byte_seconds_count", {}, 2);
    BOOST_TEST(!value(all, "usher_handshake_seconds_count"));
}

BOOST_AUTO_TEST_CASE(a_duration_stands_in_the_first_bucket_that_holds_it)
{
    detail::histogram one;
    one.add(0ns);
    one.add(100us);
    one.add(100us + 1ns);
    one.add(100s);
    one.add(101s);
    one.add(-5ns);
    BOOST_TEST(one.counts().front() == 3U);
    BOOST_TEST(one.counts()[1] == 1U);
    BOOST_TEST(one.counts()[18] == 1U);
    BOOST_TEST(one.counts().back() == 1U);
    BOOST_TEST(one.count() == 6U);
}

BOOST_AUTO_TEST_CASE(names_with_quotes_backslashes_and_ends_of_lines_are_read_back_whole)
{
    const std::string odd = "a \"small\" plan\\\nof two lines, {ä} #1";
    std::map<std::string, quota_usage> quotas;
    bucket_usage limit;
    limit.rule = odd;
    limit.requests = 7;
    limit.utilisation = 0.125;
    quotas[odd].limits = {limit};
    std::string text;
    detail::write_quotas(quotas, text);
    const auto all = read_exposition(text);
    check(all, "usher_limit_requests", {{"limit", odd}, {"client", odd}}, 7);
    check(all, "usher_limit_utilisation_ratio", {{"limit", odd}}, 0.125);
}

BOOST_AUTO_TEST_CASE(several_threads_may_tell_and_read_at_once)
{
    metrics shared;
    const auto tell = [&shared] {
        for (int i = 0; i != 2000; ++i) {
            shared.on_attempt(attempt_of(1, 1));
            shared.on_call(call_of(1, 1, 1ms));
            if (i % 500 == 0)
                BOOST_REQUIRE(!read(shared).empty());
        }
    };
    std::thread other(tell);
    tell();
    other.join();
    check(read(shared), "usher_calls_total", {}, 4000);
    check(read(shared), "usher_attempts_total", {}, 4000);
}

BOOST_AUTO_TEST_CASE(the_reader_of_these_tests_refuses_what_is_wrong)
{
    const std::string head = "# HELP a x\n# TYPE a counter\n";
    BOOST_CHECK_NO_THROW(read_exposition(head + "a{b=\"c\\\\\\\"\\n\"} 1\n"));
    for (const char* wrong :
         {"a 1", "b 1\n", "a{b=\"c\"}1\n", "a{b=\"\\x\"} 1\n", "a{b=c} 1\n", "a{b=\"1\",b=\"2\"} 1\n", "a -1\n",
          "a 1\na 1\n", "a one\n", "a 1\n# HELP a x\n", "\n", "a{1b=\"c\"} 1\n"})
        BOOST_CHECK_THROW(read_exposition(head + wrong), std::invalid_argument);
    const std::string histogram = "# HELP h x\n# TYPE h histogram\n";
    BOOST_CHECK_NO_THROW(
        read_exposition(histogram + "h_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 2\n"));
    for (const char* wrong : {"h_bucket{le=\"1\"} 1\nh_sum 3\nh_count 1\n",
                              "h_bucket{le=\"1\"} 3\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 2\n",
                              "h_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 3\n", "h_bucket{le=\"+Inf\"} 2\nh_count 2\n"})
        BOOST_CHECK_THROW(read_exposition(histogram + wrong), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
