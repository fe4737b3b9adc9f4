// The types and operations of a document, ready to be written as C++.
#ifndef USHER_CODEGEN_MODEL_HPP
#define USHER_CODEGEN_MODEL_HPP

#include <usher/detail/operation.hpp>
#include <usher/detail/type_table.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace usher::codegen {

using detail::body_kind;
using detail::kind;
using detail::page_style;
using detail::place;

/// Bounds of a value; see `usher::detail::bounds`.
struct limits {
    std::optional<double> minimum;
    std::optional<double> maximum;
    bool exclusive_minimum = false;
    bool exclusive_maximum = false;
    std::uint32_t min_length = 0;
    std::uint32_t max_length = 0xffffffffU;
    std::optional<std::string> pattern;
    std::vector<std::string> values;
    int fixed_boolean = -1;
    std::string format; ///< one of those that are checked, or empty
    double multiple_of = 0;
    bool unique = false;

    bool any() const { return !(*this == limits()); }
    friend bool operator==(const limits&, const limits&) = default;
};

struct type;

/// A type where it is used.
struct type_use {
    type* base = nullptr;
    bool nullable = false;
};

struct member {
    std::string wire;
    std::string name;
    type_use use;
    bool required = false;
    bool deprecated = false;
    bool read_only = false;
    bool exploded = false;
    bool whole_body = false;
    bool boxed = false; ///< the type holds itself here
    place where = place::body;
    limits own;
    limits element;
    std::string standard; ///< the documented default, as JSON
};

struct enum_value {
    std::string name;
    std::string text;
};

struct alternative {
    type* base;
    std::vector<std::string> tags;
};

/// Types that are written into one header.
struct unit;

struct type {
    kind what = kind::object;
    std::string name;  ///< in C++; empty for what needs no definition of its own
    std::string owner; ///< schema or operationId that it stands in: what the words file calls it
    std::string comment;
    std::string pointer; ///< in the document
    type_use element;    ///< array, map
    std::vector<member> members;
    std::vector<enum_value> values;
    std::vector<alternative> alternatives;
    std::string discriminator;
    std::vector<std::vector<std::string>> any_of_required; ///< members of which one set has to be there
    bool in_request = false;
    bool in_event = false; ///< what is not always there is absent, null or a value, as in requests
    bool is_params = false;
    bool is_result = false;
    unit* home = nullptr;
    int component = -1; ///< of the graph of types; types that hold each other share it

    bool is_named() const { return !name.empty(); }
};

struct unit {
    std::string name;
    bool is_group = false;
    std::vector<type*> types; ///< in an order in which they can be defined
    std::vector<unit*> needs; ///< units whose header this one includes
    bool recursive = false;   ///< types in it hold each other: all are declared first
};

struct path_argument {
    std::string wire;
    std::string name;
    limits own;
};

struct paging {
    page_style style = page_style::none;
    std::string items;
    std::string request_member;
    std::string response_member;
    std::string size_member;
    std::uint32_t largest = 0;
    std::string order_by;
    std::string previous_member;
    type* item = nullptr;
    bool item_nullable = false;
    const member* holder = nullptr; ///< member of the answer with the items, or null: the answer itself
};

enum class credential_use { none, client, machine };

struct operation {
    std::string id;
    std::string symbol; ///< C++ name of its description
    std::string method;
    std::string path;
    std::string group;
    std::string name;
    std::string summary;
    std::vector<path_argument> arguments;
    type* params = nullptr;
    body_kind body = body_kind::none;
    bool body_required = false;
    type_use result; ///< without base: no content
    bool deprecated = false;
    credential_use credentials = credential_use::client;
    std::vector<int> errors;
    std::optional<paging> pages;
    unit* home = nullptr;

    bool params_optional() const
    {
        if (params)
            for (const member& own : params->members)
                if (own.required && !own.read_only)
                    return false;
        return true;
    }
};

struct group {
    std::string name;
    std::string comment;
    unit* home = nullptr;
    std::vector<operation*> operations;
};

struct model {
    std::string space;   ///< namespace, such as usher::clerk
    std::string folder;  ///< of the headers; empty: as the namespace has it
    std::string service; ///< its last part
    std::string version;
    std::string base_url;
    std::string token_path; ///< where OAuth client credentials become tokens; empty: the service takes a key
    std::deque<type> types;
    std::deque<unit> units; ///< in an order in which they can include each other
    std::deque<operation> operations;
    std::deque<group> groups;
};

} // namespace usher::codegen

#endif
