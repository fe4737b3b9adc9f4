#include "sample.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

// Counted for the whole program; only differences are looked at. Atomic: another test has threads.
std::atomic<std::size_t> allocated = 0;

void* counted(std::size_t size)
{
    ++allocated;
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

BOOST_AUTO_TEST_SUITE_END()
