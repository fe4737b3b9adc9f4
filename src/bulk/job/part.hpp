// Which part of a job a record belongs to.
#ifndef USHER_BULK_PART_HPP
#define USHER_BULK_PART_HPP

#include <cstdint>
#include <string_view>

namespace usher::bulk {

/// The same on every machine and in every version, since parts run apart: FNV-1a (64 bits), its halves folded.
constexpr std::uint32_t part_of(std::string_view id, std::uint32_t parts) noexcept
{
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : id) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3U;
    }
    return static_cast<std::uint32_t>((hash ^ (hash >> 32U)) % parts);
}

} // namespace usher::bulk

#endif
