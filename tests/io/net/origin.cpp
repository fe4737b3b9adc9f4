#include "pool/origin.hpp"
#include "io/fake_stream.hpp"

#include <boost/test/unit_test.hpp>

#include <list>

using namespace usher::detail;
using namespace usher::tests;
using namespace std::chrono_literals;

namespace {

struct noted_waiter final : pool_waiter {
    void wake() noexcept override { woken = true; }
    bool woken = false;
};

struct bench {
    bench()
    {
        limits.connections = 3;
        limits.connecting = 2;
        limits.waiting = 2;
        limits.idle_time = 60s;
    }

    std::unique_ptr<connection> make()
    {
        wires.emplace_back();
        return std::make_unique<connection>(std::make_unique<fake_stream>(wires.back()), now);
    }
    // A connection as a call would get it.
    std::unique_ptr<connection> leased(origin_state& state)
    {
        state.begin_connecting();
        state.connect_done();
        return make();
    }

    origin_limits limits;
    time_point now{1h};
    std::list<fake_wire> wires;
};

} // namespace

BOOST_AUTO_TEST_SUITE(origin)

BOOST_AUTO_TEST_CASE(hands_out_the_connection_that_was_used_last)
{
    bench b;
    origin_state state(b.limits);
    auto first = b.leased(state);
    auto second = b.leased(state);
    auto* const last = second.get();
    state.come_back(std::move(first), b.now, time_point::max());
    state.come_back(std::move(second), b.now, time_point::max());
    BOOST_TEST(state.idle() == 2U);
    BOOST_TEST(state.take_idle(b.now).get() == last);
    BOOST_TEST(state.leased() == 1U);
}

BOOST_AUTO_TEST_CASE(never_hands_out_one_that_is_old_loud_or_closed)
{
    bench b;
    origin_state state(b.limits);
    auto idle_too_long = b.leased(state);
    state.come_back(std::move(idle_too_long), b.now, time_point::max());
    BOOST_TEST(!state.take_idle(b.now + 60s));

    auto server_said_less = b.leased(state);
    state.come_back(std::move(server_said_less), b.now, b.now + 5s);
    BOOST_TEST(!state.take_idle(b.now + 5s));

    auto garbage = b.leased(state);
    b.wires.back().to_read = "HTTP/1.1 200 OK\r\n";
    b.wires.back().is_early = true;
    state.come_back(std::move(garbage), b.now, time_point::max());
    BOOST_TEST(!state.take_idle(b.now));

    auto closed = b.leased(state);
    b.wires.back().end_after_input = b.wires.back().is_early = true;
    state.come_back(std::move(closed), b.now, time_point::max());
    BOOST_TEST(!state.take_idle(b.now));

    auto past_its_life = b.leased(state);
    past_its_life->expires = b.now;
    state.come_back(std::move(past_its_life), b.now, time_point::max());
    BOOST_TEST(state.idle() == 0U);
    BOOST_TEST(state.total() == 0U);
    for (const auto& wire : b.wires)
        BOOST_TEST(wire.closed);
}

BOOST_AUTO_TEST_CASE(caps_all_connections_and_those_being_set_up)
{
    bench b;
    origin_state state(b.limits);
    state.begin_connecting();
    BOOST_TEST(state.may_connect());
    state.begin_connecting();
    BOOST_TEST(!state.may_connect()); // two at once
    state.connect_done();
    BOOST_TEST(state.may_connect());
    state.begin_connecting();
    state.connect_done();
    state.connect_done();
    BOOST_TEST(state.total() == 3U);
    BOOST_TEST(!state.may_connect()); // three in all
}

BOOST_AUTO_TEST_CASE(serves_waiters_in_the_order_they_came)
{
    bench b;
    origin_state state(b.limits);
    auto only = b.leased(state);
    noted_waiter first;
    noted_waiter second;
    state.add_waiter(first);
    state.add_waiter(second);
    BOOST_TEST(state.is_waiting_full());
    state.come_back(std::move(only), b.now, time_point::max());
    BOOST_TEST(first.woken);
    BOOST_TEST(first.given != nullptr);
    BOOST_TEST(!second.woken);
    BOOST_TEST(state.idle() == 0U);
    BOOST_TEST(state.leased() == 1U);
    state.leave(first, b.now); // cancelled just then: what it was given goes to the next
    BOOST_TEST(second.woken);
    BOOST_TEST(second.given != nullptr);
    state.leave(second, b.now);
    BOOST_TEST(state.idle() == 1U);
    BOOST_TEST(state.leased() == 0U);
}

BOOST_AUTO_TEST_CASE(a_waiter_that_may_connect_and_leaves_gives_its_place_back)
{
    bench b;
    origin_state state(b.limits);
    noted_waiter one;
    state.add_waiter(one);
    BOOST_TEST(state.let_connect());
    BOOST_TEST(one.may_connect);
    BOOST_TEST(state.connecting() == 1U);
    state.leave(one, b.now);
    BOOST_TEST(state.connecting() == 0U);
    BOOST_TEST(!state.let_connect());
}

BOOST_AUTO_TEST_CASE(connections_of_no_use_do_not_pass_the_cap_of_those_being_set_up)
{
    bench b;
    b.limits.connecting = 1;
    origin_state state(b.limits);
    auto first = b.leased(state);
    auto second = b.leased(state);
    auto third = b.leased(state);
    noted_waiter waiters[4];
    for (auto& one : waiters)
        state.add_waiter(one);
    for (auto* one : {&first, &second, &third})
        state.come_back(std::move(*one), b.now, time_point::max());
    BOOST_TEST(state.replace_leased());
    for (int i : {1, 2}) {
        BOOST_TEST(!state.replace_leased());
        auto& one = waiters[i];
        one.given.reset();
        one.woken = false;
        state.add_again(one);
        state.come_back(nullptr, b.now, {});
    }
    BOOST_TEST(state.connecting() == 1U);
    BOOST_TEST(state.total() == 1U);
    // Each is where it was.
    for (int i : {1, 2, 3}) {
        BOOST_TEST(!state.let_connect());
        state.connect_failed();
        BOOST_TEST(state.let_connect());
        BOOST_TEST(waiters[i].may_connect);
    }
}

BOOST_AUTO_TEST_CASE(what_the_server_said_of_its_patience_goes_along_with_the_connection)
{
    bench b;
    origin_state state(b.limits);
    auto only = b.leased(state);
    noted_waiter one;
    state.add_waiter(one);
    state.come_back(std::move(only), b.now, b.now + 5s);
    state.leave(one, b.now); // cancelled just then
    BOOST_TEST(state.idle() == 1U);
    BOOST_TEST(!state.take_idle(b.now + 5s));
}

BOOST_AUTO_TEST_SUITE_END()
