#include "table_file.hpp"

#include "emit.hpp"
#include "naming.hpp"

#include <algorithm>
#include <charconv>

namespace usher::codegen {

namespace {

/// As short as it can be without losing a bit.
std::string number_text(double value)
{
    char text[64];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    return std::string(text, end);
}

/// What few values have: written only where it is.
std::string beside_the_usual(const limits& own)
{
    if (own.format.empty() && own.multiple_of == 0 && !own.unique)
        return {};
    return cat(", usher::detail::text_format::", own.format.empty() ? "any" : own.format, ", ",
               number_text(own.multiple_of), own.unique ? ", true" : ", false");
}

unsigned flags_of(const member& own)
{
    unsigned flags = 0;
    const auto add = [&](bool on, detail::member_flag flag) { flags |= on ? static_cast<unsigned>(flag) : 0U; };
    add(own.required, detail::member_required);
    add(own.use.nullable, detail::member_nullable);
    add(own.deprecated, detail::member_deprecated);
    add(own.exploded, detail::member_exploded);
    add(own.read_only, detail::member_read_only);
    add(own.whole_body, detail::member_whole_body);
    return flags;
}

} // namespace

/// The identifier of a constant with this key, made with its first use.
std::string table_file::shape(const std::string& key, const std::string& initializer)
{
    const auto known = shapes_.find(key);
    if (known != shapes_.end())
        return known->second;
    std::string name = snake_case(key) + "_shape";
    while (!names_.emplace(name, key).second)
        name = cat("a_", name);
    shapes_[key] = name;
    parts_ += cat("constexpr type_info ", name, "{", initializer, "};\n");
    return name;
}

std::string table_file::wrapped(const std::string& what, const std::string& element, const std::string& cpp)
{
    return cat(
        "&", shape(cat(what, " ", element), cat("kind::", what, ", \"", what, "\", sizeof(", cpp, "), {}, {}, {}, {}, ",
                                                element, ", &ops_of<", cpp, ">::table, nullptr, nullptr")));
}

std::string table_file::pointer_to(const type& base, int circle)
{
    if (base.is_named())
        return "&tables::" + base.name;
    const std::string what = shape_name(base.what);
    const std::string cpp = value_type(base, prefix_, circle);
    if (base.what == kind::array)
        return wrapped(what, pointer_to(base.element, circle), cpp);
    if (base.what == kind::map) {
        std::string element = pointer_to(*base.element.base, circle);
        std::string inner = value_type(*base.element.base, prefix_, circle);
        if (circle >= 0 && base.element.base->component == circle) {
            inner = cat("usher::box<", inner, ">");
            element = wrapped("box", element, inner);
        }
        if (base.element.nullable)
            element = wrapped("optional", element, cat("std::optional<", inner, ">"));
        return wrapped(what, element, cpp);
    }
    return cat("&", shape(what, cat("kind::", what, ", \"", what, "\", sizeof(", cpp,
                                    "), {}, {}, {}, {}, nullptr, nullptr, nullptr, nullptr")));
}

std::string table_file::pointer_to(const type_use& use, int circle)
{
    const std::string value = pointer_to(*use.base, circle);
    return use.nullable ? wrapped("optional", value, element_type(use, prefix_, circle)) : value;
}

std::string table_file::member_pointer(const type& holder, const member& own)
{
    const wrapping around = wrapping_of(holder, own);
    std::string pointer = pointer_to(*own.use.base, holder.component);
    std::string cpp = value_type(*own.use.base, prefix_, holder.component);
    if (around.box) {
        cpp = cat("usher::box<", cpp, ">");
        pointer = wrapped("box", pointer, cpp);
    }
    if (around.field)
        return wrapped("field", pointer, cat("usher::field<", cpp, ">"));
    return around.optional ? wrapped("optional", pointer, cat("std::optional<", cpp, ">")) : pointer;
}

std::string table_file::texts(const std::vector<std::string>& list)
{
    const auto known = texts_.find(list);
    if (known != texts_.end())
        return known->second;
    const std::string name = cat("texts_", std::to_string(texts_.size() + 1));
    texts_[list] = name;
    parts_ += cat("constexpr std::string_view ", name, "[] = {");
    for (std::size_t i = 0; i < list.size(); ++i)
        parts_ += cat(i ? ", " : "", literal(list[i]));
    parts_ += "};\n";
    return name;
}

std::string table_file::bounds_of(const limits& own)
{
    if (!own.any())
        return "nullptr";
    const auto known =
        std::find_if(bounds_.begin(), bounds_.end(), [&](const auto& each) { return each.first == own; });
    if (known != bounds_.end())
        return cat("&", known->second);
    const std::string values = own.values.empty() ? "{}" : texts(own.values);
    const std::string name = cat("bounds_", std::to_string(bounds_.size() + 1));
    bounds_.emplace_back(own, name);
    const auto flag = [](bool value) { return value ? "true, " : "false, "; };
    parts_ +=
        cat("constexpr bounds ", name, "{", number_text(own.minimum.value_or(0)), ", ",
            number_text(own.maximum.value_or(0)), ", ", flag(own.minimum.has_value()), flag(own.maximum.has_value()),
            flag(own.exclusive_minimum), flag(own.exclusive_maximum), std::to_string(own.min_length), ", ",
            std::to_string(own.max_length), "U, ", own.pattern ? literal(*own.pattern) : "nullptr", ", ", values, ", ",
            std::to_string(own.fixed_boolean), beside_the_usual(own), "};\n");
    return cat("&", name);
}

void table_file::add_table(const type& own, const std::string& body)
{
    const std::string cpp = prefix_ + own.name;
    const bool whole = own.is_params || own.is_result;
    tables_ +=
        cat("constinit const usher::detail::type_info ", own.name, "{usher::detail::kind::", shape_name(own.what), ", ",
            literal(own.name), ", sizeof(", value_type(own, prefix_), "), ", body, ", ",
            whole ? cat("&usher::detail::create_object<", value_type(own, prefix_),
                        ">, &usher::detail::destroy_object<", value_type(own, prefix_), ">")
                  : "nullptr, nullptr",
            own.any_of_required.empty() ? "" : cat(", parts::", own.name, "_any_of"), "};\n");
}

void table_file::add_struct(const type& own)
{
    const std::string cpp = prefix_ + own.name;
    std::string rows;
    for (const member& each : own.members) {
        const unsigned flags = flags_of(each);
        const char* put = each.where == place::query ? "query" : each.where == place::header ? "header" : "body";
        rows += cat("    {", literal(each.wire), ", offsetof(", cpp, ", ", each.name, "), ", member_pointer(own, each),
                    ", ", bounds_of(each.own), ", ", bounds_of(each.element), ", place::", put, ", ",
                    std::to_string(flags), "},\n");
    }
    parts_ += cat("constexpr member_info ", own.name, "_members[] = {\n", rows, "};\n");
    if (!own.any_of_required.empty()) {
        std::string sets;
        for (const auto& set : own.any_of_required)
            sets += cat(sets.empty() ? "" : ", ", texts(set));
        parts_ += cat("constexpr std::span<const std::string_view> ", own.name, "_any_of[] = {", sets, "};\n");
    }
    add_table(own, cat("parts::", own.name, "_members, {}, {}, {}, nullptr, nullptr"));

    functions_ += cat("const usher::detail::type_info& usher_type(const ", cpp,
                      "*) noexcept { return tables::", own.name, "; }\n");
    const auto required = constructor_members(own);
    if (required.empty() || !declares_constructor(own))
        return;
    std::string arguments;
    std::string initializers;
    for (const member* each : required) {
        arguments += cat(arguments.empty() ? "" : ", ",
                         each->use.nullable ? member_type(own, *each, prefix_)
                                            : value_type(*each->use.base, prefix_, own.component),
                         " ", each->name, "_");
        initializers += cat(initializers.empty() ? "" : ", ", each->name, "(std::move(", each->name, "_))");
    }
    functions_ += cat(cpp, "::", own.name, "(", arguments, ") : ", initializers, " {}\n");
}

void table_file::add_enum(const type& own)
{
    std::string list;
    for (const enum_value& each : own.values)
        list += cat(list.empty() ? "" : ", ", literal(each.text));
    parts_ += cat("constexpr std::string_view ", own.name, "_names[] = {", list, "};\n");
    add_table(own, cat("{}, parts::", own.name, "_names, {}, {}, nullptr, nullptr"));
    functions_ += cat("std::span<const std::string_view> usher_enum_names(", prefix_, own.name,
                      ") noexcept { return parts::", own.name, "_names; }\n");
}

void table_file::add_union(const type& own)
{
    std::string rows;
    for (const alternative& each : own.alternatives)
        rows += cat("    {", pointer_to(*each.base, -1), ", ", each.tags.empty() ? "{}" : texts(each.tags), "},\n");
    parts_ += cat("constexpr choice_info ", own.name, "_choices[] = {\n", rows, "};\n");
    add_table(own, cat("{}, {}, parts::", own.name, "_choices, ", literal(own.discriminator),
                       ", nullptr, &usher::detail::ops_of<", prefix_, own.name, ">::table"));
    if (own.in_event)
        functions_ += cat("const usher::detail::type_info& usher_type(const ", prefix_, own.name,
                          "*) noexcept { return tables::", own.name, "; }\n");
}

void table_file::add(const type& own)
{
    if (own.what == kind::object)
        add_struct(own);
    else if (own.what == kind::enumeration)
        add_enum(own);
    else
        add_union(own);
}

void table_file::add_result(const type_use& use)
{
    const std::string cpp = element_type(use, prefix_);
    const std::string name = result_table(use);
    const std::string inner = pointer_to(use, -1).substr(1);
    results_ += cat("constinit const usher::detail::type_info ", name.substr(name.find("::") + 2), "{parts::", inner,
                    ".what, parts::", inner, ".name, sizeof(", cpp, "), {}, {}, {}, {}, parts::", inner,
                    ".element, parts::", inner, ".ops, &usher::detail::create_object<", cpp,
                    ">, &usher::detail::destroy_object<", cpp, ">};\n");
}

std::string table_file::text(const std::vector<std::string>& headers) const
{
    std::string all =
        cat(file_comment, "#include \"", model_.service, "_tables.hpp\"\n\n#include <usher/detail/type_ops.hpp>\n");
    for (const std::string& header : headers)
        all += cat("#include <", header, ">\n");
    return all +
           cat("\n#include <cstddef>\n#include <cstdint>\n#include <utility>\n\n"
               "// The types are plain structs: only members of the standard library keep them from standard layout.\n"
               "#pragma GCC diagnostic ignored \"-Winvalid-offsetof\"\n\nnamespace ",
               model_.space,
               " {\n\nnamespace parts {\n\nusing usher::detail::bounds;\nusing usher::detail::choice_info;\nusing "
               "usher::detail::kind;\n"
               "using usher::detail::member_info;\nusing usher::detail::ops_of;\nusing usher::detail::place;\n"
               "using usher::detail::type_info;\n\n",
               parts_, "\n} // namespace parts\n\nnamespace tables {\n\n", tables_,
               "\n} // namespace tables\n\nnamespace results {\n\n", results_, "\n} // namespace results\n\n",
               functions_, "\n} // namespace ", model_.space, "\n");
}

} // namespace usher::codegen
