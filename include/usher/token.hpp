// Tokens: who sent a request, proved by a signature.
#ifndef USHER_TOKEN_HPP
#define USHER_TOKEN_HPP

#include <usher/token/claims.hpp>
#include <usher/token/key_cache.hpp>
#include <usher/token/keys.hpp>
#include <usher/token/rejection.hpp>
#include <usher/token/request.hpp>
#include <usher/token/verified_cache.hpp>
#include <usher/token/verifier.hpp>

#endif
