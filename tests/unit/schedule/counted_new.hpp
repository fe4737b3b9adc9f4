// Counts what is allocated. For one source file of a program: it replaces the global operators.
#ifndef USHER_TESTS_SCHEDULE_COUNTED_NEW_HPP
#define USHER_TESTS_SCHEDULE_COUNTED_NEW_HPP

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace schedule_tests {

inline std::atomic<std::size_t> allocations{0};

} // namespace schedule_tests

// Kept out of line: GCC 12 takes an inlined half of a replaced pair for a mismatch.
#define USHER_OUT_OF_LINE __attribute__((noinline))

USHER_OUT_OF_LINE void* operator new(std::size_t size)
{
    ++schedule_tests::allocations;
    if (void* memory = std::malloc(size ? size : 1))
        return memory;
    throw std::bad_alloc();
}
USHER_OUT_OF_LINE void operator delete(void* memory) noexcept
{
    std::free(memory);
}
USHER_OUT_OF_LINE void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}

#undef USHER_OUT_OF_LINE

#endif
