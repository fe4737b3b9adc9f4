#include "cpp_types.hpp"
#include "emit.hpp"
#include "naming.hpp"

#include <algorithm>

namespace usher::codegen {

namespace {

std::string path_values(const operation& own)
{
    std::string text;
    for (const path_argument& each : own.arguments)
        text += cat(text.empty() ? "" : ", ", each.name);
    return text;
}

std::string call_body(const operation& own, const std::string& prefix, bool with_params)
{
    std::string text = "{\n";
    if (!own.arguments.empty())
        text += cat("    const std::string_view path[] = {", path_values(own), "};\n");
    const std::string prepared =
        cat("usher::detail::prepare(state_, calls::", own.symbol, ", ", own.arguments.empty() ? "{}" : "path", ", ",
            with_params ? "&params" : "nullptr", ", options)");
    if (own.result.base)
        text += cat("    return usher::detail::run<", result_type(own, prefix), ">(", prepared, ");\n");
    else
        text += cat("    return usher::detail::execute(", prepared, ", nullptr);\n");
    return text + "}\n\n";
}

std::string pages_body(const operation& own, const std::string& prefix, bool with_params)
{
    const std::string item = element_type({own.pages->item, own.pages->item_nullable}, prefix);
    std::string path;
    for (const path_argument& each : own.arguments)
        path += cat(path.empty() ? "" : ", ", "std::string(", each.name, ")");
    return cat("{\n    static constexpr usher::detail::page_source_ops ops{&take_", own.symbol,
               "};\n    return usher::pages<", item, ">(usher::detail::make_page_source(state_, calls::", own.symbol,
               ", {", path, "}, std::make_shared<", prefix, own.params->name, ">(", with_params ? "params" : "",
               "), options, ops));\n}\n\n");
}

/// Moves the items out of an answer.
std::string take_text(const operation& own, const std::string& prefix)
{
    const std::string item = element_type({own.pages->item, own.pages->item_nullable}, prefix);
    std::string place = cat("*static_cast<", result_type(own, prefix), "*>(answer)");
    std::string optional;
    if (own.result.nullable) {
        optional = cat("    if (!(", place, "))\n        return 0;\n");
        place = cat("(**static_cast<", result_type(own, prefix), "*>(answer))");
    }
    if (own.pages->holder) {
        place = cat("(", place, ").", own.pages->holder->name);
        const wrapping around = wrapping_of(*own.result.base, *own.pages->holder);
        if (around.field || around.optional) {
            optional += cat("    if (!", place, ".has_value())\n        return 0;\n");
            place = "*" + place;
        }
    }
    return cat("std::size_t take_", own.symbol, "(void* answer, void* items)\n{\n", optional, "    return move_items<",
               item, ">(", place, ", items);\n}\n\n");
}

std::string group_functions(const model& from, const group& own)
{
    const std::string prefix = from.space + "::";
    static const std::string options = "const usher::call_options& options) const\n";
    std::string text;
    const auto add = [&](const operation& each, bool with_params) {
        const signature made = signature_of(each, prefix, with_params);
        text += cat("boost::asio::awaitable<", made.result, "> ", own.name, "_group::", each.name, "(", made.arguments,
                    options, call_body(each, prefix, with_params && each.params));
        if (each.pages)
            text += cat("usher::pages<", element_type({each.pages->item, each.pages->item_nullable}, prefix), "> ",
                        own.name, "_group::", each.name, "_pages(", made.arguments, options,
                        pages_body(each, prefix, with_params));
    };
    for (const operation* each : own.operations) {
        add(*each, true);
        if (signature_of(*each, prefix, true).overload)
            add(*each, false);
    }
    text += cat(own.name, "_group client::", own.name, "() const\n{\n    return ", own.name, "_group(state());\n}\n\n");
    return text;
}

std::string client_header(const model& from)
{
    const std::string header = include_folder(from) + "/client.hpp";
    std::string declared;
    std::string functions;
    for (const group& own : from.groups) {
        declared += cat("class ", own.name, "_group;\n");
        functions +=
            cat("    /// ", in_comment(own.comment.empty() ? "Operations of the group " + own.name + "." : own.comment),
                "\n    ", own.name, "_group ", own.name, "() const;\n");
    }
    const std::string oauth =
        from.token_path.empty()
            ? std::string()
            : cat("\n    /// A client of the environment at `environment_url` (`https://…`), by OAuth client "
                  "credentials: tokens come\n"
                  "    /// from its `",
                  in_comment(from.token_path),
                  "` and are renewed in time (see `usher::client_credentials`).\n"
                  "    /// *Errors*: `std::invalid_argument` for an address, id or secret that can't be used.\n"
                  "    client(const usher::engine& engine, std::string_view environment_url, std::string client_id,\n"
                  "           usher::secret client_secret, usher::client_options options = "
                  "usher::client_options());\n");
    return cat(
        file_comment, "#ifndef ", guard_of(header), "\n#define ", guard_of(header), "\n\n#include <usher/client.hpp>\n",
        oauth.empty() ? "" : "\n#include <string>\n#include <string_view>\n", "\nnamespace ", from.space, " {\n\n",
        declared,
        "\n/// A client of this service: its groups of operations. Each group is declared in a header of its own.\n"
        "///\n/// *Lifetime*, *Thread safety*: see `usher::basic_client`.\n"
        "class client : public usher::basic_client {\npublic:\n"
        "    /// `who`: a key (`usher::secret`) or a source of tokens. *Errors*: `std::invalid_argument` for a key or "
        "base\n"
        "    /// address that can't be used.\n"
        "    client(const usher::engine& engine, usher::credentials who,\n"
        "           usher::client_options options = usher::client_options());\n",
        oauth, "\n", functions, "};\n\n} // namespace ", from.space, "\n\n#endif\n");
}

std::string whole_header(const model& from)
{
    const std::string header = include_folder(from) + ".hpp";
    std::vector<std::string> names = {"client", "operations"};
    for (const group& own : from.groups)
        names.push_back(own.name);
    std::sort(names.begin(), names.end());
    std::string text = cat(file_comment, "// Everything of ", from.space,
                           ". Programs that use few groups include these alone.\n#ifndef ", guard_of(header),
                           "\n#define ", guard_of(header), "\n\n");
    for (const std::string& name : names)
        text += cat("#include <", include_folder(from), "/", name, ".hpp>\n");
    return text + "\n#endif\n";
}

std::string constructors(const model& from)
{
    std::string text =
        "client::client(const usher::engine& engine, usher::credentials who, usher::client_options options)\n"
        "    : usher::basic_client(engine, service(), std::move(who), std::move(options))\n{\n}\n\n";
    if (!from.token_path.empty())
        text +=
            cat("client::client(const usher::engine& engine, std::string_view environment_url, std::string client_id,\n"
                "               usher::secret client_secret, usher::client_options options)\n"
                "    : usher::basic_client(engine, service(),\n"
                "                          usher::detail::environment_credentials(engine, environment_url, ",
                literal(from.token_path),
                ",\n                                                                 std::move(client_id), "
                "std::move(client_secret), options),\n"
                "                          usher::detail::at_environment(environment_url, options))\n{\n}\n\n");
    return text;
}

} // namespace

void emit_calls(const model& from, const emit_options& options, output& to)
{
    const std::string prefix = from.space + "::";
    std::vector<std::size_t> weights;
    for (const group& own : from.groups)
        weights.push_back(own.operations.size());
    const std::vector<std::size_t> places = spread(weights, options.sources);
    for (std::size_t i = 0; i < options.sources; ++i) {
        std::string headers;
        std::string functions;
        std::string takers;
        std::size_t k = 0;
        for (const group& own : from.groups) {
            if (places[k++] != i)
                continue;
            headers += cat("#include <", header_of(from, *own.home), ">\n");
            functions += group_functions(from, own);
            for (const operation* each : own.operations)
                if (each->pages)
                    takers += take_text(*each, prefix);
        }
        if (!takers.empty())
            takers = cat(
                "namespace {\n\ntemplate <class Item>\nstd::size_t move_items(std::vector<Item>& from, void* "
                "items)\n{\n"
                "    auto& to = *static_cast<std::vector<Item>*>(items);\n"
                "    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));\n"
                "    return from.size();\n}\n\n",
                takers, "} // namespace\n\n");
        if (i == 0)
            functions += constructors(from);
        to.add(cat(source_of(from, "calls_"), std::to_string(i + 1), ".cpp"),
               cat(file_comment, "#include \"", from.service, "_tables.hpp\"\n\n#include <", include_folder(from),
                   "/client.hpp>\n#include <", include_folder(from), "/operations.hpp>\n", headers,
                   "#include <usher/detail/typed_call.hpp>\n\n#include <iterator>\n#include <utility>\n\nnamespace ",
                   from.space, " {\n\n", takers, functions, "} // namespace ", from.space, "\n"));
    }
    to.add("include/" + include_folder(from) + "/client.hpp", client_header(from));
    to.add("include/" + include_folder(from) + ".hpp", whole_header(from));
}

} // namespace usher::codegen
