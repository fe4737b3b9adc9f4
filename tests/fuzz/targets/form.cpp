// Query strings of callbacks, and the forms that the sandbox reads.
#include <usher/scalekit/login.hpp>

#include "fuzz/promise.hpp"
#include "fuzz/targets.hpp"
#include "sandbox/form.hpp"
#include "json/query.hpp"

namespace usher::fuzz {
namespace {

std::string encoded(std::string_view text)
{
    std::string made;
    usher::detail::percent_encode(text, made);
    return made;
}

/// What is encoded is found, whatever it is, and once only.
void look_at_parameters(std::string_view first, std::string_view second, std::string_view name)
{
    const auto query = "code=" + encoded(first) + "&state=" + encoded(second) + "&" + encoded(name) + "=x";
    const bool is_other = name != "code" && name != "state";
    const auto code = scalekit::query_parameter(query, "code");
    promise(name == "code" ? !code : code == std::string(first), "a parameter is found, unless it comes twice");
    promise(!is_other || scalekit::query_parameter(query, "state") == std::string(second), "the next one too");
    promise(scalekit::has_parameter(query, name), "whatever its name is");
    promise(scalekit::query_parameter("/callback?" + query, "code") == code, "with a path in front");
    promise(scalekit::query_parameter(query + "#" + std::string(second), "code") == code, "with a fragment behind");

    const auto pairs = sandbox::parse_form(query);
    promise(pairs && pairs->size() == 3 && (*pairs)[0].second == first && (*pairs)[2].first == name,
            "the sandbox reads the same");
}

} // namespace

void form(std::string_view bytes)
{
    input from(bytes);
    const auto how = from.byte();
    const auto first = from.line();
    const auto second = from.line();
    const auto rest = from.rest();
    if (how % 4 == 0) {
        look_at_parameters(first, second, rest);
        return;
    }
    if (how % 4 == 1) {
        const auto parts = sandbox::parse_multipart(first, rest);
        for (const auto& one : parts.value_or(std::vector<sandbox::part>())) {
            const auto* begin = one.content.data();
            promise(one.content.empty() ||
                        (begin >= rest.data() && begin + one.content.size() <= rest.data() + rest.size()),
                    "a part's content is in the body");
        }
        return;
    }
    const auto found = scalekit::query_parameter(rest, first);
    promise(!found || scalekit::has_parameter(rest, first), "what has a value is there");
    if (const auto pairs = sandbox::parse_form(rest)) {
        std::string again;
        for (const auto& [name, value] : *pairs)
            again += (again.empty() ? "" : "&") + encoded(name) + "=" + encoded(value);
        promise(sandbox::parse_form(again) == pairs || again == "=", "what is read is the same when written");
    }
}

} // namespace usher::fuzz
