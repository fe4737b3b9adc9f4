// The log's lines, and several observers at once.
#include <usher/log.hpp>

#include "unit/observe/events.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <vector>

using namespace usher;
using namespace usher::tests;

namespace {

struct kept_lines {
    log_observer observer_of(log_level level)
    {
        return log_observer(level, [this](std::string_view line) {
            // The time of day comes first: 12:34:56.789Z
            BOOST_TEST_REQUIRE(line.size() > 14);
            BOOST_TEST(line[2] == ':');
            BOOST_TEST(line[12] == 'Z');
            all.emplace_back(line.substr(14));
        });
    }
    std::vector<std::string> all;
};

error not_found()
{
    error_details details;
    details.kind = error_kind::service;
    details.stage = call_stage::body;
    details.status = 404;
    details.attempts = 1;
    details.text = "not found";
    return error(details);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(lines, kept_lines)

BOOST_AUTO_TEST_CASE(debug_has_a_line_for_each_attempt_and_each_call)
{
    auto log = observer_of(log_level::debug);
    auto first = attempt_of(7, 1, 503);
    first.admission = 310ms;
    first.held = wait_reason::limit;
    first.held_by = "instance";
    first.will_retry = true;
    first.backoff = 1s;
    first.retry_after = 1s;
    log.on_attempt(first);
    log.on_call(call_of(7, 2, 1412ms));
    BOOST_TEST_REQUIRE(all.size() == 2U);
    BOOST_TEST(all[0] ==
               "usher: call 7 CreateUser POST /users attempt 1: HTTP 503, Retry-After 1 s (waited for the "
               "quota (limit \"instance\") 310 ms, first byte 10 ms, whole exchange 12 ms); again in 1.000 s");
    BOOST_TEST(all[1] == "usher: call 7 CreateUser POST /users: done; 2 attempts, 1.412 s");
}

BOOST_AUTO_TEST_CASE(info_has_a_line_for_each_call_that_failed)
{
    auto log = observer_of(log_level::info);
    log.on_attempt(attempt_of(7, 1, 404));
    log.on_call(call_of(6, 1, 12ms));
    const auto why = not_found();
    auto failed = call_of(7, 1, 12ms);
    failed.failure = &why;
    log.on_call(failed);
    BOOST_TEST_REQUIRE(all.size() == 1U);
    BOOST_TEST(all[0] ==
               "usher: call 7 CreateUser POST /users: failed, HTTP 404; not again: it would end the same way; "
               "1 attempt, 12 ms");
}

BOOST_AUTO_TEST_CASE(off_has_none_and_a_sink_that_throws_disturbs_nobody)
{
    auto off = observer_of(log_level::off);
    off.on_attempt(attempt_of(1, 1, 500));
    const auto why = not_found();
    auto failed = call_of(7, 1, 12ms);
    failed.failure = &why;
    off.on_call(failed);
    BOOST_TEST(all.empty());
    int lines = 0;
    log_observer broken(log_level::debug, [&lines](std::string_view) {
        ++lines;
        throw std::runtime_error("the disk is full");
    });
    broken.on_call(failed);
    broken.on_attempt(attempt_of(1, 1));
    BOOST_TEST(lines == 2);
}

BOOST_AUTO_TEST_CASE(levels_have_exactly_three_names)
{
    BOOST_TEST((parse_log_level("off") == log_level::off));
    BOOST_TEST((parse_log_level("info") == log_level::info));
    BOOST_TEST((parse_log_level("debug") == log_level::debug));
    for (const char* other : {"", "DEBUG", "1", "debug ", "trace"})
        BOOST_TEST(!parse_log_level(other).has_value());
}

BOOST_AUTO_TEST_CASE(several_observers_are_told_in_their_order)
{
    struct noting final : observer {
        explicit noting(std::string& to_, char name_) : to(to_), name(name_) {}
        void on_attempt(const attempt_event&) noexcept override { to += name; }
        void on_call(const call_event&) noexcept override { to += static_cast<char>(name - 'a' + 'A'); }
        std::string& to;
        char name;
    };
    std::string told;
    observers both({std::make_shared<noting>(told, 'a'), nullptr, std::make_shared<noting>(told, 'b')});
    both.on_attempt(attempt_of(1, 1));
    both.on_call(call_of(1, 1, 1ms));
    BOOST_TEST(told == "abAB");
}

BOOST_AUTO_TEST_SUITE_END()
