// JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037 §2).
#ifndef USHER_TOKEN_JWK_HPP
#define USHER_TOKEN_JWK_HPP

#include "token/key.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace usher::token::detail {

struct jwk_reading {
    key one;
    std::string fault; ///< why the key can't be used; empty: it can
};

jwk_reading read_jwk(const boost::json::object& jwk);

} // namespace usher::token::detail

#endif
