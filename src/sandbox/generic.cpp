#include "sandbox/context.hpp"
#include "sandbox/identifier.hpp"

#include <algorithm>
#include <array>

namespace usher::sandbox {

const json::value* given(const json::object& from, std::string_view name)
{
    const auto* v = from.if_contains(name);
    return v && !v->is_null() ? v : nullptr;
}

std::string_view text_in(const json::object& from, std::string_view name)
{
    const auto* v = from.if_contains(name);
    return v && v->is_string() ? std::string_view(v->get_string()) : std::string_view();
}

std::vector<std::string> texts_in(const json::object& from, std::string_view name)
{
    std::vector<std::string> out;
    if (const auto* v = from.if_contains(name); v && v->is_array())
        for (const auto& one : v->get_array())
            if (one.is_string())
                out.emplace_back(one.get_string());
    return out;
}

bool true_in(const json::object& from, std::string_view name)
{
    const auto* v = from.if_contains(name);
    return v && v->is_bool() && v->get_bool();
}

void act(context& c)
{
    const auto& o = *c.asked.of;
    if (o.special)
        return o.special(c);
    switch (o.act) {
    case action::list:
        return generic::list(c);
    case action::count:
        return generic::count(c);
    case action::create:
        return generic::create(c);
    case action::create_many:
        return generic::create_many(c);
    case action::get:
        return generic::get(c);
    case action::update:
        return generic::update(c);
    case action::remove:
        return generic::remove(c);
    case action::element_verb:
        return generic::element_verb(c);
    case action::element_view:
        return generic::element_view(c);
    case action::singleton:
        return generic::singleton(c);
    case action::nothing:
        break;
    }
    if (!generic::parents_exist(c) || !c.shape())
        return;
    auto made = c.made.make(*c.shape(), answers::stateful, c.wall);
    if (auto* object = made.if_object())
        generic::carry(*object, *c.shape(), c.body());
    c.answer(made);
}

namespace generic {

namespace {

struct unique_member {
    std::string_view collection, member;
    int status;
    const char* code;
};

constexpr std::array<unique_member, 10> unique_members{{
    {"/allowlist_identifiers", "identifier", 400, "duplicate_record"},
    {"/blocklist_identifiers", "identifier", 400, "duplicate_record"},
    {"/redirect_urls", "url", 400, "duplicate_record"},
    {"/waitlist_entries", "email_address", 422, "form_already_exists"},
    {"/jwt_templates", "name", 422, "form_identifier_exists"},
    {"/domains", "name", 422, "form_identifier_exists"},
    {"/organization_roles", "key", 422, "form_identifier_exists"},
    {"/organization_permissions", "key", 422, "form_identifier_exists"},
    {"/role_sets", "key", 422, "form_identifier_exists"},
    {"/organizations/{}/domains", "name", 422, "form_identifier_exists"},
}};

// The keys that a new resource of this collection claims; refuses when one of them is taken.
std::vector<std::string> claim(context& c, const std::string& path, const json::object& body, std::string_view own)
{
    std::vector<std::string> keys;
    for (const auto& one : unique_members) {
        const auto value = text_in(body, one.member);
        if (one.collection != c.asked.of->collection || value.empty())
            continue;
        auto key = path + " " + std::string(one.member) + ":" + lower(value);
        if (const auto owner = c.kept.owner(key); !owner.empty() && owner != own)
            c.refuse({one.status, one.code, "is taken", std::string(one.member) + " belongs to another one already.",
                      std::string(one.member)});
        keys.push_back(std::move(key));
    }
    return keys;
}

std::string store_one(context& c, const std::string& path, const json::object& from, const schema& shape)
{
    auto made = make(c, shape, from);
    const auto id = std::string(text_in(made, "id"));
    if (id.empty())
        return json::serialize(made);
    auto keys = claim(c, path, made, id);
    if (!c.refused.empty())
        return {};
    const auto* created = made.if_contains("created_at");
    auto& kept = c.kept.add(path, id, made, std::move(keys),
                            created && created->is_int64() ? created->get_int64() : c.wall, c.now);
    kept.shape = &shape;
    return kept.text;
}

} // namespace

std::string path_of(const context& c)
{
    std::string out;
    std::size_t capture = 0;
    std::string_view form = c.asked.of->collection;
    for (auto at = form.find("{}"); at != std::string_view::npos; at = form.find("{}")) {
        out += form.substr(0, at);
        out += c.asked.captures.at(capture++);
        form.remove_prefix(at + 2);
    }
    return out += form;
}

bool parents_exist(context& c)
{
    const auto& form = c.asked.of->form;
    std::string path;
    std::size_t capture = 0, from = 0;
    for (auto at = form.find("{}"); at != std::string::npos; at = form.find("{}", from)) {
        path += form.substr(from, at - from - (at > from ? 1 : 0));
        // an element is a parent when the path goes on after it, and missing when it could have been created and was
        // not
        const bool goes_on = at + 2 < form.size();
        if (goes_on && c.creatable.contains(form.substr(0, at - 1))) {
            const auto* in = c.kept.find(path);
            if (!in || !const_cast<collection*>(in)->find(c.asked.captures.at(capture))) {
                c.refuse(not_found(path, c.asked.captures[capture]));
                return false;
            }
        }
        path += "/" + c.asked.captures.at(capture++);
        from = at + 2;
    }
    return true;
}

void carry(json::object& to, const schema& of, const json::object& from)
{
    for (const auto& [name, value] : from) {
        const auto* p = of.find(name);
        if (!p)
            continue;
        if (value.is_null() && !p->of->nullable) {
            if (p->of->type == schema::kind::object)
                to[name] = json::object();
        } else if (fits(value, *p->of))
            to[name] = value;
        else if (p->of->type == schema::kind::integer && value.is_string()) {
            if (const auto time = parse_rfc3339(value.get_string()))
                to[name] = *time;
        }
    }
}

json::object make(context& c, const schema& of, const json::object& from)
{
    auto made = c.made.make(of, answers::stateful, c.wall);
    auto* object = made.if_object();
    if (!object)
        return {};
    // members called like a path parameter are that parameter: organization_id of a nested resource
    std::size_t i = 0;
    for (const auto& p : c.asked.of->parameters)
        if (p.in == parameter::place::path && i < c.asked.captures.size()) {
            if (const auto* member = of.find(p.name); member && member->of->type == schema::kind::string)
                (*object)[p.name] = c.asked.captures[i];
            ++i;
        }
    carry(*object, of, from);
    return std::move(*object);
}

json::object reshape(context& c, const schema& to, const json::object& from)
{
    auto made = c.made.make(to, answers::stateful, c.wall);
    auto* object = made.if_object();
    if (!object)
        return from;
    carry(*object, to, from);
    return std::move(*object);
}

std::string shown(context& c, const schema* as, const resource& r)
{
    return !as || !r.shape || r.shape == as ? r.text : json::serialize(reshape(c, *as, r.parsed()));
}

void create(context& c)
{
    if (!parents_exist(c) || !c.shape())
        return;
    c.text = store_one(c, path_of(c), c.body(), *c.shape());
}

void create_many(context& c)
{
    if (!parents_exist(c) || !c.shape() || !c.asked.body.is_array())
        return;
    std::string name;
    const auto* items = listed_items(c.shape(), name);
    std::vector<std::string> made;
    for (const auto& one : c.asked.body.get_array()) {
        made.push_back(store_one(c, path_of(c), one.as_object(), *items));
        if (!c.refused.empty())
            return;
    }
    const auto total = made.size();
    answer_texts(c, made, total);
}

void count(context& c)
{
    const auto* in = c.kept.find(path_of(c));
    auto made = c.made.make(*c.shape(), answers::stateful, c.wall);
    made.as_object()["total_count"] =
        in ? std::count_if(in->by_time().begin(), in->by_time().end(), [&](const auto* r) { return visible(c, *r); })
           : 0;
    c.answer(made);
}

} // namespace generic

} // namespace usher::sandbox
