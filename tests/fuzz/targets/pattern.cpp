// Regular expressions of API documents, against any text.
#include "json/pattern.hpp"

#include "fuzz/promise.hpp"
#include "fuzz/targets.hpp"
#include "json/text.hpp"

namespace usher::fuzz {

void pattern(std::string_view bytes)
{
    input from(bytes);
    const auto expression = std::string(from.line());
    const auto text = from.rest();
    const auto compiled = usher::detail::pattern::compile(expression);
    if (!compiled)
        return;
    const bool found = compiled->search(text);
    promise(found == compiled->search(text), "a search has one result");
    if (const auto group = usher::detail::pattern::compile("(?:" + expression + ")")) {
        promise(group->search(text) == found, "a group changes nothing");
        const auto either = usher::detail::pattern::compile("(?:" + expression + ")|(?:" + expression + ")");
        promise(!either || either->search(text) == found, "nor does a second one beside it");
        const auto any = usher::detail::pattern::compile("(?:" + expression + ")?");
        promise(!any || any->search(text), "what may be missing is found in every text");
    }
    if (usher::detail::is_utf8(expression) && expression.find_first_of("\\^$.|?*+()[]{}") == std::string::npos)
        promise(found == (text.find(expression) != text.npos), "plain characters are found where they stand");
}

} // namespace usher::fuzz
