// What all sources of tokens are made by.
#ifndef USHER_AUTH_TOKEN_FUNCTION_HPP
#define USHER_AUTH_TOKEN_FUNCTION_HPP

#include <usher/credentials.hpp>

namespace usher::detail {
class engine_state;
}

namespace usher::auth {

/// *Errors*: `std::invalid_argument`, naming the option.
std::shared_ptr<credential_source> make_keeper(const std::shared_ptr<detail::engine_state>& engine,
                                               token_function fetch, token_options options, std::string identity);

} // namespace usher::auth

#endif
