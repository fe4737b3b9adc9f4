// What is migrated: users and organizations as this library sees them, whatever they come from and wherever they go.
#ifndef USHER_BULK_MODEL_HPP
#define USHER_BULK_MODEL_HPP

#include <boost/json/object.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace usher::bulk {

enum class entity_kind : std::uint8_t { organization, user };

std::string_view to_string(entity_kind kind) noexcept;

/// An e-mail address or a telephone number. Nobody is promoted: what is not verified at the source is added unverified.
struct identifier {
    identifier() = default;
    identifier(std::string value_, bool verified_) : value(std::move(value_)), verified(verified_) {}
    std::string value;
    bool verified = false;
};

/// A password as its digest, in the form that Clerk documents for the hasher of this name.
struct password_digest {
    password_digest() = default;
    password_digest(std::string hasher_, std::string digest_) : hasher(std::move(hasher_)), digest(std::move(digest_))
    {
    }
    std::string hasher;
    std::string digest;
};

/// That a user belongs to an organization.
struct membership {
    membership() = default;
    std::string organization; ///< the source's id of it
    std::vector<std::string> roles;
    boost::json::object public_metadata;
    boost::json::object private_metadata;
};

struct user {
    user() = default;
    std::string id;                          ///< the source's, which becomes `external_id` at the target
    std::vector<identifier> email_addresses; ///< the primary one first
    std::vector<identifier> phone_numbers;   ///< E.164; the primary one first
    std::string username;
    std::string first_name;
    std::string last_name;
    std::string locale;
    std::optional<password_digest> password;
    std::string totp_secret;
    std::vector<std::string> backup_codes;
    boost::json::object public_metadata;
    boost::json::object private_metadata;
    boost::json::object unsafe_metadata; ///< what users can write themselves
    std::optional<std::chrono::sys_time<std::chrono::milliseconds>> created_at;
    std::optional<std::chrono::sys_time<std::chrono::milliseconds>> legal_accepted_at;
    bool banned = false;
    bool locked = false;
    std::optional<bool> delete_self_enabled;
    std::optional<bool> create_organization_enabled;
    std::optional<std::int64_t> create_organizations_limit;
    std::vector<membership> memberships; ///< in the order in which they began
};

struct organization {
    organization() = default;
    std::string id; ///< the source's
    std::string name;
    std::string slug; ///< empty: it has none
    std::optional<std::chrono::sys_time<std::chrono::milliseconds>> created_at;
    boost::json::object public_metadata;
    boost::json::object private_metadata;
    std::optional<std::int64_t> max_allowed_memberships; ///< 0: any number
    std::optional<bool> admin_delete_enabled;
};

/// Something that a record holds and that does not reach the target.
struct note {
    note() = default;
    note(std::string field_, std::string reason_) : field(std::move(field_)), reason(std::move(reason_)) {}
    std::string field;
    std::string reason;
};

/// As a record of `source_format::usher`, which holds all of it: mapping the record gives the same entity again.
boost::json::object to_record(const user& of);
boost::json::object to_record(const organization& of);

} // namespace usher::bulk

#endif
