// What the mappings of all formats have in common: taking members out of a record, and filling a plan.
#ifndef USHER_BULK_MAPPING_PARTS_HPP
#define USHER_BULK_MAPPING_PARTS_HPP

#include <usher/bulk/mapping.hpp>

#include <set>

namespace usher::bulk {

mapped_user map_auth0(const boost::json::object& fields, const mapping_options& options);
mapped_user map_clerk_csv(const boost::json::object& fields);

/// Takes members out of a record and knows which were never asked for.
class record_fields {
public:
    explicit record_fields(const boost::json::object& fields) : fields_(fields) {}

    /// The member, unless it is absent or null.
    const boost::json::value* take(std::string_view name);
    /// A text, trimmed; empty when it is absent, null or empty. Another type is noted in `plan`.
    std::string_view take_text(std::string_view name, user_plan& plan);
    /// True only for the JSON value true or the text "true".
    bool take_flag(std::string_view name);
    /// Members with a value that nobody took.
    std::vector<std::string_view> rest() const;

private:
    const boost::json::object& fields_;
    std::set<std::string_view> taken_;
};

/// Sets a name, unless it is an address of the web or a number.
void set_name(field<std::string>& target, std::string_view field_name, std::string_view text, user_plan& plan);
/// Adds an address to those that are created, or to those that are added unverified.
void add_email(user_plan& plan, std::string_view field_name, std::string_view address, bool verified);
void add_phone(user_plan& plan, std::string_view field_name, std::string_view number, bool verified);
/// Sets the flags that a migration needs, and refuses a record that gives nobody to sign in.
mapped_user finish_plan(user_plan plan);

} // namespace usher::bulk

#endif
