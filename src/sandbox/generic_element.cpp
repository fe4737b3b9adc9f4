#include "sandbox/context.hpp"
#include "sandbox/identifier.hpp"

#include <algorithm>
#include <array>

namespace usher::sandbox::generic {

namespace {

struct effect {
    std::string_view verb, member;
    json::value (*value)(context&);
};

json::value yes(context&)
{
    return true;
}

// What verbs do to members, where a schema has them.
constexpr std::array<effect, 8> effects{{
    {"revoke", "revoked", yes},
    {"revoke", "status", [](context&) -> json::value { return "revoked"; }},
    {"invite", "status", [](context&) -> json::value { return "invited"; }},
    {"reject", "status", [](context&) -> json::value { return "rejected"; }},
    {"rotate_secret", "client_secret",
     [](context& c) -> json::value { return json::value(base62(32, c.made.source())); }},
    {"logo", "has_image", [](context& c) -> json::value { return c.asked.of->method != "DELETE"; }},
    {"favicon", "has_image", [](context& c) -> json::value { return c.asked.of->method != "DELETE"; }},
    {"metadata", "updated_at", [](context& c) -> json::value { return c.wall; }},
}};

void touch(context& c, json::object& body)
{
    if (const auto* v = body.if_contains("updated_at"); v && v->is_int64())
        body["updated_at"] = c.wall;
}

} // namespace

resource* element(context& c)
{
    const auto path = path_of(c);
    const auto& id = c.asked.captures.at(c.asked.of->parents);
    if (auto* in = c.kept.find(path))
        if (auto* found = in->find(id))
            return found;
    for (const auto* alias : {"key", "slug", "name"}) {
        const auto owner = c.kept.owner(path + " " + alias + ":" + lower(id));
        if (!owner.empty())
            return c.kept.at(path).find(owner);
    }
    if (c.creatable.contains(c.asked.of->collection) || !c.shape()) {
        c.refuse(not_found(c.asked.of->collection, id));
        return nullptr;
    }
    // nothing can be put here, so something is there already
    auto made = make(c, *c.shape(), {});
    if (c.shape()->find("id"))
        made["id"] = id;
    if (c.shape()->find("slug"))
        made["slug"] = id;
    return &c.kept.add(path, id, made, {}, c.wall, c.now);
}

void get(context& c)
{
    if (!parents_exist(c))
        return;
    if (const auto* found = element(c))
        c.text = shown(c, c.shape(), *found);
}

void update(context& c)
{
    if (!parents_exist(c))
        return;
    auto* found = element(c);
    if (!found)
        return;
    auto body = found->parsed();
    carry(body, *c.shape(), c.body());
    touch(c, body);
    c.kept.replace(c.kept.at(path_of(c)), *found, body, found->keys);
    c.text = shown(c, c.shape(), *found);
}

void remove(context& c)
{
    if (!parents_exist(c))
        return;
    const auto path = path_of(c);
    const auto id = c.asked.captures.at(c.asked.of->parents);
    auto* in = c.kept.find(path);
    auto* found = in ? in->find(id) : nullptr;
    if (!found) {
        c.refuse(not_found(c.asked.of->collection, id));
        return;
    }
    const auto body = found->parsed();
    c.kept.drop_below(path + "/" + id);
    c.kept.remove(*in, *found);
    if (!c.shape())
        return;
    if (c.shape()->find("deleted"))
        c.answer(deleted(c, text_in(body, "object"), id));
    else
        c.answer(reshape(c, *c.shape(), body));
}

json::object deleted(context& c, std::string_view object, std::string_view id)
{
    json::object from{{"id", id}, {"deleted", true}};
    if (!object.empty())
        from["object"] = object;
    auto out = reshape(c, *c.shape(), from);
    for (const auto* spare : {"slug", "external_id"})
        if (const auto* v = out.if_contains(spare); v && v->is_string() && v->get_string().empty())
            out.erase(spare);
    return out;
}

void merge_metadata(json::object& to, const json::object& with)
{
    for (const auto& [name, value] : with) {
        if (value.is_null()) {
            to.erase(name);
            continue;
        }
        auto& slot = to[name];
        if (slot.is_object() && value.is_object())
            merge_metadata(slot.get_object(), value.get_object());
        else
            slot = value;
    }
}

void element_verb(context& c)
{
    if (!parents_exist(c))
        return;
    const auto path = path_of(c);
    auto* found = element(c);
    if (!found)
        return;
    auto body = found->parsed();
    if (c.asked.of->verb == "metadata") {
        for (const auto& [name, value] : c.body())
            if (value.is_object() && c.shape()->find(name)) {
                if (!body[name].is_object())
                    body[name] = json::object();
                merge_metadata(body[name].get_object(), value.get_object());
            }
    } else if (!c.asked.of->multipart)
        carry(body, *c.shape(), c.body());
    for (const auto& one : effects) {
        const auto* p = one.verb == c.asked.of->verb ? c.shape()->find(one.member) : nullptr;
        if (!p)
            continue;
        if (auto value = one.value(c); fits(value, *p->of))
            body[one.member] = std::move(value);
    }
    touch(c, body);
    // members that only this answer shows (a new secret) are not kept
    c.answer(reshape(c, *c.shape(), body));
    body.erase("client_secret");
    c.kept.replace(c.kept.at(path), *found, body, found->keys);
}

void element_view(context& c)
{
    if (!parents_exist(c) || !c.shape())
        return;
    std::string path = path_of(c) + "/" + c.asked.captures.at(c.asked.of->parents) + "/" + c.asked.of->verb;
    if (c.asked.of->method == "GET")
        if (auto* in = c.kept.find(path))
            if (const auto* found = in->find(".")) {
                c.text = found->text;
                return;
            }
    const auto made = make(c, *c.shape(), c.body());
    if (c.shape()->type == schema::kind::array)
        c.text = "[]";
    else if (c.asked.of->method == "GET" || c.asked.of->method == "PUT" || c.asked.of->method == "PATCH")
        c.text = c.kept.add(path, ".", made, {}, c.wall, c.now).text;
    else
        c.answer(made);
}

void singleton(context& c)
{
    const auto& path = c.asked.of->form;
    auto& in = c.kept.at(path);
    auto* found = in.find(".");
    if (!found)
        found = &c.kept.add(path, ".", c.shape() ? make(c, *c.shape(), {}) : json::object(), {}, c.wall, c.now);
    if (c.asked.of->method != "GET") {
        auto body = found->parsed();
        if (c.shape())
            carry(body, *c.shape(), c.body());
        else
            for (const auto& [name, value] : c.body())
                body[name] = value;
        c.kept.replace(in, *found, body, {});
    }
    if (c.shape())
        c.answer(reshape(c, *c.shape(), found->parsed()));
}

} // namespace usher::sandbox::generic
