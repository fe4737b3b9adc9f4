// What a source record means: the user or the organization that it describes.
#ifndef USHER_BULK_MAPPING_HPP
#define USHER_BULK_MAPPING_HPP

#include <usher/bulk/model.hpp>
#include <usher/bulk/record.hpp>

#include <boost/system/result.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace usher::bulk {

/// Why a record can't be migrated.
struct refusal {
    refusal() = default;
    refusal(std::string code_, std::string field_, std::string message_)
        : code(std::move(code_)), field(std::move(field_)), message(std::move(message_))
    {
    }
    std::string code;
    std::string field;
    std::string message;
};

struct mapped_record {
    mapped_record() = default;
    entity_kind kind() const noexcept { return what.index() == 0 ? entity_kind::user : entity_kind::organization; }
    const std::string& id() const noexcept;
    std::variant<user, organization> what;
    std::vector<note> notes;
};

using mapped = boost::system::result<mapped_record, refusal>;

/// Where the metadata goes that users could write themselves at the source.
enum class user_metadata_target : std::uint8_t { unsafe_metadata, public_metadata };

/// The parameters of a Firebase project's scrypt, from its console. Each project has its own; there is no default.
struct firebase_hash_parameters {
    firebase_hash_parameters() = default;
    std::string signer_key;     ///< base64
    std::string salt_separator; ///< base64
    int rounds = 0;             ///< 1–8
    int memory_cost = 0;        ///< 1–14
};

/// Which member of a generic record becomes what: see `parse_field_mapping`.
class field_mapping;

/// Reads a mapping file for `source_format::csv` and `source_format::ndjson`: a JSON object whose members are those of
/// `user`, each with the place in the record from which its value comes. examples/mapping.json is one.
///
/// A place is the name of a column or member, or a path of names with dots between them (`profile.name.given`); a name
/// that has the dots in it goes first. In its stead may stand `{"from": place}`, with more about it, or
/// `{"constant": value}`, the same for all users. Texts may be whole numbers at the source. What is absent, null or
/// empty leaves its member out.
///
/// - `id`: a place, and the only member that is needed.
/// - `username`, `first_name`, `last_name`, `locale`, `totp_secret`: texts.
/// - `name`: a full name, where there is no first and last name; split when it is one word or two.
/// - `email_addresses`, `phone_numbers`: a list of places, the primary one first. With `from`: `verified`, the place
///   of a flag or of the time of verification, or true or false (without it they are unverified); `separator`,
///   between several in one text; `value`, where `from` is a list of objects, the member with the address in them
///   (and `verified` is in them too).
/// - `password`: `digest`, a place, and `hasher`, the name of one or `{"from": place, "values": object}`, which
///   translates the source's names; without it the digest's form has to tell.
/// - `backup_codes`: a place; with `from`: `separator` and `value` as above.
/// - `public_metadata`, `private_metadata`, `unsafe_metadata`: `{"from": place}`, an object or its JSON text, or an
///   object with a place for each member.
/// - `created_at`, `legal_accepted_at`: times. With `from`: `format`, one of `ms`, `s` (since 1970), `rfc3339`, `sql`;
///   without it both of the latter are read.
/// - `banned`, `locked`, `delete_self_enabled`, `create_organization_enabled`: flags (true, t, yes, 1 and their
///   opposites). With `from`: `equals`, the value that means true. `banned` and `locked` hold if they can't be read.
/// - `create_organizations_limit`: a whole number.
/// - `memberships`: `from`, a list of objects with the places `organization` and `roles` (a text or a list) in them;
///   without `organization` a list of ids; without `from` the record itself names one organization.
/// - `ignore`: a list of places that need no note.
///
/// Every other member of a record is noted, members of members as well.
/// *Errors*: `std::invalid_argument` that names the member by its JSON pointer and what is wrong with it: one that is
/// not known, has another type, or is needed and missing.
std::shared_ptr<const field_mapping> parse_field_mapping(std::string_view json);

struct mapping_options {
    mapping_options() = default;
    user_metadata_target user_metadata = user_metadata_target::unsafe_metadata;
    /// Needed for a Firebase export with passwords; without it such records are refused.
    std::optional<firebase_hash_parameters> firebase;
    /// Needed for the two generic formats.
    std::shared_ptr<const field_mapping> fields;
};

/// Maps a record by its format.
///
/// The entity's id is the source's id of it. A verified address or number is verified at the target, an unverified one
/// stays unverified. A user without any verified identifier is created without one. Metadata that the application alone
/// could write becomes `private_metadata`; what users could write becomes `unsafe_metadata`, so that it is not trusted
/// later. An empty text counts as null. A password whose digest or hasher is missing, malformed or unknown refuses the
/// whole record: a user created without it could not be given it later. Names that are addresses of the web or numbers
/// are left out and noted, as is all else that can't be carried over. A ban that can't be read holds; one over is none.
/// *Errors*: a refusal that names code, member and reason.
mapped map_record(const source_record& record, const mapping_options& options = mapping_options());

} // namespace usher::bulk

#endif
