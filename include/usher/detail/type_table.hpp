// The tables that generated types become: one decoder, one encoder and one checker read them.
//
// Vocabulary. A *type* describes how a C++ object stands in JSON. A *member* is one named part of an object type.
// A *wrapper* (optional, field, box) adds absence or indirection around one element type.
// Invariants. Tables are constants with static storage; pointers in them are never null unless it is said here.
// `members` are in document order; `name`s are unique within a type.
#ifndef USHER_DETAIL_TYPE_TABLE_HPP
#define USHER_DETAIL_TYPE_TABLE_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace usher::detail {

enum class kind : std::uint8_t {
    boolean,           ///< bool
    int32,             ///< std::int32_t
    int64,             ///< std::int64_t; read from a number or from a decimal text
    int64_text,        ///< std::int64_t that is written as a decimal text (protobuf's JSON form); both are read
    number,            ///< double
    string,            ///< std::string
    unix_milliseconds, ///< usher::unix_milliseconds, a JSON integer (or a whole number in any form)
    unix_seconds,      ///< usher::unix_seconds
    instant,           ///< usher::instant, RFC 3339 text
    instant_short,     ///< the same, written with no zero at the end of its fraction (Go's form); both are read
    date,              ///< usher::date, text
    enumeration,       ///< usher::open_enum<E>, by its open_enum_storage; `names`
    object,            ///< a generated struct; `members`
    array,             ///< std::vector<T>; `element`, `ops`
    map,               ///< std::map<std::string, T, std::less<>>; `element`, `ops`
    json_value,        ///< boost::json::value
    json_object,       ///< boost::json::object
    one_of,            ///< std::variant<A, B, …, usher::unknown_json>; `choices`, `ops`
    upload,            ///< usher::upload; only in multipart and octet-stream bodies
    optional,          ///< std::optional<T>: absent or (read from null) empty; `element`, `ops`
    field,             ///< usher::field<T>: absent, null or a value; `element`, `ops`
    box                ///< usher::box<T>; `element`, `ops`
};

struct type_info;

/// Formats of a text that are held against a request.
enum class text_format : std::uint8_t { any, email, uri, uuid };

/// Documented bounds of a value; what is not bounded holds its default.
/// Lengths count Unicode code points. Sources: `minimum … uniqueItems` and `format` of JSON Schema.
struct bounds {
    double minimum;
    double maximum;
    bool has_minimum;
    bool has_maximum;
    bool exclusive_minimum;
    bool exclusive_maximum;
    std::uint32_t min_length;                 ///< code points, or elements of an array
    std::uint32_t max_length;                 ///< 0xffffffff: none
    const char* pattern;                      ///< ECMAScript regular expression, or null
    std::span<const std::string_view> values; ///< texts that are allowed (`enum` of a plain string), or empty
    std::int8_t fixed_boolean;                ///< -1: none; else the only value allowed
    text_format format = text_format::any;
    double multiple_of = 0; ///< 0: none
    bool unique = false;    ///< no two elements of an array are equal
};

inline constexpr bounds no_bounds{0, 0, false, false, false, false, 0, 0xffffffffU, nullptr, {}, -1};

/// Where a member of a parameters type goes.
enum class place : std::uint8_t { body, query, header };

enum member_flag : std::uint8_t {
    member_required = 1,
    member_nullable = 2,
    member_deprecated = 4,
    member_exploded = 8,   ///< a query array is sent as name=a&name=b, else as name=a,b
    member_read_only = 16, ///< never sent
    member_whole_body = 32 ///< the member is the whole body (a body that is an array or a schema of its own)
};

struct member_info {
    std::string_view name; ///< in the JSON or the query
    std::uint32_t offset;
    const type_info* type;        ///< with its wrapper
    const bounds* limits;         ///< of the value (for an array: of the array); may be null
    const bounds* element_limits; ///< of an array's elements; may be null
    place where;
    std::uint8_t flags;
};

/// How a wrapper or container of one concrete C++ type is handled. Unused entries are null.
struct container_ops {
    /// array: appends a default element; map: finds or makes the entry `key`; optional, field: makes a default
    /// value (an existing one is replaced); box: its value. Returns the element.
    void* (*add)(void* self, std::string_view key);
    /// array, map: number of elements; optional, field: 0 or 1; box: 1.
    std::size_t (*count)(const void* self);
    /// Calls `visit` for each element in order, until it returns false. Keys only for maps.
    void (*each)(const void* self, void* context,
                 bool (*visit)(void* context, std::string_view key, const void* element));
    /// Back to empty or absent.
    void (*clear)(void* self);
    /// field: true if null.
    bool (*is_null)(const void* self);
    /// field: makes it null.
    void (*set_null)(void* self);
    /// one_of: makes alternative `index` (the unknown one is the last) and returns it.
    void* (*choose)(void* self, std::size_t index);
    /// one_of: the alternative in it.
    std::size_t (*chosen)(const void* self, const void** element);
};

/// One alternative of a union.
struct choice_info {
    const type_info* type;
    /// Texts of the discriminator that mean this alternative; empty when there is no discriminator.
    std::span<const std::string_view> tags;
};

struct type_info {
    kind what;
    std::string_view name; ///< C++ name of a generated type, else what a person calls it
    std::uint32_t size;
    std::span<const member_info> members;    ///< object
    std::span<const std::string_view> names; ///< enumeration: documented texts
    std::span<const choice_info> choices;    ///< one_of, without the unknown alternative
    std::string_view discriminator; ///< one_of: member that tells, or empty: the best fitting alternative is taken
    const type_info* element;       ///< containers and wrappers; else null
    const container_ops* ops;       ///< containers, wrappers and unions; else null
    void* (*create)();              ///< a default object on the heap; for parameters and results, else null
    void (*destroy)(void* object);
    /// Of an object: the sets of members of which one has to be there.
    std::span<const std::span<const std::string_view>> any_of = {};
};

} // namespace usher::detail

#endif
