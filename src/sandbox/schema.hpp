#pragma once

#include "sandbox/pattern.hpp"

#include <boost/json.hpp>

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace usher::sandbox {

namespace json = boost::json;

struct schema;

struct property {
    std::string name;
    const schema* of = nullptr;
    bool required = false;
};

// One schema of an API document, ready to be interpreted: references resolved, allOf merged.
struct schema {
    enum class kind : std::uint8_t { any, string, integer, number, boolean, object, array };

    kind type = kind::any;
    bool nullable = false;
    bool read_only = false;
    bool write_only = false;

    // object
    std::vector<property> properties; // in the document's order
    std::vector<std::string> required;
    std::vector<std::vector<std::string>> any_required; // at least one of these sets of members must be there
    const schema* additional = nullptr;                 // what other members must be, if the document says it
    bool additional_any = false;                        // additionalProperties: true
    bool closed = false;                                // additionalProperties: false

    // array
    const schema* items = nullptr;
    std::optional<std::size_t> min_items, max_items;

    // one of several; the discriminator's member tells which, if there is one
    std::vector<const schema*> alternatives;
    std::string discriminator;
    std::map<std::string, const schema*, std::less<>> mapping;

    // scalars
    json::array enumeration;
    std::string format;
    std::optional<pattern> regular;
    std::string regular_text;
    std::optional<double> minimum, maximum;
    bool above_minimum = false; // exclusive bounds
    bool below_maximum = false;
    std::optional<std::size_t> min_length, max_length;
    json::value standard; // default

    [[nodiscard]] const property* find(std::string_view name) const;

    // An object whose members are nobody's business.
    [[nodiscard]] bool free_form() const
    {
        return type == kind::object && properties.empty() && alternatives.empty() && !closed && !additional;
    }
};

// Every schema of one document. Nodes live as long as the set; references to the same schema share a node, so a schema
// may contain itself.
class schema_set {
public:
    explicit schema_set(const json::value& document) : document_(document) {}

    // Errors: std::invalid_argument, with the JSON pointer, for a construct that is not understood.
    const schema* compile(const json::value& source, const std::string& where);

    // Resolves "#/components/…"; a value that is no reference is returned as it is.
    [[nodiscard]] const json::value& follow(const json::value& source) const;

private:
    void fill(schema& to, const json::object& from, const std::string& where);
    void fill_type(schema& to, const json::object& from, const std::string& where);
    void fill_object(schema& to, const json::object& from, const std::string& where);
    void fill_bounds(schema& to, const json::object& from, const std::string& where);
    void fill_alternatives(schema& to, const json::object& from, const std::string& where);
    void merge(schema& to, const schema& part);

    const json::value& document_;
    std::deque<schema> nodes_;
    std::map<std::string, const schema*, std::less<>> by_reference_;
};

} // namespace usher::sandbox
