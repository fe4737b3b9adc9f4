// What libFuzzer calls: one target, which the build names.
#include "fuzz/promise.hpp"
#include "fuzz/targets.hpp"

#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    try {
        usher::fuzz::USHER_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
    } catch (const usher::fuzz::broken_promise& broken) {
        std::fprintf(stderr, "broken: %s\n", broken.what());
        std::abort();
    }
    return 0;
}
