// A client whose calls are traced, and what the traces have to keep.
#ifndef USHER_TESTS_LIVE_OBSERVE_FIXTURE_HPP
#define USHER_TESTS_LIVE_OBSERVE_FIXTURE_HPP

#include "live/outage/scripted_server.hpp"

#include <usher/trace.hpp>

namespace usher::tests {

using std::chrono::nanoseconds;

inline double ms(nanoseconds time)
{
    return static_cast<double>(time.count()) / 1e6;
}

/// Every moment of the call is in exactly one step.
inline void check_sum(const call_trace& trace)
{
    BOOST_TEST_REQUIRE(trace.is_over());
    BOOST_TEST_MESSAGE(trace.to_string());
    nanoseconds sum{0};
    nanoseconds end{0};
    for (const auto& step : trace.steps()) {
        BOOST_TEST(ms(step.begin) >= ms(end) - 0.001, "steps overlap:\n" << trace);
        sum += step.duration;
        end = step.begin + step.duration;
    }
    BOOST_TEST(ms(sum) <= ms(trace.duration()) + 0.001, "steps make up " << ms(sum) << " ms of\n" << trace);
    // A busy machine may stop the thread between two steps. What the tests make slow takes longer than this allows.
    const auto between = std::max(100.0, ms(trace.duration()) * 0.1);
    BOOST_TEST(ms(sum) > ms(trace.duration()) - between, "steps make up " << ms(sum) << " ms of\n" << trace);
}

/// It was slow for this reason, for so long at least, and no longer than the call took.
inline slow_phase check_slowest(const call_trace& trace, call_phase phase, double least_ms)
{
    check_sum(trace);
    const auto slowest = trace.slowest();
    BOOST_TEST_REQUIRE(slowest.has_value());
    BOOST_TEST(to_string(slowest->phase) == to_string(phase), "the trace says\n" << trace);
    BOOST_TEST(ms(slowest->duration) >= least_ms, "the trace says\n" << trace);
    BOOST_TEST(ms(slowest->duration) <= ms(trace.duration()), "the trace says\n" << trace);
    return *slowest;
}

struct traced_fixture : outage_fixture {
    /// One call of `GET /users/count`, with its trace.
    call_trace traced(const clerk::client& clerk, call_options how = call_options())
    {
        call_trace trace;
        how.trace = &trace;
        const auto begun = clock::now();
        last.emplace(call(clerk, how));
        const auto took = clock::now() - begun;
        BOOST_TEST(ms(trace.duration()) <= ms(took), "a call of " << ms(took) << " ms says\n" << trace);
        return trace;
    }

    std::optional<count_result> last;
};

} // namespace usher::tests

#endif
