#include "json/check.hpp"

#include "json/check_values.hpp"
#include "json/encoder.hpp"
#include "json/numbers.hpp"
#include "json/text.hpp"
#include "json/view.hpp"

#include <usher/open_enum.hpp>
#include <usher/time.hpp>
#include <usher/unknown.hpp>

#include <algorithm>
#include <cmath>
#include <set>

namespace usher::detail {
namespace {

constexpr std::size_t most_levels = 64;

template <class T>
const T& as(const void* object)
{
    return *static_cast<const T*>(object);
}

/// Walks the object; `path_` is where it stands, and stays there when something is wrong.
class walker {
public:
    bool value(const type_info& type, const void* at, const bounds* limits, const bounds* element_limits);
    std::optional<violation> found() { return violation{std::move(path_), std::move(wrong_)}; }

private:
    bool object(const type_info& type, const void* at);
    bool member(const member_info& member, const void* object);
    bool elements(const type_info& type, const void* at, const bounds* limits);
    bool unique(const type_info& type, const void* at);
    bool any_of(const type_info& type, const void* at);
    bool number(const type_info& type, const void* at, const bounds& limits);
    bool deeper() { return ++depth_ <= most_levels || report(std::string(too_deep)); }

    /// True when there is nothing to report.
    bool report(std::string wrong)
    {
        wrong_ = std::move(wrong);
        return wrong_.empty();
    }

    std::string path_;
    std::string wrong_;
    std::size_t depth_ = 0;
};

bool walker::number(const type_info& type, const void* at, const bounds& limits)
{
    if (!limits.has_minimum && !limits.has_maximum && limits.multiple_of == 0)
        return true;
    std::string shown;
    append_text(type, at, shown);
    double number = 0;
    switch (type.what) {
    case kind::int32:
        number = as<std::int32_t>(at);
        break;
    case kind::number:
        number = as<double>(at);
        break;
    case kind::unix_milliseconds:
        number = static_cast<double>(as<unix_milliseconds>(at).time_since_epoch().count());
        break;
    case kind::unix_seconds:
        number = static_cast<double>(as<unix_seconds>(at).time_since_epoch().count());
        break;
    default:
        number = static_cast<double>(as<std::int64_t>(at));
    }
    return report(check_number(number, shown, limits));
}

bool walker::value(const type_info& wrapped, const void* wrapped_at, const bounds* limits, const bounds* element_limits)
{
    const view seen = look_at(wrapped, wrapped_at);
    if (seen.state != presence::value)
        return true;
    const type_info& type = *seen.type;
    const void* at = seen.at;
    const bounds& within = limits != nullptr ? *limits : no_bounds;
    switch (type.what) {
    case kind::number:
        if (!std::isfinite(as<double>(at)))
            return report(std::string(not_finite));
        return number(type, at, within);
    case kind::int32:
    case kind::int64:
    case kind::int64_text:
    case kind::unix_milliseconds:
    case kind::unix_seconds:
        return number(type, at, within);
    case kind::boolean:
        return report(check_boolean(as<bool>(at), within));
    case kind::string:
        return report(check_text(as<std::string>(at), limits));
    case kind::date:
        return as<date>(at).ok() && as<date>(at).year() >= std::chrono::year(0) &&
                       as<date>(at).year() <= std::chrono::year(9999)
                   ? true
                   : report("not a day of the calendar");
    case kind::enumeration:
        return report(check_enumeration(enum_text(as<open_enum_storage>(at), type.names), type.names));
    case kind::object:
        return object(type, at);
    case kind::array:
    case kind::map:
        return report(check_count(type.ops->count(at), within)) && elements(type, at, element_limits) &&
               (!within.unique || unique(type, at));
    case kind::json_value:
        return report(check_tree(as<boost::json::value>(at), most_levels - depth_));
    case kind::json_object:
        return report(check_tree(as<boost::json::object>(at), most_levels - depth_));
    case kind::one_of: {
        const void* inner = nullptr;
        const std::size_t index = type.ops->chosen(at, &inner);
        if (index < type.choices.size())
            return value(*type.choices[index].type, inner, nullptr, nullptr);
        return report(check_tree(as<unknown_json>(inner).json, most_levels - depth_));
    }
    case kind::instant:
    case kind::instant_short:
    case kind::upload:
    case kind::optional:
    case kind::field:
    case kind::box:
        break;
    }
    return true;
}

bool walker::object(const type_info& type, const void* at)
{
    if (!deeper())
        return false;
    for (const member_info& each : type.members)
        if ((each.flags & member_read_only) == 0 && !member(each, at))
            return false;
    --depth_;
    return type.any_of.empty() || any_of(type, at);
}

bool walker::any_of(const type_info& type, const void* at)
{
    const auto is_there = [&](std::string_view name) {
        return std::ranges::any_of(type.members, [&](const member_info& each) {
            return each.name == name && look_at(*each.type, member_at(each, at)).state != presence::absent;
        });
    };
    std::string wanted;
    for (const auto set : type.any_of) {
        if (std::ranges::all_of(set, is_there))
            return true;
        wanted += wanted.empty() ? "" : ", or ";
        for (const auto name : set) {
            wanted += name == set.front() ? "" : " and ";
            append_quoted(name, wanted);
        }
    }
    return report("required: " + wanted);
}

bool walker::unique(const type_info& type, const void* at)
{
    struct context {
        const type_info* element;
        std::set<std::string> seen;
        std::size_t repeated = 0;
        bool sound = true;
    } state{type.element, {}};
    type.ops->each(at, &state, [](void* shared, std::string_view, const void* element) {
        auto& in = *static_cast<context*>(shared);
        std::string text;
        encode(*in.element, element, text);
        in.sound = in.seen.insert(std::move(text)).second;
        in.repeated += in.sound ? 1 : 0;
        return in.sound;
    });
    return state.sound || report("element " + std::to_string(state.repeated) + " is there already (uniqueItems)");
}

bool walker::member(const member_info& member, const void* object)
{
    const std::size_t before = path_.size();
    append_pointer_token(member.name, path_);
    const void* at = member_at(member, object);
    const view seen = look_at(*member.type, at);
    const bool required = (member.flags & member_required) != 0;
    const bool nullable = (member.flags & member_nullable) != 0;
    if (seen.state == presence::null && !nullable)
        return report("null is not allowed");
    // An empty optional that is required and nullable is written as null.
    if (seen.state == presence::absent && required && (!nullable || seen.type->what != kind::optional))
        return report("required, not given");
    if (seen.state == presence::value && !value(*seen.type, seen.at, member.limits, member.element_limits))
        return false;
    path_.resize(before);
    return true;
}

bool walker::elements(const type_info& type, const void* at, const bounds* limits)
{
    struct context {
        walker* self;
        const type_info* element;
        const bounds* limits;
        bool keyed;
        std::size_t index = 0;
        bool sound = true;
    } state{this, type.element, limits, type.what == kind::map};
    if (!deeper())
        return false;
    type.ops->each(at, &state, [](void* shared, std::string_view key, const void* element) {
        auto& in = *static_cast<context*>(shared);
        walker& self = *in.self;
        const std::size_t before = self.path_.size();
        if (in.keyed)
            append_pointer_token(key, self.path_);
        else
            append_pointer_token(std::to_string(in.index), self.path_);
        ++in.index;
        in.sound = (!in.keyed || is_utf8(key) || self.report(std::string(not_utf8))) &&
                   self.value(*in.element, element, in.limits, nullptr);
        if (in.sound)
            self.path_.resize(before);
        return in.sound;
    });
    --depth_;
    return state.sound;
}

} // namespace

std::optional<violation> check(const type_info& type, const void* object)
{
    walker walk;
    if (walk.value(type, object, nullptr, nullptr))
        return std::nullopt;
    return walk.found();
}

} // namespace usher::detail
