#include "cpp_types.hpp"
#include "emit.hpp"
#include "layout.hpp"
#include "naming.hpp"

#include <algorithm>
#include <set>

namespace usher::codegen {

namespace {

/// Empty, or the namespace: for a scope in which one of `names` would hide a type that it uses.
std::string prefix_for(const model& from, const std::set<std::string>& names, const std::set<std::string>& types)
{
    const bool hidden =
        std::any_of(types.begin(), types.end(), [&](const std::string& type) { return names.count(type) != 0; });
    return hidden ? from.space + "::" : std::string();
}

std::string member_comment(const type& holder, const member& own)
{
    std::string text;
    const auto say = [&](const std::string& more) { text += (text.empty() ? "" : ", ") + more; };
    if (own.deprecated)
        say("deprecated");
    if (holder.in_request) {
        if (own.read_only)
            say("read only: never sent");
        else if (own.required)
            say("required");
        if (own.use.nullable)
            say("may be null");
        if (own.use.base->what == kind::instant)
            say("sent as RFC 3339");
    }
    if (own.use.base->what == kind::unix_milliseconds)
        say("epoch milliseconds");
    if (own.use.base->what == kind::unix_seconds)
        say("epoch seconds");
    if (own.own.values.size() == 1 && own.use.base->what == kind::string)
        say(cat("always ", literal(own.own.values.front())));
    if (!own.standard.empty())
        say(cat("default: ", in_comment(own.standard)));
    if (own.wire != own.name)
        say(cat("`", in_comment(own.wire), "`"));
    return text.empty() ? std::string() : cat(" ///< ", text);
}

std::string comment_of(const type& own)
{
    if (!own.comment.empty())
        return cat("/// ", in_comment(own.comment), "\n");
    return cat("/// Part of ", in_comment(own.owner), ".\n");
}

std::string required_comment(const type& own)
{
    std::string text;
    for (const auto& set : own.any_of_required) {
        std::string names;
        for (const std::string& name : set)
            names += (names.empty() ? "" : " and ") + name;
        text += (text.empty() ? "" : ", or ") + names;
    }
    return text.empty() ? text : cat("/// The service requires ", text, ".\n");
}

std::string initializer(const type& holder, const member& own)
{
    // An event that a program makes itself says what it is.
    if (holder.in_event && own.use.base->what == kind::string && own.own.values.size() == 1)
        return cat(" = ", literal(own.own.values.front()));
    return needs_initializer(*own.use.base) ? "{}" : "";
}

std::string struct_text(const model& from, const type& own)
{
    std::set<std::string> names;
    std::set<std::string> used;
    for (const member& each : own.members) {
        names.insert(each.name);
        if (const type* below = named_below(each.use))
            used.insert(below->name);
    }
    const std::string prefix = prefix_for(from, names, used);

    std::string text = cat(comment_of(own), required_comment(own), "struct ", own.name, " {\n");
    if (declares_constructor(own)) {
        text += cat("    ", own.name, "() = default;\n");
        const auto required = constructor_members(own);
        std::string arguments;
        for (const member* each : required) {
            const std::string type = each->use.nullable ? member_type(own, *each, prefix)
                                                        : value_type(*each->use.base, prefix, own.component);
            arguments += cat(arguments.empty() ? "" : ", ", type, " ", each->name, "_");
        }
        if (!required.empty())
            text += cat("    ", required.size() == 1 ? "explicit " : "", own.name, "(", arguments, ");\n");
        text += "\n";
    }
    for (const member& each : own.members) {
        const wrapping around = wrapping_of(own, each);
        const bool bare = !around.field && !around.optional && !around.box;
        text += cat("    ", member_type(own, each, prefix), " ", each.name, bare ? initializer(own, each) : "", ";",
                    member_comment(own, each), "\n");
    }
    return text + cat("};\nconst usher::detail::type_info& usher_type(const ", own.name, "*) noexcept;\n");
}

std::string enum_text(const type& own)
{
    std::string text = cat(comment_of(own), "enum class ", own.name,
                           " : std::uint16_t {\n    unknown, ///< a text that is newer than this library\n");
    for (const enum_value& each : own.values)
        text += cat("    ", each.name, ",", each.name == each.text ? "" : cat(" ///< ", literal(each.text)), "\n");
    return text + cat("};\nstd::span<const std::string_view> usher_enum_names(", own.name, ") noexcept;\n");
}

std::string union_text(const type& own)
{
    std::string text = cat(comment_of(own), "using ", own.name, " = std::variant<");
    for (const alternative& each : own.alternatives)
        text += cat(each.base->name, ", ");
    text += "usher::unknown_json>;\n";
    if (own.in_event)
        text += cat("const usher::detail::type_info& usher_type(const ", own.name, "*) noexcept;\n");
    return text;
}

std::string types_text(const model& from, const unit& own)
{
    std::string text;
    const auto add = [&](const std::string& more) { text += "\n" + more; };
    if (own.recursive) {
        std::string declared;
        for (const type* each : own.types)
            if (each->what == kind::object)
                declared += cat("struct ", each->name, ";\n");
        add(declared);
        // Only declared structs are needed for the names of unions and enumerations.
        for (const type* each : own.types)
            if (each->what == kind::enumeration)
                add(enum_text(*each));
        for (const type* each : own.types)
            if (each->what == kind::one_of)
                add(union_text(*each));
    }
    for (const type* each : own.types) {
        if (each->what == kind::object)
            add(struct_text(from, *each));
        else if (each->what == kind::enumeration && !own.recursive)
            add(enum_text(*each));
        else if (each->what == kind::one_of && !own.recursive)
            add(union_text(*each));
    }
    return text;
}

std::string call_comment(const operation& own)
{
    std::string text = cat("    /// ", in_comment(own.summary.empty() ? own.id : own.summary), "\n    ///\n    /// `",
                           own.method, " ", in_comment(own.path), "` (", in_comment(own.id), ").");
    if (!own.errors.empty()) {
        text += " *Errors*: ";
        for (std::size_t i = 0; i < own.errors.size(); ++i)
            text += cat(i ? ", " : "", std::to_string(own.errors[i]));
        text += ".";
    }
    const bool repeatable =
        own.method == "GET" || own.method == "PUT" || own.method == "DELETE" || own.method == "HEAD";
    text += repeatable ? " *Retries*: repeated; doing it twice is the same as doing it once.\n"
                       : " *Retries*: not repeated once it may have taken effect.\n";
    if (own.deprecated)
        text += "    /// Deprecated by the service.\n";
    return text;
}

std::string call_text(const operation& own, const std::string& prefix)
{
    static const std::string options = "const usher::call_options& options = usher::call_options()) const;\n";
    const signature full = signature_of(own, prefix, true);
    std::string text = cat("\n", call_comment(own), "    boost::asio::awaitable<", full.result, "> ", own.name, "(",
                           full.arguments, options);
    if (full.overload)
        text += cat("    boost::asio::awaitable<", full.result, "> ", own.name, "(",
                    signature_of(own, prefix, false).arguments, options);
    if (own.pages) {
        const std::string item = element_type({own.pages->item, own.pages->item_nullable}, prefix);
        const std::string order = own.pages->order_by.empty() ? std::string()
                                                              : cat(", ordered by `", own.pages->order_by,
                                                                    "` unless the parameters say otherwise");
        text += cat("\n    /// The same, read page by page", order, ".\n    usher::pages<", item, "> ", own.name,
                    "_pages(", full.arguments, options);
        if (full.overload)
            text += cat("    usher::pages<", item, "> ", own.name, "_pages(",
                        signature_of(own, prefix, false).arguments, options);
    }
    return text;
}

std::string group_text(const model& from, const group& own)
{
    std::set<std::string> names;
    std::set<std::string> used;
    for (const operation* each : own.operations) {
        names.insert({each->name, each->name + "_pages"});
        if (const type* below = named_below(each->result))
            used.insert(below->name);
        if (each->params)
            used.insert(each->params->name);
    }
    const std::string prefix = prefix_for(from, names, used);
    std::string text =
        cat("\n/// ", in_comment(own.comment.empty() ? "Operations of the group " + own.name + "." : own.comment),
            "\n/// A handle: cheap to copy, it holds on to its client.\nclass ", own.name,
            "_group {\npublic:\n    explicit ", own.name,
            "_group(std::shared_ptr<usher::detail::client_state> state) : state_(std::move(state)) {}\n");
    for (const operation* each : own.operations)
        text += call_text(*each, prefix);
    return text + "\nprivate:\n    std::shared_ptr<usher::detail::client_state> state_;\n};\n";
}

} // namespace

void emit_headers(const model& from, output& to)
{
    for (const unit& own : from.units) {
        const auto home =
            std::find_if(from.groups.begin(), from.groups.end(), [&](const group& each) { return each.home == &own; });
        if (own.types.empty() && home == from.groups.end())
            continue;
        std::set<std::string> headers;
        bool objects = false;
        for (const type* each : own.types) {
            add_includes(*each, headers);
            objects = objects || each->what == kind::object || each->in_event;
        }
        if (home != from.groups.end()) {
            headers.insert({"<usher/client.hpp>", "<memory>", "<string_view>", "<utility>"});
            for (const operation* each : home->operations) {
                if (each->pages)
                    headers.insert("<usher/pages.hpp>");
                if (each->result.base && !each->result.base->is_named())
                    headers.insert(each->result.base->what == kind::json_object  ? "<boost/json/object.hpp>"
                                   : each->result.base->what == kind::json_value ? "<boost/json/value.hpp>"
                                   : each->result.base->what == kind::map        ? "<map>"
                                                                                 : "<vector>");
            }
        }
        for (const unit* each : own.needs)
            headers.insert(cat("<", header_of(from, *each), ">"));

        const std::string path = header_of(from, own);
        std::string text = cat(file_comment, "#ifndef ", guard_of(path), "\n#define ", guard_of(path), "\n\n");
        for (const std::string& header : headers)
            text += cat("#include ", header, "\n");
        if (objects)
            text += "\nnamespace usher::detail {\nstruct type_info;\n}\n";
        text += cat("\nnamespace ", from.space, " {\n", types_text(from, own));
        if (home != from.groups.end())
            text += group_text(from, *home);
        text += cat("\n} // namespace ", from.space, "\n\n#endif\n");
        to.add("include/" + path, std::move(text));
    }
}

} // namespace usher::codegen
