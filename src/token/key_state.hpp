// What is known of one source's keys, and when they are fetched. Time is an argument; nothing is sent from here.
//
// Vocabulary. A set is *fresh* for a while after it was fetched, then *stale*: used, and fetched anew. After
// `revalidate` it is *old*: used only where a fetch has just failed. After `usable` it is gone. A *miss* is a key id
// that caused a fetch and was not in what it brought; an id that came while the fetch ran is none, since the issuer may
// have added its key after it answered. Invariants. One fetch runs at most. A set is never replaced by an empty one.
// Nothing but the age of the set and an unknown key id asks for a fetch; a signature never does. Between two fetches
// that unknown ids caused lies `unknown_key_interval`, whatever ids are asked for. Lifecycle. Empty; `begin` when
// `look` says so; then `fetched` or `failed`; and again.
#ifndef USHER_TOKEN_KEY_STATE_HPP
#define USHER_TOKEN_KEY_STATE_HPP

#include <usher/token/key_cache.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace usher::token::detail {

enum class key_lookup : std::uint8_t {
    at_hand,
    wait,       ///< a fetch runs or is to begin: look again when it has ended
    unknown,    ///< the source has no such key
    unavailable ///< there are no keys, or none that are new enough, and it is too early to try again
};

class key_state {
public:
    using time_point = std::chrono::steady_clock::time_point;

    explicit key_state(const key_cache_options& options);

    struct answer {
        key_lookup what;
        bool is_due; ///< a fetch is to begin now; it may be in the background
    };
    /// For a token with this key id; empty: without one.
    answer look(std::string_view kid, time_point now);

    void begin();
    void fetched(fetched_keys brought, time_point now);
    void failed(usher::error why, time_point now);

    bool is_fetching() const noexcept { return is_fetching_; }
    const key_set& keys() const noexcept { return keys_; }
    const key_cache_options& options() const noexcept { return options_; }
    /// Changes with the keys.
    std::uint64_t generation() const noexcept { return generation_; }
    /// Of the last fetch; no error when it went well.
    const usher::error& trouble() const noexcept { return trouble_; }
    const key_source_counters& counters() const noexcept { return counters_; }

private:
    bool has(std::string_view kid) const noexcept;
    bool is_remembered_miss(std::string_view kid, time_point now);
    bool has_just_failed(time_point now) const noexcept;
    void remember_miss(time_point now);
    answer wait_for(std::string_view kid, bool is_due);

    key_cache_options options_;
    key_set keys_;
    usher::error trouble_;
    key_source_counters counters_;
    bool is_fetching_ = false;
    time_point stale_{};                   // while there are keys
    time_point old_{};                     // while there are keys
    time_point gone_{};                    // while there are keys
    time_point failed_{};                  // while there is trouble
    time_point retry_{};                   // after a failure: not before
    time_point unknown_retry_{};           // for an unknown key: not before
    std::chrono::milliseconds backoff_{0}; // after the next failure
    std::uint64_t generation_ = 0;
    std::string asked_;                                     // the id that caused the fetch that runs
    std::map<std::string, time_point, std::less<>> misses_; // id and until when it is remembered
};

} // namespace usher::token::detail

#endif
