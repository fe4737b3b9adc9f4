#include "counted_new.hpp"
#include "sample.hpp"

using namespace sample;

BOOST_AUTO_TEST_SUITE(allocations)

BOOST_AUTO_TEST_CASE(a_good_request_is_verified_without_an_allocation_of_ours)
{
    // OpenSSL takes its own memory, by malloc, for the state that it continues from.
    const auto all = headers();
    const verifier own = verifier_at();
    const std::size_t before = counted_new::allocations;
    const bool accepted = own.verify(all, body).has_value();
    const std::size_t taken = counted_new::allocations - before;
    BOOST_TEST(accepted);
    BOOST_TEST(taken == 0U);
    BOOST_TEST(before > 0U);
}

BOOST_AUTO_TEST_CASE(a_store_without_memory_is_as_it_was)
{
    const std::string key(100, 'k');
    std::size_t failed = 0;
    for (std::size_t at = 1;; ++at) {
        memory_replay_store store(2);
        BOOST_TEST_REQUIRE((store.take("first", sent, sent + seconds(1)) == claim::taken));
        counted_new::fails_at = at;
        bool threw = false;
        try {
            store.take(key, sent, sent + seconds(300));
        } catch (const std::bad_alloc&) {
            threw = true;
        }
        counted_new::fails_at = 0;
        if (!threw)
            break;
        ++failed;
        BOOST_TEST(store.size() == 1U);
        BOOST_TEST((store.take(key, sent, sent + seconds(300)) == claim::taken));
        BOOST_TEST((store.take("second", sent, sent + seconds(300)) == claim::taken));
        store.forget(key);
        BOOST_TEST((store.take("third", sent + seconds(301), sent + seconds(400)) == claim::taken));
        BOOST_TEST(store.size() == 1U);
    }
    BOOST_TEST(failed >= 3U);
}

BOOST_AUTO_TEST_SUITE_END()
