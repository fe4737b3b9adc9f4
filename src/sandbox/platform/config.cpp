// An instance's configuration: keys and values under a version, changed under If-Match.

#include "sandbox/platform/platform.hpp"

#include <algorithm>

namespace usher::sandbox::platform {

namespace {

constexpr const char* path = "/platform/config";

// What an instance is made with. Other keys may be added: no document lists them.
json::object standard()
{
    return {{"auth_email", json::object{{"used_for_sign_up", true}, {"verify_at_sign_up", true}}},
            {"auth_password", json::object{{"enabled", true}, {"min_length", 8}}},
            {"session", json::object{{"lifetime_seconds", 604'800}, {"inactivity_timeout_seconds", 0}}},
            {"organizations", json::object{{"enabled", false}, {"max_allowed_memberships", 5}}}};
}

resource& kept(context& c, const json::object& of)
{
    const std::string id(text_in(of, "instance_id"));
    auto& all = c.kept.at(path);
    if (auto* found = all.find(id))
        return *found;
    return c.kept.add(path, id, json::object{{"version", 1}, {"keys", standard()}}, {}, c.wall, c.now);
}

std::string version_text(const json::object& body)
{
    return "v" + std::to_string(body.at("version").as_int64());
}

bool wanted(const std::vector<std::string>& keys, std::string_view key)
{
    return keys.empty() || std::find(keys.begin(), keys.end(), key) != keys.end();
}

std::string_view unquoted(std::string_view tag)
{
    if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"')
        tag = tag.substr(1, tag.size() - 2);
    return tag;
}

void merge(json::value& to, const json::value& with)
{
    if (!to.is_object() || !with.is_object()) {
        to = with;
        return;
    }
    for (const auto& [name, value] : with.get_object())
        if (value.is_null())
            to.get_object().erase(name);
        else
            merge(to.get_object()[name], value);
}

bool clears(const json::value& in)
{
    if (in.is_null())
        return true;
    const auto* o = in.if_object();
    return o && std::any_of(o->begin(), o->end(), [](const auto& m) { return clears(m.value()); });
}

} // namespace

namespace rules {

void get_config(context& c)
{
    const auto of = instance(c);
    if (!c.refused.empty())
        return;
    const auto body = kept(c, of).parsed();
    const auto keys = texts_in(c.asked.query, "keys");
    json::object out{{"config_version", version_text(body)}};
    for (const auto& [name, value] : body.at("keys").as_object())
        if (wanted(keys, name))
            out[name] = value;
    c.answer(out);
}

// PATCH merges what is given; PUT wants every key. A key that is null goes away, if the caller says so.
void change_config(context& c)
{
    const auto of = instance(c);
    if (!c.refused.empty())
        return;
    auto& r = kept(c, of);
    auto body = r.parsed();
    if (!c.asked.if_match.empty() && unquoted(c.asked.if_match) != version_text(body))
        return refuse(c, 409, "config_version_mismatch", "The configuration is at " + version_text(body) + " by now.",
                      "If-Match");
    const auto& asked = c.body();
    const bool replace = c.asked.of->method == "PUT";
    const auto before = body.at("keys").as_object();
    if (replace)
        for (const auto& [name, value] : before)
            if (!asked.contains(name))
                refuse(c, 400, "form_param_missing", std::string(name) + " is missing.", name);
    if (clears(c.asked.body) && !true_in(c.asked.query, "destructive"))
        refuse(c, 422, "destructive_change", "Clearing a key needs destructive=true.", {});
    if (asked.contains("config_version"))
        refuse(c, 422, "form_param_unknown", "config_version is given in If-Match.", "config_version");
    if (!c.refused.empty())
        return;
    json::value after = replace ? json::object() : before;
    merge(after, c.asked.body);

    const bool dry = true_in(c.asked.query, "dry_run");
    auto keys = texts_in(c.asked.query, "keys");
    if (keys.empty())
        for (const auto& [name, value] : asked)
            keys.emplace_back(name);
    json::object shown_before, shown_after;
    for (const auto& key : keys) {
        if (const auto* value = before.if_contains(key))
            shown_before[key] = *value;
        if (const auto* value = after.get_object().if_contains(key))
            shown_after[key] = *value;
    }
    if (!dry) {
        body["keys"] = std::move(after);
        body["version"] = body["version"].as_int64() + 1;
        c.kept.replace(c.kept.at(path), r, body, {});
    }
    c.answer(json::object{{"config_version", version_text(body)},
                          {"dry_run", dry},
                          {"before", std::move(shown_before)},
                          {"after", std::move(shown_after)}});
}

void config_schema(context& c)
{
    const auto of = instance(c);
    if (!c.refused.empty())
        return;
    const auto keys = texts_in(c.asked.query, "keys");
    const auto body = kept(c, of).parsed();
    json::object properties;
    for (const auto& [name, value] : body.at("keys").as_object())
        if (wanted(keys, name))
            properties[name] = json::object{{"type", value.is_object() ? "object" : "string"}};
    c.answer(json::object{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                          {"$id", "https://example.com/config.schema.json"},
                          {"type", "object"},
                          {"properties", std::move(properties)}});
}

} // namespace rules

} // namespace usher::sandbox::platform
