#include "cpp_types.hpp"
#include "emit.hpp"

#include <algorithm>
#include <numeric>

namespace usher::codegen {

const char* const file_comment = "// Made by usher-codegen from an API document: changes here are lost.\n";

std::string include_folder(const model& from)
{
    if (!from.folder.empty())
        return from.folder;
    std::string folder;
    for (std::size_t i = 0; i < from.space.size(); ++i) {
        if (from.space.compare(i, 2, "::") == 0) {
            folder += '/';
            ++i;
        } else {
            folder += from.space[i];
        }
    }
    return folder;
}

std::string header_of(const model& from, const unit& own)
{
    return cat(include_folder(from), own.is_group ? "/" : "/types/", own.name, ".hpp");
}

std::string source_of(const model& from, const std::string& part)
{
    return cat("src/", from.service, "_", part);
}

std::string guard_of(const std::string& header)
{
    std::string guard;
    for (const char c : header) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        guard += !letter ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return guard;
}

std::string result_type(const operation& own, const std::string& prefix)
{
    return own.result.base ? element_type(own.result, prefix) : "void";
}

signature signature_of(const operation& own, const std::string& prefix, bool with_params)
{
    signature made;
    made.result = cat("usher::result<", result_type(own, prefix), ">");
    for (const path_argument& each : own.arguments)
        made.arguments += cat("std::string_view ", each.name, ", ");
    if (own.params && with_params)
        made.arguments += cat("const ", prefix, own.params->name, "& params, ");
    made.overload = own.params && own.params_optional();
    return made;
}

std::vector<std::size_t> spread(const std::vector<std::size_t>& weights, std::size_t files)
{
    std::vector<std::size_t> order(weights.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return weights[a] > weights[b]; });
    std::vector<std::size_t> load(std::max<std::size_t>(files, 1), 0);
    std::vector<std::size_t> chosen(weights.size(), 0);
    for (const std::size_t each : order) {
        const auto least = std::min_element(load.begin(), load.end());
        *least += weights[each];
        chosen[each] = static_cast<std::size_t>(least - load.begin());
    }
    return chosen;
}

} // namespace usher::codegen
