// The parts that a mapping file is made of, and reading them: every function takes the JSON pointer of what it reads,
// and throws std::invalid_argument with it.
#ifndef USHER_BULK_FIELD_RULES_HPP
#define USHER_BULK_FIELD_RULES_HPP

#include "bulk/mapping/column_values.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace usher::bulk {

/// Where a value comes from. Paths are dotted; a member whose name has the dots in it goes first.
struct value_rule {
    value_rule() = default;
    std::string from;                         ///< empty: it is the constant
    boost::json::value constant;              ///< null: there is none
    boost::json::value equals;                ///< the value that means true; null: any that reads as true
    time_form format = time_form::text;       ///< of a time
    std::map<std::string, std::string> names; ///< the source's name of a hasher, and Clerk's
    bool is_set() const noexcept { return !from.empty() || !constant.is_null(); }
};

/// Where addresses or numbers come from.
struct list_rule {
    list_rule() = default;
    std::string from;
    std::string value;     ///< the member of an element; empty: elements are texts
    std::string separator; ///< of several in one text; empty: there is one
    value_rule verified;   ///< beside `from`, or inside an element; not set: unverified
};

/// Where metadata comes from: a whole object, or single members.
struct object_rule {
    object_rule() = default;
    std::string from;
    std::vector<std::pair<std::string, value_rule>> members;
};

struct membership_rule {
    membership_rule() = default;
    std::string from;         ///< empty: the record itself is one
    std::string organization; ///< empty: elements are texts
    value_rule roles;
};

namespace mapping_file {

[[noreturn]] void fail(const std::string& place, std::string_view what);
/// The pointer of a member (RFC 6901).
std::string inside(const std::string& place, std::string_view member);
const boost::json::object& object_at(const boost::json::value& value, const std::string& place);
const boost::json::array& array_at(const boost::json::value& value, const std::string& place);
/// Not empty.
std::string text_at(const boost::json::value& value, const std::string& place);
/// The object has no other members than these.
void only(const boost::json::object& object, const std::string& place, std::initializer_list<std::string_view> known);

/// A path, or an object that says more; `more` is the member that only this field knows.
value_rule rule_at(const boost::json::value& value, const std::string& place, std::string_view more = {});
value_rule flag_at(const boost::json::value& value, const std::string& place);
/// The name of a hasher, or the path at which records have it.
value_rule hasher_at(const boost::json::value& value, const std::string& place);
list_rule list_at(const boost::json::value& value, const std::string& place);

} // namespace mapping_file

} // namespace usher::bulk

#endif
