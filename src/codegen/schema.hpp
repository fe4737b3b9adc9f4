// What one schema says, whichever of the two versions of OpenAPI it is written in.
#ifndef USHER_CODEGEN_SCHEMA_HPP
#define USHER_CODEGEN_SCHEMA_HPP

#include "document.hpp"
#include "model.hpp"

#include <optional>
#include <string>
#include <vector>

namespace usher::codegen {

enum class composition { none, reference, all_of, union_of };

/// One schema, its own keywords only: references are not followed.
struct schema {
    composition how = composition::none;
    std::vector<node> parts; ///< the reference, or the alternatives without `null`
    bool nullable = false;
    std::vector<std::string> types; ///< without "null"
    std::string format;
    bool deprecated = false;
    bool read_only = false;
    std::string standard; ///< default, as JSON
    limits own;
    std::vector<node> texts; ///< `enum` of texts, `const`
    std::optional<node> properties;
    std::optional<node> items;
    std::optional<node> additional; ///< a schema, or true; `false` counts as absent
    bool says_additional = false;
    std::vector<std::string> required;
    std::vector<std::vector<std::string>> any_of_required;
    std::optional<node> discriminator;
};

/// *Errors*: `refused` for a keyword that the generator does not know, naming it.
schema read_schema(const node& from);

} // namespace usher::codegen

#endif
