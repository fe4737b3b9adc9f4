// Tells whether a text was seen before, in 16 to 32 bytes per text.
//
// It keeps the first 64 bits of the SHA-256 digest, never the text. Among ten million texts two different ones meet
// with a probability of 3 in 10^6.
#ifndef USHER_BULK_DIGEST_SET_HPP
#define USHER_BULK_DIGEST_SET_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace usher::bulk {

class digest_set {
public:
    digest_set();
    /// True if it is new.
    bool insert(std::string_view text);
    bool contains(std::string_view text) const;
    std::size_t size() const noexcept { return size_; }

private:
    std::size_t place_of(std::uint64_t digest) const;
    void grow();

    std::vector<std::uint64_t> slots_; ///< a power of two of them, at most half full; 0: empty
    std::size_t size_ = 0;
};

} // namespace usher::bulk

#endif
