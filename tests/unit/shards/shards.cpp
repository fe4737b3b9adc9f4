#define BOOST_TEST_MODULE shards
#include <boost/test/unit_test.hpp>

#include <usher/quota_store.hpp>
#include <usher/shards.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

asio::awaitable<void> wait_for_ever(std::promise<void>& waits)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, 1h);
    waits.set_value();
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> turn()
{
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
}

asio::awaitable<void> fail_after_a_turn(std::string why)
{
    co_await turn();
    throw std::runtime_error(why);
}

std::string what_of(const std::exception_ptr& thrown)
{
    try {
        std::rethrow_exception(thrown);
    } catch (const std::exception& error) {
        return error.what();
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(all_cores)

BOOST_AUTO_TEST_CASE(each_shard_has_a_thread_and_an_engine_of_its_own)
{
    usher::shards all(3);
    BOOST_TEST(all.size() == 3U);
    std::mutex lock;
    std::set<std::thread::id> threads;
    std::set<usher::engine*> engines;
    int own_executors = 0;
    all.spawn_on_each([&](usher::engine& engine) -> asio::awaitable<void> {
        const auto executor = co_await asio::this_coro::executor;
        const std::lock_guard hold(lock);
        threads.insert(std::this_thread::get_id());
        engines.insert(&engine);
        own_executors += engine.get_executor() == executor ? 1 : 0;
    });
    all.join();
    BOOST_TEST(threads.size() == 3U);
    BOOST_TEST(own_executors == 3);
    BOOST_TEST((engines == std::set{&all.engine(0), &all.engine(1), &all.engine(2)}));
    BOOST_TEST(!threads.contains(std::this_thread::get_id()));
    BOOST_CHECK_THROW(all.engine(3), std::out_of_range);
    BOOST_CHECK_THROW(all.executor(3), std::out_of_range);
    BOOST_TEST(usher::shards().size() >= 1U);
}

BOOST_AUTO_TEST_CASE(engines_that_share_a_budget_do_not_keep_the_same_memory)
{
    struct no_memory final : usher::quota_store {
        std::string load(const std::string&) override { return {}; }
        void save(const std::string&, const std::string&) override {}
    };
    const auto memory = std::make_shared<no_memory>();
    usher::engine_options options;
    options.quota_memory = memory;
    const auto held = memory.use_count();
    {
        const usher::shards two(2, options);
        BOOST_TEST(memory.use_count() == held);
    }
    const usher::shards one(1, options);
    BOOST_TEST(memory.use_count() > held); // an engine alone remembers
}

BOOST_AUTO_TEST_CASE(work_goes_to_the_shards_in_turn)
{
    usher::shards all(2);
    // Boost.Test is for one thread: what the others see is checked when they have ended.
    std::atomic<int> of_first = 0;
    std::atomic<int> sum = 0;
    const auto first = &all.engine(0);
    for (int i = 0; i != 10; ++i)
        all.spawn([&, i](usher::engine& engine) -> asio::awaitable<void> {
            co_await turn();
            of_first += &engine == first ? 1 : 0;
            sum += i; // the captures are there
        });
    all.join();
    BOOST_TEST(of_first == 5);
    BOOST_TEST(sum == 45);
}

BOOST_AUTO_TEST_CASE(join_waits_for_what_coroutines_spawn_on_other_shards)
{
    usher::shards all(2);
    std::atomic<int> ran = 0;
    all.spawn(0, [&](usher::engine&) -> asio::awaitable<void> {
        co_await turn();
        all.spawn(1, [&](usher::engine&) -> asio::awaitable<void> {
            co_await turn();
            all.spawn(0, [&](usher::engine&) -> asio::awaitable<void> {
                co_await turn();
                ++ran;
            });
            ++ran;
        });
        ++ran;
    });
    all.join();
    BOOST_TEST(ran == 3);
    all.join(); // does nothing
    BOOST_CHECK_THROW(all.spawn([](usher::engine&) { return turn(); }), std::logic_error);
}

BOOST_AUTO_TEST_CASE(exceptions_of_coroutines_are_reported_and_end_nothing_else)
{
    usher::shards all(2);
    std::atomic<int> ran = 0;
    all.spawn(0, [](usher::engine&) { return fail_after_a_turn("first"); });
    all.spawn(1, [](usher::engine&) { return fail_after_a_turn("second"); });
    all.spawn(0, [](usher::engine&) -> asio::awaitable<void> { throw std::runtime_error("before it began"); });
    asio::post(all.executor(1), [] { throw std::runtime_error("a handler"); });
    for (int i = 0; i != 4; ++i)
        all.spawn([&](usher::engine&) -> asio::awaitable<void> {
            co_await turn();
            ++ran;
        });
    BOOST_CHECK_THROW(all.join(), std::runtime_error);
    BOOST_TEST(ran == 4);
    std::multiset<std::string> said;
    for (const auto& one : all.failures())
        said.insert(what_of(one));
    BOOST_TEST((said == std::multiset<std::string>{"a handler", "before it began", "first", "second"}));
}

BOOST_AUTO_TEST_CASE(stop_cancels_what_waits_which_is_no_failure)
{
    usher::shards all(2);
    std::promise<void> one, two;
    all.spawn(0, [&](usher::engine&) { return wait_for_ever(one); });
    all.spawn(1, [&](usher::engine&) { return wait_for_ever(two); });
    one.get_future().wait();
    two.get_future().wait();
    all.stop();
    all.join();
    BOOST_TEST(all.failures().empty());
    BOOST_CHECK_THROW(all.spawn(0, [](usher::engine&) { return turn(); }), std::logic_error);
}

BOOST_AUTO_TEST_CASE(the_destructor_stops_and_joins)
{
    std::promise<void> waits;
    const auto held = std::make_shared<int>(1);
    {
        usher::shards all(2);
        all.spawn(1, [&waits, held](usher::engine&) { return wait_for_ever(waits); });
        waits.get_future().wait();
        BOOST_TEST(held.use_count() == 2);
    }
    BOOST_TEST(held.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(a_shard_can_stop_all_and_can_not_join_them)
{
    usher::shards all(2);
    std::promise<void> waits;
    auto is_waiting = waits.get_future().share();
    std::atomic<bool> was_refused = false;
    all.spawn(0, [&](usher::engine&) { return wait_for_ever(waits); });
    all.spawn(1, [&](usher::engine&) -> asio::awaitable<void> {
        is_waiting.wait();
        try {
            all.join();
        } catch (const std::logic_error&) {
            was_refused = true;
        }
        all.stop();
        co_return;
    });
    all.join();
    BOOST_TEST(was_refused);
}

BOOST_AUTO_TEST_CASE(each_shard_has_its_part_of_the_budget_that_is_asked_for)
{
    struct counted final : usher::budget {
        explicit counted(std::atomic<int>& alive_) : alive(alive_) { ++alive; }
        ~counted() override { --alive; }
        void lease(const usher::lease_request&, handler done) override { done(usher::lease_grant()); }
        void give_back(const std::string&, std::uint32_t) noexcept override {}
        std::atomic<int>& alive;
    };
    std::atomic<int> alive = 0;
    {
        std::set<std::size_t> asked;
        usher::shards all(3, usher::engine_options(), [&](std::size_t index, const asio::any_io_executor& executor) {
            BOOST_TEST((executor != asio::any_io_executor()));
            asked.insert(index);
            return std::make_shared<counted>(alive);
        });
        BOOST_TEST(alive == 3);
        BOOST_TEST(asked.size() == 3U);
    }
    BOOST_TEST(alive == 0);
    usher::engine_options wrong;
    wrong.max_connections = 0;
    BOOST_CHECK_THROW(usher::shards(2, wrong), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
