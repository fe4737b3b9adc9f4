// Counts what is allocated, OpenSSL's and the C library's own included. For one source file of a program: it stands in
// for malloc. glibc lets a program do that; operator new of libstdc++ goes through it.
#ifndef USHER_TESTS_COUNTED_MALLOC_HPP
#define USHER_TESTS_COUNTED_MALLOC_HPP

#include <cstddef>

inline std::size_t allocations = 0;

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_realloc(void* old, std::size_t size);

void* malloc(std::size_t size)
{
    ++allocations;
    return __libc_malloc(size);
}

void* realloc(void* old, std::size_t size)
{
    ++allocations;
    return __libc_realloc(old, size);
}
}

#endif
