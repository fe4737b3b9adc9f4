// Passwords as digests: whether a digest is of its hasher's form, and the form that Clerk documents for it
// (https://clerk.com/docs/reference/backend/user/create-user).
//
// A digest of a wrong form is either refused by the target, or taken, and nobody finds out before the user can't sign
// in. So every segment is looked at: its alphabet, its length, its parameters' ranges. What other programs write for
// the same hash is rewritten, never computed: no password is known here. A digest is a secret: no text ever repeats it.
#ifndef USHER_BULK_HASHERS_HPP
#define USHER_BULK_HASHERS_HPP

#include <usher/bulk/mapping.hpp>

#include <boost/system/result.hpp>

#include <string_view>

namespace usher::bulk {

using checked_digest = boost::system::result<password_digest, refusal>;

/// The digest in the form that Clerk documents for the hasher of this name.
///
/// Rewritten are digests as Django, Werkzeug, passlib, LDAP and Spring Security store them, upper-case hexadecimal
/// digits, and base64 of the other alphabet or without its padding. *Errors*: a refusal with one of the codes
/// `password_hasher_missing`, `password_hasher_unknown`, `password_digest_missing`, `password_digest_invalid`; its
/// member is one of the two names given.
checked_digest check_digest(std::string_view hasher, std::string_view digest,
                            std::string_view digest_field = "password_digest",
                            std::string_view hasher_field = "password_hasher");

/// The only hasher that writes digests which begin like this; empty when several do, or none. It does not say that
/// the digest is whole: see `check_digest`.
std::string_view recognised_hasher(std::string_view digest) noexcept;

/// Better Auth's `password`: scrypt (N = 16384, r = 16, p = 1, 64 bytes, the salt's hexadecimal text as salt) as
/// `salt:key`, or what one of the hashers wrote that an application may put in its place, recognised by its form.
/// What can't be carried over: Better Auth hashes the NFKC form of a password, the target the password as it is typed,
/// so that one with such characters (full-width digits, ligatures) has to be set anew.
checked_digest better_auth_digest(std::string_view password, std::string_view field);

} // namespace usher::bulk

#endif
