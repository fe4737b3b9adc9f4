// Reading of any event. The types of a provider's events are known from its examples only: where a body turns out to be
// different, it is kept rather than refused, for what is refused is sent again and again, and then lost.
#include <usher/clerk/events.hpp>
#include <usher/detail/type_table.hpp>
#include <usher/unknown.hpp>
#include <usher/webhook/receive.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <string>
#include <utility>

namespace usher::webhook::detail {

namespace {

using usher::detail::kind;
using usher::detail::type_info;

constexpr type_info any{kind::json_value, "json_value", sizeof(boost::json::value), {}, {}, {}, {}, nullptr, nullptr,
                        nullptr,          nullptr};

refusal malformed(std::string detail)
{
    return refusal(reason::malformed_event, {}, std::move(detail));
}

refusal without_type(std::string_view name)
{
    return malformed("/" + std::string(name) + ": expected a text");
}

/// The body as JSON: an object whose member `name` is a text; else a refusal in `why`.
boost::json::object read_tree(std::string_view body, std::string_view name, std::optional<refusal>& why)
{
    boost::json::value tree;
    const auto done = usher::json::decode(any, &tree, body);
    if (!done) {
        why = malformed(done.error().details().text);
        return {};
    }
    auto* object = tree.if_object();
    const auto* type = object == nullptr ? nullptr : object->if_contains(name);
    if (type == nullptr || !type->is_string() || type->get_string().empty()) {
        why = without_type(name);
        return {};
    }
    return std::move(*object);
}

/// One of several events. What is not known, and what is known but does not look so, is the last alternative.
std::optional<refusal> read_union(const type_info& type, void* event, std::string_view body)
{
    const void* chosen = nullptr;
    const bool done = usher::json::decode(type, event, body).has_value();
    if (done && type.ops->chosen(event, &chosen) < type.choices.size())
        return std::nullopt;
    std::optional<refusal> why;
    boost::json::object tree = read_tree(body, type.discriminator, why);
    if (!why)
        static_cast<unknown_json*>(type.ops->choose(event, type.choices.size()))->json = std::move(tree);
    return why;
}

/// Clerk's envelope: only its type has to be right, for that and the data are what an event is.
std::optional<refusal> read_envelope(const type_info& type, clerk::events::event& event, std::string_view body)
{
    if (usher::json::decode(type, &event, body).has_value())
        return event.type.empty() ? std::optional(without_type("type")) : std::nullopt;
    std::optional<refusal> why;
    boost::json::object tree = read_tree(body, "type", why);
    if (why)
        return why;
    for (const auto& member : type.members) {
        const auto* value = tree.if_contains(member.name);
        if (value == nullptr)
            continue;
        clerk::events::event alone;
        const boost::json::object part{{member.name, *value}};
        if (!usher::json::decode(type, &alone, boost::json::serialize(part)))
            tree.erase(member.name);
    }
    event = clerk::events::event();
    const auto done = usher::json::decode(type, &event, boost::json::serialize(tree));
    return done ? std::nullopt : std::optional(malformed(done.error().details().text));
}

} // namespace

std::optional<refusal> read_event(const type_info& type, void* event, std::string_view body)
{
    const std::size_t begin = body.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos || body[begin] != '{')
        return malformed("expected an object");
    if (type.what == kind::one_of && !type.discriminator.empty())
        return read_union(type, event, body);
    if (&type == &usher_type(static_cast<const clerk::events::event*>(nullptr)))
        return read_envelope(type, *static_cast<clerk::events::event*>(event), body);
    const auto done = usher::json::decode(type, event, body);
    return done ? std::nullopt : std::optional(malformed(done.error().details().text));
}

refusal other_type(std::string_view wanted)
{
    return malformed("/type: expected " + std::string(wanted));
}

} // namespace usher::webhook::detail
