#include "sample.hpp"

#include <atomic>
#include <thread>

using namespace sample;

namespace {

struct clock_and_store {
    std::chrono::system_clock::time_point now = sent;
    std::shared_ptr<memory_replay_store> store = std::make_shared<memory_replay_store>(4, [this] { return now; });

    verifier make()
    {
        verifier_options options;
        options.now = [this] { return now; };
        options.replays = store;
        return verifier(provider::clerk, usher::secret(secret_text), options);
    }
    bool first(const char* own_id, seconds after) { return store->first_time(own_id, sent + after); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(replay, clock_and_store)

BOOST_AUTO_TEST_CASE(a_request_is_accepted_once)
{
    const verifier own = make();
    const verifier copy = own;
    BOOST_TEST(own.verify(headers(), body).has_value());
    const auto again = copy.verify(headers(), body);
    BOOST_TEST(why(again) == reason::replayed);
    BOOST_TEST(again.error().header() == "svix-id");
    // It was taken: a refusal would have it sent again and again.
    BOOST_TEST(again.error().http_status() == 200);
    now += seconds(300);
    BOOST_TEST(why(own.verify(headers(), body)) == reason::replayed);
    now += seconds(1);
    BOOST_TEST(why(own.verify(headers(), body)) == reason::too_old);
}

BOOST_AUTO_TEST_CASE(what_is_refused_is_not_remembered)
{
    const verifier own = make();
    BOOST_TEST(why(own.verify(headers(), "{}")) == reason::signature_mismatch);
    BOOST_TEST(store->size() == 0U);
    BOOST_TEST(own.verify(headers(), body).has_value());
}

BOOST_AUTO_TEST_CASE(an_event_that_could_not_be_handled_may_come_again)
{
    const verifier own = make();
    BOOST_TEST(own.verify(headers(), body).has_value());
    own.forget(id);
    BOOST_TEST(own.verify(headers(), body).has_value());
    own.forget("never seen");
    verifier_at().forget(id); // has no store
    BOOST_TEST(why(own.verify(headers(), body)) == reason::replayed);
}

BOOST_AUTO_TEST_CASE(ids_go_when_their_time_is_over)
{
    BOOST_TEST(first("a", seconds(10)));
    BOOST_TEST(first("b", seconds(20)));
    now = sent + seconds(10);
    BOOST_TEST(!first("a", seconds(10)));
    now = sent + seconds(11);
    BOOST_TEST(first("c", seconds(30)));
    BOOST_TEST(store->size() == 2U);
    BOOST_TEST(!first("b", seconds(40)));
}

BOOST_AUTO_TEST_CASE(a_full_store_forgets_those_whose_time_ends_first)
{
    for (const char* each : {"a", "b", "c", "d"})
        BOOST_TEST(first(each, seconds(10 * (each[0] - 'a' + 1))));
    BOOST_TEST(first("e", seconds(5)));
    BOOST_TEST(store->size() == 4U);
    for (const char* known : {"b", "c", "d", "e"})
        BOOST_TEST(!first(known, seconds(50)), known);
    BOOST_TEST(first("a", seconds(50)));
    BOOST_CHECK_THROW(memory_replay_store(0), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(of_many_threads_one_is_the_first)
{
    const verifier own = make();
    std::atomic<int> accepted = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            for (int k = 0; k < 200; ++k)
                accepted += own.verify(headers(), body).has_value() ? 1 : 0;
        });
    for (auto& each : threads)
        each.join();
    BOOST_TEST(accepted == 1);
}

BOOST_AUTO_TEST_SUITE_END()
