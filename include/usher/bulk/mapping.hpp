// What a source record becomes at Clerk.
#ifndef USHER_BULK_MAPPING_HPP
#define USHER_BULK_MAPPING_HPP

#include <usher/bulk/record.hpp>
#include <usher/clerk/users.hpp>

#include <boost/system/result.hpp>

#include <string>
#include <vector>

namespace usher::bulk {

/// Something that a record holds and that does not reach the user made of it.
struct note {
    note() = default;
    note(std::string field_, std::string reason_) : field(std::move(field_)), reason(std::move(reason_)) {}
    std::string field;
    std::string reason;
};

/// Everything that one record asks for.
struct user_plan {
    user_plan() = default;
    std::string external_id;
    clerk::create_user_params create;
    /// Added after the user is there, because whatever comes with the creation counts as verified.
    std::vector<std::string> unverified_email_addresses;
    std::vector<std::string> unverified_phone_numbers;
    bool ban = false;
    std::vector<note> notes;

    bool has_steps() const noexcept
    {
        return ban || !unverified_email_addresses.empty() || !unverified_phone_numbers.empty();
    }
};

/// Why a record can't become a user.
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

using mapped_user = boost::system::result<user_plan, refusal>;

/// Where the metadata goes that users could write themselves at the source.
enum class user_metadata_target : std::uint8_t { unsafe_metadata, public_metadata };

struct mapping_options {
    mapping_options() = default;
    user_metadata_target user_metadata = user_metadata_target::unsafe_metadata;
};

/// Maps a record by its format.
///
/// `external_id` is the source's id of the user. A verified address or number comes with the creation, an unverified
/// one is added afterwards as unverified: nobody is promoted. A user without any verified identifier is created without
/// one. Auth0: `app_metadata` (written by the application alone) becomes `private_metadata`; `user_metadata` (writable
/// by the user) becomes `unsafe_metadata`, so that what a user could write is not trusted later. `blocked` becomes a
/// ban. An empty text counts as null. A password whose digest or hasher is missing or unknown refuses the whole record:
/// a user created without it could not be given it later. Names that are addresses of the web or numbers are left out
/// and noted, and so is all that Clerk's API can't take.
mapped_user map_user(const source_record& record, const mapping_options& options = mapping_options());

} // namespace usher::bulk

#endif
