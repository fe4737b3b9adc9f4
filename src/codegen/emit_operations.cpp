#include "cpp_types.hpp"
#include "emit.hpp"
#include "naming.hpp"

#include <algorithm>

namespace usher::codegen {

namespace {

std::string credential_name(credential_use kind)
{
    const char* name = kind == credential_use::none ? "none" : kind == credential_use::machine ? "machine" : "client";
    return cat("usher::detail::credential_use::", name);
}

const char* body_name(body_kind kind)
{
    switch (kind) {
    case body_kind::json:
        return "json";
    case body_kind::multipart:
        return "multipart";
    case body_kind::octet_stream:
        return "octet_stream";
    case body_kind::multipart_or_octets:
        return "multipart_or_octets";
    case body_kind::none:
        break;
    }
    return "none";
}

const char* style_name(page_style style)
{
    switch (style) {
    case page_style::offset:
        return "offset";
    case page_style::token:
        return "token";
    case page_style::cursor:
        return "cursor";
    case page_style::number:
        return "number";
    case page_style::none:
        break;
    }
    return "none";
}

/// Constants that operations share.
class parts_file {
public:
    std::string errors(const std::vector<int>& list)
    {
        if (list.empty())
            return "{}";
        std::string name = "errors";
        std::string values;
        for (const int each : list) {
            name += "_" + std::to_string(each);
            values += cat(values.empty() ? "" : ", ", std::to_string(each));
        }
        once(name, cat("constexpr std::uint16_t ", name, "[] = {", values, "};\n"));
        return "parts::" + name;
    }

    std::string path(const operation& own)
    {
        if (own.arguments.empty())
            return "{}";
        std::string rows;
        for (std::size_t i = 0; i < own.arguments.size(); ++i)
            rows += cat(i ? ", " : "", "{", literal(own.arguments[i].wire), ", ", bounds(own, i), "}");
        text += cat("constexpr path_parameter ", own.symbol, "_path[] = {", rows, "};\n");
        return cat("parts::", own.symbol, "_path");
    }

    std::string pages(const operation& own)
    {
        if (!own.pages)
            return "nullptr";
        const paging& p = *own.pages;
        text +=
            cat("constexpr page_info ", own.symbol, "_pages{page_style::", style_name(p.style), ", ", literal(p.items),
                ", ", literal(p.request_member), ", ", literal(p.response_member), ", ", literal(p.size_member), ", ",
                std::to_string(p.largest), ", ", literal(p.order_by), ", ", literal(p.previous_member), "};\n");
        return cat("&parts::", own.symbol, "_pages");
    }

    std::string text;

private:
    void once(const std::string& name, const std::string& definition)
    {
        if (std::find(made_.begin(), made_.end(), name) != made_.end())
            return;
        made_.push_back(name);
        text += definition;
    }

    /// Ids are texts: only what bounds a text applies to them.
    std::string bounds(const operation& own, std::size_t index)
    {
        const limits& b = own.arguments[index].own;
        if (!b.pattern && b.values.empty() && b.min_length == 0 && b.max_length == 0xffffffffU && b.format.empty())
            return "nullptr";
        const std::string name = cat(own.symbol, "_bounds_", std::to_string(index + 1));
        std::string values = "{}";
        if (!b.values.empty()) {
            values = cat(own.symbol, "_texts_", std::to_string(index + 1));
            std::string list;
            for (const std::string& each : b.values)
                list += cat(list.empty() ? "" : ", ", literal(each));
            text += cat("constexpr std::string_view ", values, "[] = {", list, "};\n");
        }
        text += cat("constexpr usher::detail::bounds ", name, "{0, 0, false, false, false, false, ",
                    std::to_string(b.min_length), ", ", std::to_string(b.max_length), "U, ",
                    b.pattern ? literal(*b.pattern) : "nullptr", ", ", values,
                    ", -1, usher::detail::text_format::", b.format.empty() ? "any" : b.format, "};\n");
        return cat("&", name);
    }

    std::vector<std::string> made_;
};

} // namespace

void emit_operations(const model& from, output& to)
{
    parts_file parts;
    std::string rows;
    std::string all;
    std::size_t index = 0;
    const auto flag = [](bool value) { return value ? "true" : "false"; };
    for (const operation& own : from.operations) {
        rows += cat("constinit const usher::detail::operation_info ", own.symbol, "{", literal(own.id), ", ",
                    literal(own.method), ", ", literal(own.path), ", ", parts.path(own), ",\n    ",
                    own.params ? cat("&tables::", own.params->name) : "nullptr",
                    ", usher::detail::body_kind::", body_name(own.body), ", ", flag(own.body_required), ", ",
                    own.result.base ? cat("&", result_table(own.result)) : "nullptr", ",\n    ", literal(own.group),
                    ", ", literal(own.name), ", ", literal(in_comment(own.summary)), ",\n    ", flag(own.deprecated),
                    ", ", credential_name(own.credentials), ", ", parts.errors(own.errors), ", ", parts.pages(own),
                    ", ", std::to_string(index++), "};\n");
        all += cat("    &calls::", own.symbol, ",\n");
    }
    const std::string list =
        all.empty() ? std::string() : cat("constexpr const usher::detail::operation_info* all[] = {\n", all, "};\n");
    to.add(source_of(from, "operations.cpp"),
           cat(file_comment, "#include <", include_folder(from), "/operations.hpp>\n\n#include \"", from.service,
               "_tables.hpp\"\n\nnamespace ", from.space,
               " {\n\nnamespace parts {\n\nusing usher::detail::page_info;\nusing usher::detail::page_style;\n"
               "using usher::detail::path_parameter;\n\n",
               parts.text, "\n} // namespace parts\n\nnamespace calls {\n\n", rows,
               "\n} // namespace calls\n\nnamespace parts {\n\n", list,
               "constexpr usher::detail::service_info service{", literal(from.service), ", ", literal(from.version),
               ", ", literal(from.base_url), ", ", all.empty() ? "{}" : "all",
               "};\n\n} // namespace parts\n\nconst usher::detail::service_info& service() noexcept { return "
               "parts::service; }\n\n"
               "} // namespace ",
               from.space, "\n"));

    const std::string header = include_folder(from) + "/operations.hpp";
    to.add("include/" + header, cat(file_comment, "#ifndef ", guard_of(header), "\n#define ", guard_of(header),
                                    "\n\n#include <usher/detail/operation.hpp>\n\nnamespace ", from.space,
                                    " {\n\n/// What is known of the service and of each of its operations.\n"
                                    "const usher::detail::service_info& service() noexcept;\n\n} // namespace ",
                                    from.space, "\n\n#endif\n"));
}

} // namespace usher::codegen
