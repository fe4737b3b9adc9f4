// What the login flows of one environment share.
#ifndef USHER_LOGIN_LOGIN_STATE_HPP
#define USHER_LOGIN_LOGIN_STATE_HPP

#include <usher/scalekit/login.hpp>

#include "call/engine_state.hpp"

namespace usher::scalekit {

class login_state {
public:
    login_state(const engine& engine, std::string environment_, std::string client_id_, secret client_secret_);

    std::shared_ptr<detail::engine_state> engine;
    std::string environment; ///< without a slash at its end; the issuer of its tokens
    std::string client_id;
    secret client_secret;
    token::key_source keys;
    token::verifier access; ///< of access tokens, without scopes
    token::verifier logins; ///< of logins that began at the identity provider
};

/// Random text of 43 characters, 256 bits. *Errors*: `std::runtime_error` when the system gives no random bytes.
std::string random_text();

} // namespace usher::scalekit

#endif
