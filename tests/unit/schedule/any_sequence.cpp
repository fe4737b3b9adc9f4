// Whatever is asked of a scheduler, in whatever order.
#include "one_limit.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using namespace usher::schedule;
using schedule_tests::one_limit;
using usher::quota;

BOOST_AUTO_TEST_SUITE(any_sequence)

// Whoever waits starts when `next_look` says, and not before; and wherever between
// its admission and its response a request arrives, no window sees more than its limit.
BOOST_AUTO_TEST_CASE(in_any_sequence_the_next_look_is_exact_and_no_window_sees_more_than_its_limit)
{
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed)
        {
            std::mt19937_64 random(seed);
            const auto upto = [&random](std::uint64_t most) { return random() % (most + 1); };
            quota limit(static_cast<std::uint32_t>(1 + upto(200)), std::chrono::milliseconds(100 + upto(10'000)));
            limit.burst = static_cast<std::uint32_t>(1 + upto(7));
            one_limit limits(limit, 2s);
            std::vector<ticket> open;
            std::vector<time_point> arrivals;
            time_point now{1h};
            for (int step = 0; step != 2000; ++step) {
                now += std::chrono::microseconds(upto(20'000));
                one_limit::entry one(limits.call(static_cast<std::uint16_t>(upto(5))), time_point::max());
                limits.all.join(one, now);
                ticket pass;
                auto found = limits.all.next(now, pass);
                // What holds it up first is told first: a few looks may be needed, but none before its time.
                for (int looks = 0; !found; ++looks) {
                    const auto due = limits.all.next_look(now);
                    if (due == time_point::max())
                        break;
                    BOOST_REQUIRE((due > now));
                    BOOST_REQUIRE(looks < 4);
                    BOOST_REQUIRE(!limits.all.next(due - 1ns, pass));
                    now = due;
                    found = limits.all.next(now, pass);
                }
                if (found)
                    open.push_back(std::move(pass));
                else
                    limits.all.leave(one, now);
                BOOST_REQUIRE(!one.in_line());
                if (open.empty() || (found && upto(2) == 0))
                    continue;
                std::swap(open[upto(open.size() - 1)], open.back());
                pass = std::move(open.back());
                open.pop_back();
                const auto admitted = pass.admitted();
                auto last_arrival = now;
                const auto end = upto(9);
                if (end == 0) {
                    limits.all.unanswered(pass, now, false);
                    continue;
                }
                if (end == 1) {
                    last_arrival = std::max(now, admitted + 2s);
                    limits.all.unanswered(pass, now, true);
                } else {
                    const auto answer = end == 2 ? answer_info(429, std::chrono::seconds(upto(3))) : answer_info(200);
                    limits.all.answered(pass, admitted, now, answer);
                }
                const auto span = static_cast<std::uint64_t>((last_arrival - admitted).count());
                arrivals.push_back(admitted + duration(upto(1) ? span : upto(span)));
            }
            std::sort(arrivals.begin(), arrivals.end());
            BOOST_TEST(arrivals.size() > 50U);
            const auto requests = limit.rules[0].requests;
            for (std::size_t i = requests; i < arrivals.size(); ++i)
                BOOST_REQUIRE((arrivals[i] - arrivals[i - requests] > limit.rules[0].window));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
