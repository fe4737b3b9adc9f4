#include "token/digest.hpp"
#include "token/openssl.hpp"
#include "token/verified_store.hpp"

#include <stdexcept>
#include <utility>

namespace usher::token {

namespace detail {

std::array<unsigned char, 32> sha256(std::string_view text)
{
    // Fetched and made once: both cost more than the digest of a token.
    static const md_ptr algorithm(EVP_MD_fetch(nullptr, "SHA256", nullptr));
    thread_local const md_ctx_ptr context(EVP_MD_CTX_new());
    std::array<unsigned char, 32> digest{};
    if (EVP_DigestInit_ex2(context.get(), algorithm.get(), nullptr) != 1 ||
        EVP_DigestUpdate(context.get(), text.data(), text.size()) != 1 ||
        EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1)
        throw std::runtime_error("OpenSSL has no SHA-256");
    return digest;
}

std::shared_ptr<const void> verified_store::find(const verified_key& key, unix_seconds now,
                                                 std::uint64_t generation) noexcept
{
    const auto found = places_.find(key);
    const auto holds = [&](const verified_span& span) {
        return span.accepted <= now && now < span.expires && span.generation == generation;
    };
    if (found == places_.end() || !holds(slots_[found->second].span)) {
        ++counters_.misses;
        return nullptr;
    }
    ++counters_.hits;
    slot& one = slots_[found->second];
    one.was_asked_for = true;
    return one.claims;
}

void verified_store::keep(const verified_key& key, std::shared_ptr<const void> claims, const verified_span& span)
{
    const auto found = places_.find(key);
    slot& one = found == places_.end() ? free_slot() : slots_[found->second];
    if (found == places_.end())
        places_.emplace(key, static_cast<std::size_t>(&one - slots_.data()));
    one.key = key;
    one.claims = std::move(claims);
    one.span = span;
    one.was_asked_for = false;
}

verified_store::slot& verified_store::free_slot()
{
    if (slots_.size() < capacity_)
        return slots_.emplace_back();
    while (slots_[hand_].was_asked_for) {
        slots_[hand_].was_asked_for = false;
        hand_ = (hand_ + 1) % capacity_;
    }
    slot& one = slots_[hand_];
    hand_ = (hand_ + 1) % capacity_;
    places_.erase(one.key);
    ++counters_.evictions;
    return one;
}

void verified_store::clear() noexcept
{
    places_.clear();
    slots_.clear();
    hand_ = 0;
}

verified_cache_counters verified_store::counters() const noexcept
{
    auto counters = counters_;
    counters.size = places_.size();
    return counters;
}

} // namespace detail

verified_cache::verified_cache(std::size_t capacity)
{
    if (capacity == 0 || capacity > 16'000'000)
        throw std::invalid_argument("a verified_cache has a capacity from 1 to 16 million");
    store_ = std::make_shared<detail::verified_store>(capacity);
}

verified_cache_counters verified_cache::counters() const noexcept
{
    return store_->counters();
}

void verified_cache::clear() noexcept
{
    store_->clear();
}

} // namespace usher::token
