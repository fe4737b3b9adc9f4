#include "cpp_types.hpp"
#include "emit.hpp"
#include "naming.hpp"

namespace usher::codegen {

namespace {

std::string begin_mark(const model& from)
{
    return cat("<!-- begin ", from.space, " -->\n");
}
std::string end_mark(const model& from)
{
    return cat("<!-- end ", from.space, " -->\n");
}

std::string cell(const std::string& text)
{
    std::string safe;
    for (const char c : text) {
        if (c == '|')
            safe += '\\';
        safe += c;
    }
    return safe;
}

const char* const index_head =
    "# Operations\n\n"
    "Every operation of the API documents in this folder: method and path, the C++ call, and what it answers. Ids of "
    "the path\n"
    "are arguments; everything else is a member of `params`. Made by `usher-codegen --endpoints`; a test compares.\n";

} // namespace

std::string endpoints_section(const model& from)
{
    std::string text = cat(begin_mark(from), "## ", from.space, "\n\n", std::to_string(from.operations.size()),
                           " operations in ", std::to_string(from.groups.size()), " groups; `#include <",
                           include_folder(from), ".hpp>`.\n\n| Method | Path | Call | Result |\n|---|---|---|---|\n");
    for (const operation& own : from.operations) {
        std::string arguments;
        for (const path_argument& each : own.arguments)
            arguments += cat(arguments.empty() ? "" : ", ", each.name);
        if (own.params)
            arguments += cat(arguments.empty() ? "" : ", ", own.params_optional() ? "[params]" : "params");
        text += cat("| ", own.method, " | `", cell(own.path), "` | `", from.service, ".", own.group, "().", own.name,
                    "(", arguments, ")`", own.pages ? cat(", `", own.name, "_pages`") : "",
                    own.deprecated ? ", deprecated" : "", " | `", cell(result_type(own, "")), "` |\n");
    }
    return text + end_mark(from);
}

std::string with_section(const std::string& index, const model& from)
{
    std::string text = index.empty() ? index_head : index;
    const std::string section = endpoints_section(from);
    const std::size_t begin = text.find(begin_mark(from));
    const std::size_t end = text.find(end_mark(from));
    if (begin != std::string::npos && end != std::string::npos && begin < end)
        return text.replace(begin, end + end_mark(from).size() - begin, section);
    return text + "\n" + section;
}

} // namespace usher::codegen
