#include "sandbox/synthesize.hpp"

#include "sandbox/identifier.hpp"

#include <algorithm>
#include <cmath>

namespace usher::sandbox {

namespace {

using kind = schema::kind;

constexpr std::int64_t fixed_time = 1'716'883'200'123; // 2024-05-28T08:00:00.123Z
constexpr int deepest = 12;                            // a schema that contains itself ends here

} // namespace

json::value synthesizer::make(const schema& of, answers mode, std::int64_t now)
{
    return make(of, frame{mode, mode == answers::stateful ? now : fixed_time, {}, {}, 0});
}

std::size_t synthesizer::turn(const schema& of, std::size_t choices)
{
    return choices == 0 ? 0 : turns_[&of]++ % choices;
}

json::value synthesizer::make(const schema& of, const frame& at)
{
    if (of.nullable && (at.mode == answers::nulls || at.mode == answers::stateful || at.depth > deepest))
        return nullptr;
    if (!of.alternatives.empty())
        return make_alternative(of, at);
    if (!of.enumeration.empty()) {
        if (at.mode == answers::future && of.enumeration.size() >= 2 && of.type == kind::string)
            return "not_yet_documented";
        return of.enumeration[at.mode == answers::stateful ? 0 : turn(of, of.enumeration.size())];
    }
    switch (of.type) {
    case kind::string:
        return make_text(of, at);
    case kind::integer:
    case kind::number:
        return make_number(of, at);
    case kind::boolean:
        return at.mode == answers::stateful ? (of.standard.is_bool() ? of.standard : json::value(false))
                                            : json::value(true);
    case kind::array:
        return make_array(of, at);
    case kind::object:
        return make_object(of, at);
    case kind::any:
        break;
    }
    return of.properties.empty() ? make_free(at) : make_object(of, at);
}

json::value synthesizer::make_object(const schema& of, const frame& at)
{
    if (of.free_form() && of.required.empty())
        return make_free(at);
    json::object out;
    std::string_view name = at.object;
    if (const auto* tag = of.find("object");
        tag && !tag->of->enumeration.empty() && tag->of->enumeration[0].is_string())
        name = tag->of->enumeration[0].get_string();
    const auto& needed = of.any_required;
    const auto must = [&](const property& p) {
        if (p.required)
            return true;
        // of several sets that may stand for each other, the first
        return !needed.empty() &&
               std::find(needed.front().begin(), needed.front().end(), p.name) != needed.front().end();
    };
    for (const auto& p : of.properties) {
        if (p.of->write_only)
            continue;
        if (!must(p) && (at.mode == answers::required || at.depth > deepest))
            continue;
        out[p.name] = make(*p.of, frame{at.mode, at.now, p.name, name, at.depth + 1});
    }
    for (const auto& required : of.required)
        if (!of.find(required))
            out[required] = "given";
    if (of.additional && at.mode != answers::required && at.mode != answers::stateful)
        for (const auto* key : {"first", "second"})
            out[key] = make(*of.additional, frame{at.mode, at.now, key, name, at.depth + 1});
    if (at.mode == answers::future && !of.additional)
        out["not_yet_documented"] = json::object{{"since", "later"},
                                                 {"list", json::array{1, nullptr, "three", json::object()}},
                                                 {"deep", json::object{{"er", true}}}};
    return out;
}

json::value synthesizer::make_array(const schema& of, const frame& at)
{
    json::array out;
    std::size_t size = at.mode == answers::stateful || at.mode == answers::required || at.depth > deepest ? 0 : 2;
    if (of.min_items)
        size = std::max(size, *of.min_items);
    if (of.max_items)
        size = std::min(size, *of.max_items);
    for (std::size_t i = 0; i != size && of.items; ++i)
        out.push_back(make(*of.items, frame{at.mode, at.now, at.name, at.object, at.depth + 1}));
    return out;
}

json::value synthesizer::make_alternative(const schema& of, const frame& at)
{
    if (at.mode == answers::future && of.alternatives.size() >= 2) {
        json::object unheard{{"not_yet_documented", json::array{1, "two", nullptr}}};
        if (!of.discriminator.empty())
            unheard[of.discriminator] = "not_yet_documented";
        return unheard;
    }
    const auto* chosen = of.alternatives[at.mode == answers::stateful ? 0 : turn(of, of.alternatives.size())];
    auto made = make(*chosen, frame{at.mode, at.now, at.name, at.object, at.depth + 1});
    if (auto* object = made.if_object(); object && !of.discriminator.empty() && !object->contains(of.discriminator))
        for (const auto& [name, one] : of.mapping) // a reader tells by it, though the alternative does not require it
            if (one == chosen)
                object->emplace(of.discriminator, name);
    return made;
}

json::value synthesizer::make_number(const schema& of, const frame& at)
{
    const bool stateful = at.mode == answers::stateful;
    if (of.standard.is_number() && stateful)
        return of.standard;
    double value = 0;
    if (at.name.ends_with("_at") || at.name.ends_with("_date") || at.name == "expiration")
        return at.now;
    if (at.name == "total_count")
        value = stateful ? 0 : 2;
    else if (!stateful)
        value = of.format == "int32" ? static_cast<double>(source_.below(1'000'000))
                                     : static_cast<double>(source_.below(1ULL << 48));
    if (of.minimum)
        value = std::max(value, *of.minimum + (of.above_minimum ? 1 : 0));
    if (of.maximum)
        value = std::min(value, *of.maximum - (of.below_maximum ? 1 : 0));
    if (of.type == kind::number && !stateful && !of.maximum)
        return std::floor(value / 4096.0) + 0.5;
    return static_cast<std::int64_t>(value);
}

json::value synthesizer::make_text(const schema& of, const frame& at)
{
    const bool stateful = at.mode == answers::stateful;
    if (of.standard.is_string() && stateful)
        return of.standard;
    auto text = example_text(at.name, at.object, of, stateful, at.now, source_);
    if (of.regular && !of.regular->matches(text))
        text = of.regular->example(source_);
    while (of.min_length && text.size() < *of.min_length)
        text += 'x';
    if (of.max_length && text.size() > *of.max_length)
        text.resize(*of.max_length);
    return json::value(text);
}

json::value synthesizer::make_free(const frame& at)
{
    if (at.mode == answers::stateful || at.mode == answers::required)
        return json::object();
    return json::object{{"text", "\xE2\x82\xAC \"quoted\" \\ \n"},
                        {"number", 9007199254740993},
                        {"list", json::array{1, 2.5, nullptr}},
                        {"nested", json::object{{"empty", json::object()}, {"yes", true}}}};
}

} // namespace usher::sandbox
