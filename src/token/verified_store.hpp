// The entries of a verified_cache: a table of slots, and a hand that goes round them when all are taken (CLOCK).
#ifndef USHER_TOKEN_VERIFIED_STORE_HPP
#define USHER_TOKEN_VERIFIED_STORE_HPP

#include <usher/time.hpp>
#include <usher/token/verified_cache.hpp>

#include <array>
#include <cstring>
#include <memory>
#include <unordered_map>
#include <vector>

namespace usher::token::detail {

/// What was accepted: which token, by whom, as what.
struct verified_key {
    std::array<unsigned char, 32> digest{};
    std::uint64_t verifier = 0;
    std::uint64_t kind = 0;

    friend bool operator==(const verified_key& a, const verified_key& b) noexcept = default;
};

struct verified_hash {
    std::size_t operator()(const verified_key& key) const noexcept
    {
        std::size_t start = 0;
        std::memcpy(&start, key.digest.data(), sizeof start);
        return start ^ static_cast<std::size_t>(key.verifier * 31 + key.kind);
    }
};

/// For what an entry holds: from the time that the token was accepted at, since it may be one that was not valid
/// before, and for the keys that it was accepted with.
struct verified_span {
    verified_span(unix_seconds accepted_at, unix_seconds expires_at, std::uint64_t of_keys = 0)
        : accepted(accepted_at), expires(expires_at), generation(of_keys)
    {
    }
    unix_seconds accepted;
    unix_seconds expires;
    std::uint64_t generation;
};

class verified_store {
public:
    explicit verified_store(std::size_t capacity) : capacity_(capacity) {}

    /// Null when there is none that holds now. Allocates nothing.
    std::shared_ptr<const void> find(const verified_key& key, unix_seconds now, std::uint64_t generation = 0) noexcept;
    void keep(const verified_key& key, std::shared_ptr<const void> claims, const verified_span& span);
    void clear() noexcept;
    verified_cache_counters counters() const noexcept;

private:
    struct slot {
        verified_key key;
        std::shared_ptr<const void> claims;
        verified_span span{unix_seconds(), unix_seconds()};
        bool was_asked_for = false;
    };

    slot& free_slot();

    std::size_t capacity_;
    std::vector<slot> slots_;
    std::unordered_map<verified_key, std::size_t, verified_hash> places_;
    std::size_t hand_ = 0;
    verified_cache_counters counters_;
};

} // namespace usher::token::detail

#endif
