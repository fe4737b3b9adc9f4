// The shell around key_state: runs the fetches and lets callers wait for them.
//
// Vocabulary and lifecycle: see single_flight. A waiter is a verification without the keys that it needs.
#ifndef USHER_TOKEN_KEY_SOURCE_HPP
#define USHER_TOKEN_KEY_SOURCE_HPP

#include "token/key_state.hpp"

#include "call/single_flight.hpp"

#include <memory>
#include <variant>

namespace usher::token::detail {

/// What a verifier needs of a source.
class key_source_state {
public:
    explicit key_source_state(std::string issuer) : issuer_(std::move(issuer)) {}
    key_source_state(const key_source_state&) = delete;
    key_source_state& operator=(const key_source_state&) = delete;
    virtual ~key_source_state() = default;

    const std::string& issuer() const noexcept { return issuer_; }
    /// Begins a fetch when one is due.
    virtual key_lookup look(std::string_view kid) = 0;
    virtual const key_state& state() const noexcept = 0;
    /// Waits until no fetch runs, or the one that runs takes too long. *Cancellation*: terminal, the fetch goes on.
    virtual boost::asio::awaitable<void> settled() = 0;

private:
    std::string issuer_;
};

/// `Clock` has steady_clock's time points. Held by a `shared_ptr`. *Thread safety*: none; everything happens on
/// `executor`.
template <class Clock>
class basic_key_source final
    : public key_source_state,
      public std::enable_shared_from_this<basic_key_source<Clock>>,
      public usher::detail::single_flight<basic_key_source<Clock>, Clock, fetched_keys, std::monostate> {
public:
    basic_key_source(boost::asio::any_io_executor executor, const key_cache_options& options, key_fetch fetch,
                     std::string issuer);

    key_lookup look(std::string_view kid) override;
    const key_state& state() const noexcept override { return state_; }
    boost::asio::awaitable<void> settled() override;

private:
    using flight = usher::detail::single_flight<basic_key_source, Clock, fetched_keys, std::monostate>;
    friend flight;

    std::monostate landed(result<fetched_keys> brought);
    static boost::asio::awaitable<void> wait(std::shared_ptr<basic_key_source> self);

    key_state state_;
};

extern template class basic_key_source<std::chrono::steady_clock>;

} // namespace usher::token::detail

#endif
