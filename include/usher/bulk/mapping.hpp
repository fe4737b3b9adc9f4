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

/// Reads a mapping file for `source_format::csv` and `source_format::ndjson`.
/// *Errors*: `std::invalid_argument` that names the member and what is wrong with it.
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
/// are left out and noted, and so is every other member that can't be carried over.
/// *Errors*: a refusal that names code, member and reason.
mapped map_record(const source_record& record, const mapping_options& options = mapping_options());

} // namespace usher::bulk

#endif
