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

/// How long the thread of a context stood still so far: a timer says by how much it came late.
class standstill {
public:
    explicit standstill(asio::io_context& io) : timer_(io) { wait(); }
    nanoseconds total() const noexcept { return total_; }

private:
    void wait()
    {
        timer_.expires_after(2ms);
        timer_.async_wait([this](boost::system::error_code stopped) {
            if (stopped)
                return;
            total_ += clock::now() - timer_.expiry();
            wait();
        });
    }

    asio::steady_timer timer_;
    nanoseconds total_{0};
};

struct traced_fixture : outage_fixture {
    /// Every moment of the call is in exactly one step.
    void check_sum(const call_trace& trace) const
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
        // A backoff is told as long as it was meant to be, so that what a busy machine adds to it is in no step.
        const auto between = std::max(50.0, ms(trace.duration()) * 0.1) + ms(stood_still.total());
        BOOST_TEST(ms(sum) > ms(trace.duration()) - between, "steps make up " << ms(sum) << " ms of\n" << trace);
    }

    /// It was slow for this reason, for so long at least, and no longer than the call took.
    slow_phase check_slowest(const call_trace& trace, call_phase phase, double least_ms) const
    {
        check_sum(trace);
        const auto slowest = trace.slowest();
        BOOST_TEST_REQUIRE(slowest.has_value());
        BOOST_TEST(to_string(slowest->phase) == to_string(phase), "the trace says\n" << trace);
        BOOST_TEST(ms(slowest->duration) >= least_ms, "the trace says\n" << trace);
        BOOST_TEST(ms(slowest->duration) <= ms(trace.duration()), "the trace says\n" << trace);
        return *slowest;
    }

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
    standstill stood_still{io};
};

} // namespace usher::tests

#endif
