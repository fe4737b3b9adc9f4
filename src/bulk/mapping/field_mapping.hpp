// A mapping file, read: which member of a record becomes what. How it is written: see `parse_field_mapping`.
#ifndef USHER_BULK_FIELD_MAPPING_HPP
#define USHER_BULK_FIELD_MAPPING_HPP

#include "bulk/mapping/column_values.hpp"
#include "bulk/mapping/field_rules.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace usher::bulk {

class field_mapping {
public:
    explicit field_mapping(const boost::json::object& file);
    mapped map(const boost::json::object& record) const;

private:
    template <class Target>
    using rules = std::vector<std::pair<Target user::*, value_rule>>;

    void read_lists(const boost::json::object& file);
    void read_password(const boost::json::value& value);
    void read_memberships(const boost::json::value& value);
    void read_ignored(const boost::json::value& value);
    template <class Target>
    void read_simple(const boost::json::object& file, std::string_view name, Target user::*target, rules<Target>& to);
    value_rule used(value_rule rule, std::string_view inside = {});

    void take_simple(const boost::json::object& record, user_parts& parts) const;
    void take_metadata(const boost::json::object& record, user_parts& parts) const;
    void take_memberships(const boost::json::object& record, user_parts& parts) const;
    refusal take_password(const boost::json::object& record, user& made) const;
    void note_unused(const boost::json::value& value, const std::string& path, std::set<std::string>& noted) const;

    value_rule id_;
    value_rule name_;
    std::vector<list_rule> emails_;
    std::vector<list_rule> phones_;
    rules<std::string> texts_;
    rules<bool> flags_;
    rules<std::optional<bool>> permissions_;
    rules<std::optional<column_time>> times_;
    std::vector<std::pair<boost::json::object user::*, object_rule>> metadata_;
    value_rule organizations_limit_;
    std::optional<list_rule> backup_codes_;
    std::string digest_;
    value_rule hasher_;
    std::optional<membership_rule> memberships_;
    std::set<std::string, std::less<>> known_; ///< every path that is used or ignored
};

} // namespace usher::bulk

#endif
