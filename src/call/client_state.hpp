// What a client is made of; immutable after it was made.
#ifndef USHER_CALL_CLIENT_STATE_HPP
#define USHER_CALL_CLIENT_STATE_HPP

#include <usher/client.hpp>

#include "call/engine_state.hpp"

namespace usher::detail {

class client_state {
public:
    client_state(std::shared_ptr<engine_state> engine, const service_info& service, const secret& key,
                 client_options options);

    std::shared_ptr<engine_state> engine;
    const service_info& service;
    client_options options;
    base_url url;
    secret header_block;    ///< header lines of every request, the credentials among them
    secret anonymous_block; ///< the same without credentials, for operations that take none
    std::shared_ptr<pool_origin> origin;
    std::shared_ptr<schedule::limiter> limits;
};

/// True for the headers that a client writes itself.
bool is_own_header(const client_state& client, std::string_view name) noexcept;

} // namespace usher::detail

#endif
