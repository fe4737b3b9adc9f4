// Where Scalekit's metadata, which is text to text, carries what Scalekit has no member for.
//
// Written when Scalekit is the target, read back when it is the source, so that Clerk → Scalekit → Clerk keeps it. What
// does not fit the bounds is left out and noted.
#ifndef USHER_BULK_CARRIED_HPP
#define USHER_BULK_CARRIED_HPP

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace usher::bulk::carried {

// Users, organizations and memberships: a JSON object each.
inline constexpr std::string_view public_metadata = "public_metadata";
inline constexpr std::string_view private_metadata = "private_metadata";
inline constexpr std::string_view unsafe_metadata = "unsafe_metadata"; ///< users only
// Users and organizations: RFC 3339.
inline constexpr std::string_view created_at = "created_at";
// Users.
inline constexpr std::string_view username = "username";
inline constexpr std::string_view legal_accepted_at = "legal_accepted_at"; ///< RFC 3339
inline constexpr std::string_view email_verified = "email_verified";       ///< `false`, or it is not there
inline constexpr std::string_view phone_verified = "phone_verified";       ///< `true`, or it is not there
// Organizations.
inline constexpr std::string_view slug = "slug";
inline constexpr std::string_view max_allowed_memberships = "max_allowed_memberships"; ///< decimal digits
inline constexpr std::string_view admin_delete_enabled = "admin_delete_enabled";       ///< true or false

/// Bounds of Scalekit's metadata: bytes of a value, pairs of an organization.
inline constexpr std::size_t longest_value = 256;
inline constexpr std::size_t most_organization_pairs = 10;

/// An object as a value; nothing when it is too long for one.
inline std::optional<std::string> pack(const boost::json::object& object)
{
    auto text = boost::json::serialize(object);
    if (text.size() > longest_value)
        return std::nullopt;
    return text;
}

/// The object in a value; nothing when there is none.
inline std::optional<boost::json::object> unpack(std::string_view text)
{
    boost::system::error_code failed;
    auto value = boost::json::parse(boost::json::string_view(text.data(), text.size()), failed);
    if (failed || !value.is_object())
        return std::nullopt;
    return std::move(value.get_object());
}

} // namespace usher::bulk::carried

#endif
