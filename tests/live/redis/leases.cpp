// What the script grants.
#include "asking.hpp"

#include "schedule/budget_state.hpp"

#include <algorithm>
#include <random>

using namespace redis_tests;
using usher::tests::redis_server;

BOOST_AUTO_TEST_SUITE(leases)

BOOST_AUTO_TEST_CASE(leases_of_all_members_are_slices_of_one_time_line)
{
    const known_server server;
    client first(server.url()), second(server.url());
    const auto begun = clock::now();
    const auto one = first.ask(paced(8));
    const auto two = second.ask(paced(8));
    const auto gone = clock::now() - begun;
    BOOST_TEST(one.is_reachable);
    BOOST_TEST(one.granted == 8U);
    BOOST_TEST((one.starts_in == -40ms)); // a burst of five
    BOOST_TEST((one.interval == 10ms));
    BOOST_TEST((one.valid_for > 40ms && one.valid_for < 1s));
    BOOST_TEST(one.members == 1U);
    BOOST_TEST(two.granted == 8U);
    BOOST_TEST((two.starts_in <= 40ms && two.starts_in >= 40ms - gone));
    BOOST_TEST(two.members == 2U);
    BOOST_TEST(second.budget->round_trips() == 1U);
    BOOST_TEST(first.budget->round_trips() == 2U); // it brought the script
}

BOOST_AUTO_TEST_CASE(the_line_ends_at_its_horizon_where_grants_become_partial_and_then_none)
{
    const known_server server;
    client all(server.url());
    // The line has 104 slots, and one more each 10 ms: how long the orders take does not decide.
    const auto begun = clock::now();
    const auto slots = [begun] { return 105U + static_cast<std::uint32_t>((clock::now() - begun) / 10ms); };
    std::uint32_t granted = all.ask(paced(66)).granted;
    BOOST_TEST(granted == 66U);
    const auto partial = all.ask(paced(66)).granted;
    BOOST_TEST(partial >= 38U);
    BOOST_TEST(66U + partial <= slots());
    granted += partial;
    usher::lease_grant last;
    for (int i = 0; i != 100; ++i) {
        last = all.ask(paced(15));
        granted += last.granted;
        if (last.granted == 0)
            break;
    }
    BOOST_TEST(last.granted == 0U);
    BOOST_TEST((last.ask_again >= 20ms && last.ask_again < 200ms));
    BOOST_TEST(granted >= 100U);
    BOOST_TEST(granted <= slots());
}

BOOST_AUTO_TEST_CASE(what_is_returned_is_granted_again_at_its_place)
{
    // Slow enough that the hole is not past before it is asked for: it begins after a second and a half.
    auto twenty = paced(20);
    twenty.requests = 160;
    twenty.interval = 60ms;
    const known_server server;
    client first(server.url()), second(server.url()), third(server.url());
    first.ask(twenty);
    const auto begun = clock::now();
    const auto two = second.ask(twenty);
    const auto after = third.ask(twenty);
    // From the middle of the line, and so again from there.
    second.budget->give_back("instance:all", 10);
    second.settle();
    const auto refilled = first.ask(twenty);
    BOOST_TEST(refilled.granted == 10U);
    const auto gone = clock::now() - begun;
    BOOST_TEST((refilled.starts_in <= two.starts_in + 600ms));
    BOOST_TEST((refilled.starts_in >= two.starts_in + 600ms - gone));
    // From its end: the line is shorter.
    third.budget->give_back("instance:all", 20);
    third.settle();
    const auto asked = clock::now();
    const auto next = first.ask(twenty);
    BOOST_TEST(next.granted == 20U);
    BOOST_TEST((next.starts_in <= after.starts_in));
    // Only once.
    third.budget->give_back("instance:all", 20);
    third.settle();
    const auto last = third.ask(twenty);
    BOOST_TEST(last.granted == 20U);
    BOOST_TEST((last.starts_in >= next.starts_in + 1200ms - (clock::now() - asked)));
}

BOOST_AUTO_TEST_CASE(without_a_pace_redis_grants_what_the_budget_in_memory_grants)
{
    const known_server server;
    client members[] = {client(server.url()), client(server.url()), client(server.url())};
    usher::schedule::budget_state state;
    const auto now = clock::now();
    const auto seed = std::random_device()();
    BOOST_TEST_MESSAGE("seed " << seed);
    std::mt19937 random(seed);
    std::uniform_int_distribution<std::uint32_t> small(0, 7);
    std::uint32_t refused = 0;
    for (int i = 0; i != 400; ++i) {
        const auto who = random() % 3;
        auto request = unpaced(small(random));
        if (random() % 3 == 0)
            request.returned = small(random);
        if (request.wanted == 0) {
            members[who].budget->give_back(request.bucket, request.returned);
            members[who].settle();
            state.give_back(request.bucket, request.returned, who, now);
            continue;
        }
        const auto expected = state.lease(request, who, now);
        const auto grant = members[who].ask(request);
        refused += grant.granted == 0;
        BOOST_TEST_REQUIRE(grant.granted == expected.granted);
        BOOST_TEST_REQUIRE(grant.left == expected.left);
        BOOST_TEST_REQUIRE(grant.members == expected.members);
        BOOST_TEST_REQUIRE((grant.valid_for == expected.valid_for));
    }
    BOOST_TEST(refused > 10U);
}

BOOST_AUTO_TEST_CASE(a_store_that_is_new_gives_a_twentieth_of_a_long_window)
{
    const redis_server server;
    client one(server.url());
    auto hourly = unpaced(50);
    hourly.window = 1h;
    BOOST_TEST(one.ask(hourly).granted == 5U);
    const auto none = one.ask(hourly);
    BOOST_TEST(none.granted == 0U);
    BOOST_TEST((none.ask_again <= 36s && none.ask_again > 1s));
    server.tell("SET 'usher:{instance}:born' 1");
    BOOST_TEST(one.ask(hourly).granted == 50U);
    BOOST_TEST(one.ask(hourly).granted == 45U);
}

BOOST_AUTO_TEST_CASE(a_line_that_begins_in_a_new_store_gives_one_lease_before_those_that_were_cut_off_are_back)
{
    const redis_server server;
    client first(server.url()), second(server.url());
    BOOST_TEST(first.ask(paced(8)).granted == 8U);
    const auto none = second.ask(paced(8));
    BOOST_TEST(none.granted == 0U);
    BOOST_TEST((none.ask_again <= 1500ms && none.ask_again > 1s));
    auto back = paced(8);
    back.rejoins = true;
    BOOST_TEST((second.ask(back).ask_again > 2s)); // settles, although the head is young
    BOOST_TEST((first.ask(paced(8)).ask_again > 2s));
    BOOST_TEST((second.ask(back).ask_again < 2500ms)); // once
}

BOOST_AUTO_TEST_CASE(the_while_with_one_lease_comes_once_although_the_window_is_shorter)
{
    const redis_server server;
    client first(server.url()), second(server.url());
    auto quick = paced(8);
    quick.window = 1s;
    BOOST_TEST(first.ask(quick).granted == 8U);
    const auto end = clock::now() + 10s;
    auto next = second.ask(quick);
    BOOST_TEST(next.granted == 0U);
    while (next.granted == 0 && clock::now() < end)
        next = second.ask(quick);
    BOOST_TEST(next.granted == 8U);
    BOOST_TEST(first.ask(quick).granted == 8U);
}

BOOST_AUTO_TEST_CASE(orders_of_another_kind_for_the_same_bucket_lose_no_counts)
{
    const known_server server;
    client first(server.url()), second(server.url()), third(server.url());
    auto without = unpaced(50, 60);
    without.bucket = paced(8).bucket;
    BOOST_TEST(third.ask(without).granted == 50U);
    BOOST_TEST(first.ask(paced(20)).granted == 20U);
    server.tell("HDEL 'usher:{instance}:all:line' alone"); // as if the line had begun long ago
    BOOST_TEST(second.ask(paced(8)).granted == 8U);
    first.budget->give_back(without.bucket, 10);
    first.settle();
    BOOST_TEST(third.ask(without).granted == 10U);
    BOOST_TEST(third.ask(without).granted == 0U);
    BOOST_TEST(second.ask(paced(10)).granted == 10U);
    BOOST_TEST(third.ask(without).granted == 0U);
}

BOOST_AUTO_TEST_CASE(a_server_whose_clock_was_set_back_is_not_waited_for)
{
    const known_server server;
    client one(server.url());
    const auto far = std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(
                                        (std::chrono::system_clock::now() + 24h).time_since_epoch())
                                        .count());
    one.ask(paced(8));
    server.tell("HSET 'usher:{instance}:all:line' settled " + far + " alone " + far + " woke " + far);
    server.tell("ZADD 'usher:{instance}:members' " + far + " another");
    BOOST_TEST(one.ask(paced(8)).granted == 8U);
    BOOST_TEST(one.ask(unpaced(100)).granted == 100U);
    server.tell("ZADD 'usher:{instance}:invitations:parts' " + far + " '1 100'");
    BOOST_TEST((one.ask(unpaced(1)).ask_again < 2min));
}

BOOST_AUTO_TEST_CASE(every_key_expires)
{
    const known_server server;
    client all(server.url());
    all.ask(paced(20));
    all.ask(paced(20));
    client other(server.url());
    other.ask(paced(20));
    all.budget->give_back("instance:all", 3);
    all.settle();
    all.ask(unpaced(3));
    auto rejoining = paced(3);
    rejoining.bucket = "instance:other";
    rejoining.rejoins = true;
    all.ask(rejoining);
    server.folder().write("look.lua", "local keys = redis.call('KEYS', '*')\n"
                                      "if #keys < 5 then return 'too few' end\n"
                                      "for _, key in ipairs(keys) do\n"
                                      "  if redis.call('PTTL', key) < 0 then return key end\n"
                                      "end\n"
                                      "return 'all of them'\n");
    server.tell("--eval " + server.folder().file("look.lua") + " | grep -x 'all of them'");
}

BOOST_AUTO_TEST_CASE(after_all_were_cut_off_none_gets_a_lease_before_each_had_the_time_to_come_back)
{
    const known_server server;
    client first(server.url()), second(server.url());
    auto back = paced(8);
    back.rejoins = true;
    const auto one = first.ask(back);
    BOOST_TEST(one.granted == 0U);
    BOOST_TEST(one.is_reachable);
    BOOST_TEST((one.ask_again > 2s));
    const auto two = second.ask(paced(8)); // one that is new
    BOOST_TEST(two.granted == 0U);
    BOOST_TEST((two.ask_again <= one.ask_again));

    // One that was cut off alone gets its leases at once.
    auto other = paced(8);
    other.bucket = "other:all";
    first.ask(other);
    server.tell("HDEL 'usher:{other}:all:line' woke alone"); // as if that was long ago
    other.rejoins = true;
    BOOST_TEST(second.ask(other).granted == 8U);
}

BOOST_AUTO_TEST_SUITE_END()
