#include "bulk/check/digest_set.hpp"

#include <openssl/sha.h>

#include <array>
#include <cstring>
#include <utility>

namespace usher::bulk {

namespace {

std::uint64_t digest_of(std::string_view text)
{
    std::array<unsigned char, SHA256_DIGEST_LENGTH> bytes{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), bytes.data());
    std::uint64_t digest = 0;
    std::memcpy(&digest, bytes.data(), sizeof digest);
    return digest == 0 ? 1 : digest;
}

} // namespace

digest_set::digest_set() : slots_(1024) {}

std::size_t digest_set::place_of(std::uint64_t digest) const
{
    const std::size_t mask = slots_.size() - 1;
    std::size_t place = digest & mask;
    while (slots_[place] != 0 && slots_[place] != digest)
        place = (place + 1) & mask;
    return place;
}

void digest_set::grow()
{
    auto old = std::exchange(slots_, std::vector<std::uint64_t>(slots_.size() * 2));
    for (const auto digest : old)
        if (digest != 0)
            slots_[place_of(digest)] = digest;
}

bool digest_set::contains(std::string_view text) const
{
    return slots_[place_of(digest_of(text))] != 0;
}

bool digest_set::insert(std::string_view text)
{
    if ((size_ + 1) * 2 > slots_.size())
        grow();
    const auto digest = digest_of(text);
    auto& slot = slots_[place_of(digest)];
    if (slot != 0)
        return false;
    slot = digest;
    ++size_;
    return true;
}

} // namespace usher::bulk
