#include "sample.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

// Counted for the whole program; only differences are looked at. Atomic: another test has threads.
std::atomic<std::size_t> allocated = 0;
/// Which allocation fails, counted down; 0: none.
std::atomic<std::size_t> fails_at = 0;

void* counted(std::size_t size)
{
    ++allocated;
    if (fails_at != 0 && --fails_at == 0)
        throw std::bad_alloc();
    if (void* memory = std::malloc(size == 0 ? 1 : size))
        return memory;
    throw std::bad_alloc();
}

} // namespace

void* operator new(std::size_t size)
{
    return counted(size);
}
void* operator new[](std::size_t size)
{
    return counted(size);
}
void operator delete(void* memory) noexcept
{
    std::free(memory);
}
void operator delete[](void* memory) noexcept
{
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept
{
    std::free(memory);
}

using namespace sample;

BOOST_AUTO_TEST_SUITE(allocations)

BOOST_AUTO_TEST_CASE(a_good_request_is_verified_without_an_allocation_of_ours)
{
    // OpenSSL takes its own memory, by malloc, for the state that it continues from.
    const auto all = headers();
    const verifier own = verifier_at();
    const std::size_t before = allocated;
    const bool accepted = own.verify(all, body).has_value();
    const std::size_t taken = allocated - before;
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
        fails_at = at;
        bool threw = false;
        try {
            store.take(key, sent, sent + seconds(300));
        } catch (const std::bad_alloc&) {
            threw = true;
        }
        fails_at = 0;
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
