// The wire is cut at every byte of the request and of the answer: at byte 0, 1, … until a call is not cut any more.
//
// Without TLS, a reset and an orderly end come after each byte. Silence, which costs its limit of time, and the cuts
// under TLS come after every so many bytes; with USHER_TEST_FACTOR set to anything after each one too, which takes
// some minutes (tests/long.sh).
#include "live/faults/lane.hpp"

#include <cstdlib>

using namespace usher;
using namespace usher::tests;

namespace {

bool is_long()
{
    return std::getenv("USHER_TEST_FACTOR") != nullptr;
}

/// Runs a coroutine on each of some lanes at once; the sum of all.
template <class Work>
sums run_all(bool tls, std::size_t count, Work work)
{
    asio::io_context io(1);
    std::vector<std::unique_ptr<lane_of_calls>> all;
    std::size_t left = count;
    for (std::size_t i = 0; i < count; ++i) {
        all.push_back(std::make_unique<lane_of_calls>(io, tls));
        asio::co_spawn(io, work(*all.back(), i), [&](std::exception_ptr failed) {
            BOOST_TEST(!failed);
            if (--left == 0)
                for (auto& one : all)
                    one->stop();
        });
    }
    io.run();
    sums total;
    for (auto& one : all) {
        one->expect_effects();
        total += one->sum;
    }
    return total;
}

struct plan {
    cut_mode how = cut_mode::reset;
    std::size_t step = 1;
    std::size_t lanes = 2;
};

/// Each lane takes every so many of the places, on both ways of both calls, until a call is whole.
asio::awaitable<void> sweep(lane_of_calls& on, plan what, std::size_t first, std::array<std::size_t, 4>& sizes)
{
    std::size_t way = 0;
    for (const bool creates : {true, false})
        for (const auto of : {direction::request, direction::answer}) {
            bool is_cut = true;
            auto at = first * what.step;
            for (; is_cut; at += what.step * what.lanes) {
                const wire_case one(creates, cut(of, at, what.how));
                is_cut = co_await on.run(one);
            }
            const auto whole = at - what.step * what.lanes;
            sizes[way] = sizes[way] == 0 ? whole : std::min(sizes[way], whole);
            ++way;
        }
}

void cut_everywhere(bool tls, plan what)
{
    if (is_long()) {
        what.step = 1;
        what.lanes = what.how == cut_mode::silence ? 16 : what.lanes;
    }
    std::array<std::size_t, 4> sizes{};
    const auto sum =
        run_all(tls, what.lanes, [&](lane_of_calls& on, std::size_t i) { return sweep(on, what, i, sizes); });
    // All were cut but those that ended each lane's four ways.
    BOOST_TEST(sum.cases == sum.cut + 4 * what.lanes);
    BOOST_TEST(sum.cut >= (sizes[0] + sizes[1] + sizes[2] + sizes[3]) / what.step - 4 * what.lanes);
    BOOST_TEST(sizes[0] > 300U);
    BOOST_TEST(sizes[1] > 500U);
    BOOST_TEST(sizes[2] > 200U);
    BOOST_TEST(sizes[3] > 100U);
    BOOST_TEST(sum.unknown > 500 / what.step);
    // A ClientHello and what answers it.
    BOOST_TEST(sum.shaken >= (tls ? 2 * (200 + 500) / what.step : 0));
    BOOST_TEST((tls || sum.shaken == 0));
    BOOST_TEST_MESSAGE(sum.cases << " cases, " << sum.cut << " cut, " << sum.shaken << " of them in a handshake, "
                                 << sum.unknown << " creates of unknown outcome; POST " << sizes[0] << " + " << sizes[1]
                                 << ", GET " << sizes[2] << " + " << sizes[3] << " bytes; " << sum.late
                                 << " run again");
}

void cut_everywhere(bool tls, cut_mode how, std::size_t step, std::size_t lanes)
{
    plan what;
    what.how = how;
    what.step = step;
    what.lanes = lanes;
    cut_everywhere(tls, what);
}

asio::awaitable<void> end_at_once(lane_of_calls& on)
{
    for (int i = 0; i < 50; ++i)
        for (const bool creates : {true, false})
            for (const auto how : {cut_mode::reset, cut_mode::orderly}) {
                wire_case one(creates, cut(direction::request, 0, how));
                one.what->on_accept = true;
                co_await on.run(one);
            }
}

} // namespace

BOOST_AUTO_TEST_SUITE(every_byte)

BOOST_AUTO_TEST_CASE(a_reset_at_any_byte_loses_no_read_and_doubles_no_create)
{
    cut_everywhere(false, cut_mode::reset, 1, 2);
}

BOOST_AUTO_TEST_CASE(an_orderly_end_at_any_byte_loses_no_read_and_doubles_no_create)
{
    cut_everywhere(false, cut_mode::orderly, 1, 2);
}

BOOST_AUTO_TEST_CASE(silence_anywhere_is_ended_by_the_limits_of_time)
{
    cut_everywhere(false, cut_mode::silence, 79, 4);
}

BOOST_AUTO_TEST_CASE(under_tls_a_reset_anywhere_loses_no_read_and_doubles_no_create)
{
    cut_everywhere(true, cut_mode::reset, 11, 2);
}

BOOST_AUTO_TEST_CASE(under_tls_an_orderly_end_anywhere_loses_no_read_and_doubles_no_create)
{
    cut_everywhere(true, cut_mode::orderly, 11, 2);
}

BOOST_AUTO_TEST_CASE(under_tls_silence_anywhere_is_ended_by_the_limits_of_time)
{
    cut_everywhere(true, cut_mode::silence, 241, 4);
}

BOOST_AUTO_TEST_CASE(connections_that_end_at_once_carry_nothing_and_lose_nothing)
{
    const auto sum = run_all(false, 1, [](lane_of_calls& on, std::size_t) { return end_at_once(on); });
    BOOST_TEST(sum.cases == 200U);
    BOOST_TEST(sum.cut == 200U);
}

BOOST_AUTO_TEST_SUITE_END()
