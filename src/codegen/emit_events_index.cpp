#include "cpp_types.hpp"
#include "emit.hpp"
#include "events.hpp"

#include <algorithm>

namespace usher::codegen {

namespace {

const member* data_of(const type& event)
{
    const auto found = std::find_if(event.members.begin(), event.members.end(),
                                    [](const member& each) { return each.wire == "data"; });
    return found == event.members.end() ? nullptr : &*found;
}

std::string members_of(const type& own)
{
    std::string text;
    for (const member& each : own.members)
        if (each.wire != "data")
            text += cat(text.empty() ? "`" : ", `", each.name, "` ", value_type(*each.use.base),
                        wrapping_of(own, each).field ? " ?" : "");
    return text;
}

} // namespace

std::string events_index(const model& from)
{
    const auto event =
        std::find_if(from.types.begin(), from.types.end(), [](const type& each) { return each.what == kind::one_of; });
    std::string text = cat("# Events\n\nEvery event of the examples in this folder and its C++ type in `", from.space,
                           "`, from `#include <", from.folder,
                           "/events.hpp>`.\nMade by `usher-codegen --events-index`; a test compares.\n\n",
                           std::to_string(event->alternatives.size()),
                           " events; `event` is any of them.\n\n| Type | C++ type | `data` |\n|---|---|---|\n");
    for (const alternative& each : event->alternatives) {
        const member* data = data_of(*each.base);
        text += cat("| `", each.tags.front(), "` | `", each.base->name, "` | `", value_type(*data->use.base), "` |\n");
    }
    text +=
        cat("\nMembers. One marked with ? can be absent or null: it is a `usher::field`. All events have `data`, and\n",
            members_of(*event->alternatives.front().base), ".\n\n| C++ type | Members |\n|---|---|\n");
    for (const type& each : from.types)
        if (each.what == kind::object && std::none_of(event->alternatives.begin(), event->alternatives.end(),
                                                      [&](const alternative& own) { return own.base == &each; }))
            text += cat("| `", each.name, "` | ", members_of(each), " |\n");
    return text;
}

} // namespace usher::codegen
