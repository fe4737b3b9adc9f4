#include "cpp_types.hpp"
#include "emit.hpp"
#include "naming.hpp"

namespace usher::codegen {

std::string dispatch_source(const model& from)
{
    const std::string prefix = from.space + "::";
    std::string calls;
    for (const operation& own : from.operations) {
        std::string arguments;
        for (std::size_t i = 0; i < own.arguments.size(); ++i)
            arguments += cat("path[", std::to_string(i), "], ");
        if (own.params)
            arguments += cat("*static_cast<const ", prefix, own.params->name, "*>(params), ");
        const std::string run = cat("client.", own.group, "().", own.name, "(", arguments, "options)");
        if (own.result.base)
            calls += cat("inline boost::asio::awaitable<outcome> call_", own.symbol, "(const ", prefix,
                         "client& client, const std::vector<std::string>& path, const void* params, const usher::call_options& options)\n{\n"
                         "    (void)path;\n    (void)params;\n    auto answer = co_await ", run,
                         ";\n    outcome made;\n    if (!answer)\n        made.failure = answer.error();\n    else\n"
                         "        made.answer = usher::json::encode(*usher::detail_dispatch::result(",
                         prefix, "service(), ", literal(own.id), "), &*answer);\n    co_return made;\n}\n\n");
        else
            calls += cat("inline boost::asio::awaitable<outcome> call_", own.symbol, "(const ", prefix,
                         "client& client, const std::vector<std::string>& path, const void* params, const usher::call_options& options)\n{\n"
                         "    (void)path;\n    (void)params;\n    auto answer = co_await ", run,
                         ";\n    outcome made;\n    if (!answer)\n        made.failure = answer.error();\n    co_return made;\n}\n\n");
    }
    std::string rows;
    for (const operation& own : from.operations)
        rows += cat("    call_", own.symbol, ",\n");
    const std::string guard = guard_of(from.space + "_dispatch.hpp");
    return cat(file_comment,
               "// Every operation through its typed function, by its index in service_info::operations. `path` and `params` have to live\n"
               "// until the call ends.\n#ifndef ",
               guard, "\n#define ", guard, "\n\n#include <", include_folder(from),
               ".hpp>\n\n#include <string>\n#include <vector>\n\nnamespace ", from.space, "::dispatch {\n\n",
               "struct outcome {\n    outcome() = default;\n    usher::error failure;\n    std::string answer; ///< decoded and encoded again; empty without content\n};\n\n",
               "using function = boost::asio::awaitable<outcome> (*)(const ", prefix,
               "client&, const std::vector<std::string>&, const void*, const usher::call_options&);\n\n", calls,
               "inline constexpr function functions[] = {\n", rows, "};\n\n} // namespace ", from.space, "::dispatch\n\n#endif\n");
}

} // namespace usher::codegen
