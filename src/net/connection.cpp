#include "net/connection.hpp"

#include "core/host_text.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstring>

namespace usher::detail {

namespace {

constexpr std::size_t least_output = 1024;

} // namespace

void connection::wipe() noexcept
{
    output.resize(output.capacity());
    OPENSSL_cleanse(output.data(), output.size());
    output.clear();
    OPENSSL_cleanse(input.data(), input_begin);
    OPENSSL_cleanse(input.data() + input_end, input.size() - input_end);
}

void connection::begin_output(std::size_t size)
{
    if (output.capacity() < size) {
        // A longer request may have stood there before the last one.
        detail::wipe(output);
        output.reserve(std::max(size, least_output));
    }
    output.clear();
}

void connection::grow_input(std::size_t size)
{
    std::vector<char> larger(size);
    std::memcpy(larger.data(), input.data(), input_end);
    OPENSSL_cleanse(input.data(), input.size());
    input.swap(larger);
}

} // namespace usher::detail
