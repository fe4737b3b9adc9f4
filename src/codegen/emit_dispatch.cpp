#include "cpp_types.hpp"
#include "emit.hpp"
#include "naming.hpp"

namespace usher::codegen {

namespace {

/// `users().update(path[0], *static_cast<const update_user_params*>(params), options)`.
std::string call_text(const operation& own, const std::string& prefix, const char* suffix, bool with_params)
{
    std::string arguments;
    for (std::size_t i = 0; i < own.arguments.size(); ++i)
        arguments += cat("path[", std::to_string(i), "], ");
    if (own.params && with_params)
        arguments += cat("*static_cast<const ", prefix, own.params->name, "*>(params), ");
    return cat("client.", own.group, "().", own.name, suffix, "(", arguments, "options)");
}

std::string function_text(const std::string& kind, const operation& own, const std::string& body)
{
    return cat("inline boost::asio::awaitable<outcome> ", kind, "_", own.symbol,
               "([[maybe_unused]] const arguments& of)\n{\n    [[maybe_unused]] const auto& [client, path, params, "
               "options] = of;\n    return ",
               body, ";\n}\n\n");
}

const char* const helpers = R"(/// What a call needs; all of it has to live until the call ends.
struct arguments {
    const client_type& client;
    const std::vector<std::string>& path;
    const void* params; ///< an object of type `*operation.params`, or null
    const usher::call_options& options;
};

struct outcome {
    outcome() = default;
    usher::error failure;
    std::string answer;    ///< decoded and encoded again; empty without content
    std::size_t items = 0; ///< of the first page
};

using function = boost::asio::awaitable<outcome> (*)(const arguments&);

template <class Answer>
boost::asio::awaitable<outcome> finish(boost::asio::awaitable<usher::result<Answer>> call, const usher::detail::type_info* type)
{
    auto answer = co_await std::move(call);
    outcome made;
    if (!answer)
        made.failure = answer.error();
    else if constexpr (!std::is_void_v<Answer>)
        made.answer = usher::json::encode(*type, &*answer);
    co_return made;
}

template <class Item>
boost::asio::awaitable<outcome> finish_page(usher::pages<Item> pages)
{
    auto items = co_await pages.next();
    outcome made;
    if (!items)
        made.failure = items.error();
    else
        made.items = items->size();
    co_return made;
}

)";

} // namespace

std::string dispatch_source(const model& from)
{
    const std::string prefix = from.space + "::";
    std::string functions;
    std::string rows;
    std::size_t index = 0;
    for (const operation& own : from.operations) {
        const std::string type = cat(", service().operations[", std::to_string(index++), "]->result)");
        functions += function_text("call", own, cat("finish(", call_text(own, prefix, "", true), type));
        const bool bare = own.params && own.params_optional();
        if (bare)
            functions += function_text("bare", own, cat("finish(", call_text(own, prefix, "", false), type));
        if (own.pages)
            functions += function_text("page", own, cat("finish_page(", call_text(own, prefix, "_pages", true), ")"));
        rows += cat("    {call_", own.symbol, ", ", bare ? cat("bare_", own.symbol) : "nullptr", ", ",
                    own.pages ? cat("page_", own.symbol) : "nullptr", "},\n");
    }
    const std::string guard = guard_of(from.space + "_dispatch.hpp");
    return cat(file_comment,
               "// Every operation through its typed functions, in the order of service_info::operations.\n#ifndef ",
               guard, "\n#define ", guard, "\n\n#include <", include_folder(from),
               ".hpp>\n#include <usher/pages.hpp>\n\n#include <string>\n#include <type_traits>\n#include "
               "<utility>\n#include <vector>\n\nnamespace ",
               from.space, "::dispatch {\n\nusing client_type = ", prefix, "client;\n\n", helpers, functions,
               "struct entry {\n    function call;\n    function bare; ///< without parameters, or null\n"
               "    function page; ///< the first page of a listing, or null\n};\n\n",
               rows.empty() ? std::string() : cat("inline constexpr entry entries[] = {\n", rows, "};\n\n"),
               "} // namespace ", from.space, "::dispatch\n\n#endif\n");
}

} // namespace usher::codegen
