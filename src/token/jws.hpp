// The compact form of a signed token (RFC 7515 §3.1), up to its signature.
#ifndef USHER_TOKEN_JWS_HPP
#define USHER_TOKEN_JWS_HPP

#include <usher/token/rejection.hpp>

#include "token/key.hpp"

#include <boost/json/object.hpp>

#include <array>
#include <string>
#include <string_view>

namespace usher::token::detail {

inline constexpr std::size_t most_token_bytes = 16 * 1024;

/// The three parts. `payload` and `signature` are decoded, not looked into: what is not signed is not parsed.
struct signed_token {
    std::string_view signing_input; ///< a part of the text that was read
    boost::json::object header;
    std::string payload;
    std::string signature;
    algorithm how{};
    std::string_view kid; ///< a part of `header`; empty: none
};

/// Reads everything but the claims. False: `why` says what is wrong.
bool read_signed_token(std::string_view text, signed_token& out, rejection& why);
/// The same without judging the header.
bool split_token(std::string_view text, signed_token& out, rejection& why);

/// The keys that a token may have been signed with. Nothing forbids a set two keys of one id and algorithm, and only
/// the signature tells them apart; each costs a verification, so they are few.
struct fitting_keys {
    std::array<const key*, 4> keys{};
    std::size_t count = 0;
};

/// At least one, or false and why not. A token without `kid` is tried with one key alone.
bool find_keys(const key_set& keys, const signed_token& token, fitting_keys& out, rejection& why);

/// Whether one of the set's keys that fit the token has signed it, or why not.
bool check_signature(const key_set& keys, const signed_token& token, rejection& why);

/// A text out of a token, fit for a message: printable ASCII, cut short, in quotes.
std::string quoted(std::string_view text);

} // namespace usher::token::detail

#endif
