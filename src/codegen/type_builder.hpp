// From schemas to the types of the model.
#ifndef USHER_CODEGEN_TYPE_BUILDER_HPP
#define USHER_CODEGEN_TYPE_BUILDER_HPP

#include "document.hpp"
#include "model.hpp"
#include "naming.hpp"
#include "schema.hpp"
#include "words.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace usher::codegen {

/// Where a schema stands: what a type made from it is called, and to whom it belongs.
struct spot {
    std::string name;  ///< in snake case
    std::string owner; ///< schema or operationId
    unit* home = nullptr;
    std::string component; ///< pointer, if it is a schema with a name of its own: `name` is then final
    bool nullable = false; ///< of the component

    spot child(std::string_view suffix) const { return {name + "_" + std::string(suffix), owner, home, {}, false}; }
};

/// What a schema became.
struct built {
    type_use use;
    limits own;
    limits element;
    bool deprecated = false;
    bool read_only = false;
    std::string standard;
};

/// The members of an object, from all parts of it, each once; what comes later wins.
struct object_parts {
    struct part {
        std::string wire;
        node where;
        std::string owner;
    };
    std::vector<part> members;
    std::set<std::string> required;
    std::vector<std::vector<std::string>> any_of_required;
};

/// Rules.
/// - An object with `properties` is a struct, one without is a map (`additionalProperties` is a schema) or free-form.
/// - `allOf` of one schema is that schema; of several, one struct with the members of all, the later ones winning.
/// - `oneOf` and `anyOf` of one schema and `null` are that schema, nullable; of several objects a union, which is told
///   apart by its discriminator, or by a member that has one text of its own in each alternative, or by fit; of texts a
///   text; of anything else any JSON. An `anyOf` that only lists required members changes no type.
/// - A schema with no type, or with several, is any JSON.
/// - A text with one documented value stays a text with that bound; with several it is an open enumeration.
class type_builder {
public:
    type_builder(const document& doc, const words& own_words, model& target, name_scope& names);

    /// Builds every named schema of the document.
    void build_components();
    /// *Errors*: `refused`.
    built build(const node& from, const spot& where);
    /// The schema of a `responses` component, built once however often it is used.
    built build_response(const node& from, const spot& where);

    /// True if the schema, references followed, is an object with named members.
    bool is_struct(const node& from) const;
    object_parts collect(const node& from, const std::string& owner) const;
    type* create(kind what, const spot& where, const node& from);
    /// Appends a member; a name that is taken gets `suffix` first.
    member& add_member(type& target, name_scope& names, const object_parts::part& from, const spot& where, place put);
    type* scalar(kind what);
    unit* new_unit(const std::string& name, bool is_group);
    /// Tells the alternatives of all unions apart. After everything else.
    void finish_unions();

private:
    struct pending_union {
        type* target;
        node from;
        std::optional<node> discriminator;
        std::vector<std::string> components;
    };

    built build_component(const node& target);
    built build_plain(const schema& own, const node& from, const spot& where);
    built build_text(const schema& own, const node& from, const spot& where);
    built build_object(const schema& own, const node& from, const spot& where);
    built build_struct(const node& from, const spot& where);
    built build_union(const schema& own, const node& from, const spot& where);
    void collect_into(const node& from, const std::string& owner, object_parts& parts, int depth) const;
    void apply_words(member& target, const std::string& own, const std::string& declared);
    std::string tag_by_discriminator(const pending_union& pending);
    static std::string common_tag(const type& target);

    const document& document_;
    const words& words_;
    model& model_;
    name_scope& names_;
    std::map<std::string, built> done_;
    std::set<std::string> under_way_;
    std::map<std::string, spot> components_;
    std::map<kind, type*> scalars_;
    std::vector<pending_union> unions_;
};

} // namespace usher::codegen

#endif
