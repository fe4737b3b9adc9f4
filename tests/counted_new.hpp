// Counts what is allocated, and lets one allocation fail. For one source file of a program: it replaces the global
// operators.
#ifndef USHER_TESTS_COUNTED_NEW_HPP
#define USHER_TESTS_COUNTED_NEW_HPP

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace counted_new {

/// Of the whole program since its start; only differences are looked at. Atomic: some programs have threads.
inline std::atomic<std::size_t> allocations{0};
/// Which allocation fails, counted down; 0: none.
inline std::atomic<std::size_t> fails_at{0};

inline void* allocate(std::size_t size)
{
    ++allocations;
    if (fails_at != 0 && --fails_at == 0)
        throw std::bad_alloc();
    if (void* memory = std::malloc(size == 0 ? 1 : size))
        return memory;
    throw std::bad_alloc();
}

} // namespace counted_new

// Kept out of line: GCC 12 takes an inlined half of a replaced pair for a mismatch.
#define USHER_OUT_OF_LINE __attribute__((noinline))

USHER_OUT_OF_LINE void* operator new(std::size_t size)
{
    return counted_new::allocate(size);
}
USHER_OUT_OF_LINE void* operator new[](std::size_t size)
{
    return counted_new::allocate(size);
}
USHER_OUT_OF_LINE void operator delete(void* memory) noexcept
{
    std::free(memory);
}
USHER_OUT_OF_LINE void operator delete[](void* memory) noexcept
{
    std::free(memory);
}
USHER_OUT_OF_LINE void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}
USHER_OUT_OF_LINE void operator delete[](void* memory, std::size_t) noexcept
{
    std::free(memory);
}

#undef USHER_OUT_OF_LINE

#endif
