// Tokens that were verified already.
#ifndef USHER_TOKEN_VERIFIED_CACHE_HPP
#define USHER_TOKEN_VERIFIED_CACHE_HPP

#include <cstddef>
#include <cstdint>
#include <memory>

namespace usher::token {

namespace detail {
class verified_store;
}

struct verified_cache_counters {
    verified_cache_counters() = default;
    std::size_t size = 0;
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::uint64_t evictions = 0;
};

/// Keeps the claims of accepted tokens until they expire, found by the SHA-256 digest of the token; the token itself is
/// not kept. Refusals are never kept. Bounded: when it is full, a token that was not asked for lately makes room
/// (CLOCK).
///
/// One cache may serve any number of verifiers; none sees another's entries, since what is acceptable differs. An
/// entry holds for the key set that it was verified with: after another one was fetched, its token is verified again.
/// *Lifetime*: copies are the same cache. *Thread safety*: none; one per thread, as the engine.
class verified_cache {
public:
    /// *Errors*: `std::invalid_argument` for a capacity of 0 or of more than 16 million.
    explicit verified_cache(std::size_t capacity);

    verified_cache_counters counters() const noexcept;
    void clear() noexcept;

    const std::shared_ptr<detail::verified_store>& store() const noexcept { return store_; }

private:
    std::shared_ptr<detail::verified_store> store_;
};

} // namespace usher::token

#endif
