// What the mappings of all formats have in common: taking members out of a record, and filling a user.
#ifndef USHER_BULK_MAPPING_PARTS_HPP
#define USHER_BULK_MAPPING_PARTS_HPP

#include <usher/bulk/mapping.hpp>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace usher::bulk {

mapped map_auth0(const boost::json::object& fields, const mapping_options& options);
mapped map_clerk_csv(const boost::json::object& fields, const mapping_options& options);
mapped map_firebase(const boost::json::object& fields, const mapping_options& options);
mapped map_supabase(const boost::json::object& fields, const mapping_options& options);
mapped map_authjs(const boost::json::object& fields, const mapping_options& options);
mapped map_better_auth(const boost::json::object& fields, const mapping_options& options);
/// Both generic formats, by `options.fields`.
mapped map_generic(const boost::json::object& fields, const mapping_options& options);
mapped map_usher(const boost::json::object& fields, const mapping_options& options);

/// Takes members out of a record and knows which were never asked for. *Lifetime*: it refers to both arguments.
class record_fields {
public:
    record_fields(const boost::json::object& fields, std::vector<note>& notes) : fields_(fields), notes_(notes) {}

    /// The member, unless it is absent or null.
    const boost::json::value* take(std::string_view name);
    /// A text, trimmed; empty when it is absent, null or empty. Another type is noted.
    std::string_view take_text(std::string_view name);
    /// A flag as `column_flag` reads it; false when it is absent, null or empty. Anything else is noted, and is what
    /// `if_unreadable` says.
    bool take_flag(std::string_view name, bool if_unreadable = false);
    /// An object, or in a CSV its text; empty when it is absent, null or empty. Anything else is noted.
    boost::json::object take_object(std::string_view name);
    /// Members with a value that nobody took.
    std::vector<std::string_view> rest() const;

private:
    const boost::json::object& fields_;
    std::vector<note>& notes_;
    std::set<std::string_view> taken_;
};

/// A user and what could not be carried over, while a record is being read.
struct user_parts {
    user made;
    std::vector<note> notes;

    void add_note(std::string_view field, std::string reason)
    {
        notes.emplace_back(std::string(field), std::move(reason));
    }
    mapped_record finish() &&;
};

/// The refusal of a record that does not say whom it describes.
refusal no_external_id(std::string_view field);

/// Sets a name, unless it is an address of the web or a number.
void set_name(std::string& target, std::string_view field_name, std::string_view text, std::vector<note>& notes);
/// Adds what is there and well-formed, once; the first one added is the primary one.
void add_email(user_parts& parts, std::string_view field_name, std::string_view address, bool verified);
void add_phone(user_parts& parts, std::string_view field_name, std::string_view number, bool verified);
/// Where the metadata goes that users could write.
boost::json::object& user_metadata(user& of, const mapping_options& options);

} // namespace usher::bulk

#endif
