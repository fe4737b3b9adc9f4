#include "emit.hpp"
#include "layout.hpp"
#include "naming.hpp"
#include "table_file.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace usher::codegen {

namespace {

void describe(const type_use& use, std::string& name)
{
    if (use.nullable)
        name += "optional_";
    if (use.base->is_named()) {
        name += use.base->name;
    } else {
        name += shape_name(use.base->what);
        if (use.base->element.base) {
            name += '_';
            describe(use.base->element, name);
        }
    }
}

std::string declarations(const model& from, const std::map<std::string, type_use>& results)
{
    std::string text = cat(file_comment, "#ifndef ", guard_of(from.space + "_tables.hpp"), "\n#define ",
                           guard_of(from.space + "_tables.hpp"),
                           "\n\n#include <usher/detail/operation.hpp>\n\nnamespace ", from.space, "::tables {\n\n");
    for (const type& own : from.types)
        if (own.is_named())
            text += cat("extern const usher::detail::type_info ", own.name, ";\n");
    text += cat("\n} // namespace ", from.space, "::tables\n\nnamespace ", from.space, "::results {\n\n");
    for (const auto& [name, use] : results)
        text += cat("extern const usher::detail::type_info ", name.substr(name.find("::") + 2), ";\n");
    text += cat("\n} // namespace ", from.space, "::results\n\nnamespace ", from.space, "::calls {\n\n");
    for (const operation& own : from.operations)
        text += cat("extern const usher::detail::operation_info ", own.symbol, ";\n");
    return text + cat("\n} // namespace ", from.space, "::calls\n\n#endif\n");
}

} // namespace

std::string result_table(const type_use& use)
{
    if (use.base->is_named() && !use.nullable)
        return "tables::" + use.base->name;
    std::string name = "results::";
    describe(use, name);
    return name;
}

void emit_tables(const model& from, const emit_options& options, output& to)
{
    std::vector<const unit*> units;
    std::vector<std::size_t> weights;
    for (const unit& own : from.units)
        if (!own.types.empty()) {
            std::size_t weight = 0;
            for (const type* each : own.types)
                weight += 4 + each->members.size() + each->alternatives.size() * 4;
            units.push_back(&own);
            weights.push_back(weight);
        }
    std::map<std::string, type_use> results;
    for (const operation& own : from.operations)
        if (own.result.base && (!own.result.base->is_named() || own.result.nullable))
            results.emplace(result_table(own.result), own.result);

    const std::vector<std::size_t> places = spread(weights, options.sources);
    for (std::size_t i = 0; i < options.sources; ++i) {
        table_file file(from);
        std::set<std::string> headers;
        for (std::size_t k = 0; k < units.size(); ++k) {
            if (places[k] != i)
                continue;
            headers.insert(header_of(from, *units[k]));
            for (const type* each : units[k]->types)
                file.add(*each);
        }
        for (const auto& [name, use] : results) {
            const type* below = named_below(use);
            const auto home = std::find(units.begin(), units.end(), below ? below->home : nullptr);
            const std::size_t wanted = home == units.end() ? 0 : places[static_cast<std::size_t>(home - units.begin())];
            if (wanted == i)
                file.add_result(use);
        }
        std::vector<std::string> sorted(headers.begin(), headers.end());
        if (i == 0)
            sorted.insert(sorted.end(),
                          {"boost/json/object.hpp", "boost/json/value.hpp", "usher/time.hpp", "usher/upload.hpp"});
        to.add(cat(source_of(from, "tables_"), std::to_string(i + 1), ".cpp"), file.text(sorted));
    }
    to.add(source_of(from, "tables.hpp"), declarations(from, results));
}

} // namespace usher::codegen
