// The hash parameters of a Firebase project, as a file has them.
#ifndef USHER_CLI_FIREBASE_HASH_HPP
#define USHER_CLI_FIREBASE_HASH_HPP

#include <usher/bulk/mapping.hpp>

#include <string_view>

namespace usher::cli {

/// Reads `hash_config { algorithm: SCRYPT, base64_signer_key: …, base64_salt_separator: …, rounds: 8, mem_cost: 14 }`,
/// as the console shows it, or JSON with `signer_key`, `salt_separator`, `rounds` and `mem_cost`. *Errors*:
/// `std::invalid_argument` that names the parameter and what is wrong with it.
bulk::firebase_hash_parameters parse_firebase_hash(std::string_view text);

} // namespace usher::cli

#endif
