// What a client is made of; after it was made only its newest token changes.
#ifndef USHER_CALL_CLIENT_STATE_HPP
#define USHER_CALL_CLIENT_STATE_HPP

#include <usher/client.hpp>

#include "call/engine_state.hpp"

#include <cstdint>

namespace usher::detail {

/// Header lines of a request. Shared, since a request may still be on its way when the next token is there.
struct header_block {
    header_block() = default;
    secret lines;
    std::uint64_t generation = 0; ///< of the token in it; 0: none, or one that stays
};
using header_block_ptr = std::shared_ptr<const header_block>;

class client_state {
public:
    client_state(std::shared_ptr<engine_state> engine, const service_info& service, credentials who,
                 client_options options);

    /// The header lines for an operation with this use of credentials, as far as they stay the same; null when a
    /// token of `source` has to be in them.
    const header_block_ptr& fixed_block(credential_use use) const noexcept;
    /// The header lines with a token of `source`; null when no header can carry it.
    const header_block_ptr& block_with(const issued_token& token);
    /// The header lines with a key for one call. *Errors*: null when no header can carry it.
    header_block_ptr block_with(const secret& key) const;

    std::shared_ptr<engine_state> engine;
    const service_info& service;
    client_options options;
    base_url url;
    std::shared_ptr<credential_source> source; ///< null: the key stays, or there is none
    std::shared_ptr<pool_origin> origin;
    std::shared_ptr<schedule::limiter> limits;
    std::shared_ptr<service_health> health;
    std::uint16_t tenant = 0; ///< its number in `limits`

private:
    header_block_ptr make_block(std::string_view key, std::uint64_t generation) const;

    header_block_ptr anonymous_; ///< the lines that all have in common
    header_block_ptr client_;    ///< null: nobody, or a source
    header_block_ptr machine_;   ///< null: the client's own credentials
    header_block_ptr newest_;    ///< with the source's newest token that was used
};

/// True for the headers that a client writes itself.
bool is_own_header(const client_state& client, std::string_view name) noexcept;

} // namespace usher::detail

#endif
