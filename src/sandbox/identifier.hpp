#pragma once

#include "sandbox/random.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace usher::sandbox {

// "user_" and 27 base-62 digits, or "ak_" and 32 hexadecimal ones; `object` is what the resource calls itself.
std::string new_id(std::string_view object, generator& source);

// The prefix that belongs to an object's ids: "user_" for "user".
std::string_view id_prefix(std::string_view object);

std::string base62(std::size_t digits, generator& source);
std::string hexadecimal(std::size_t digits, generator& source);

bool email_like(std::string_view text);
bool phone_like(std::string_view text); // E.164
bool username_like(std::string_view text);
bool slug_like(std::string_view text);
std::string make_slug(std::string_view name);

std::string lower(std::string_view text); // ASCII only: identifiers are compared without case

// Milliseconds since the epoch of an RFC 3339 time, or nothing.
std::optional<std::int64_t> parse_rfc3339(std::string_view text);
std::string format_rfc3339(std::int64_t milliseconds);

// nullptr when the digest looks like one of that algorithm, otherwise what it should look like.
const char* digest_fault(std::string_view hasher, std::string_view digest);
bool known_hasher(std::string_view hasher);
std::string hasher_names();

} // namespace usher::sandbox
