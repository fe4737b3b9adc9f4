#include "sandbox/identifier.hpp"
#include "sandbox/rules.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace usher::sandbox::rules {

namespace {

struct keyed_filter {
    const char* parameter;
    const char* key; // of the unique index; empty: the id itself
    bool prefixed;   // '+' includes, '-' excludes
};

constexpr std::array<keyed_filter, 6> keyed{{
    {"email_address", "email:", false},
    {"phone_number", "phone:", false},
    {"username", "username:", false},
    {"web3_wallet", "web3:", false},
    {"external_id", "external_id:", true},
    {"user_id", "", true},
}};

constexpr std::size_t most_values = 100;

struct values {
    std::vector<std::string> include, exclude;
};

// An identifier that begins with '-' is asked for as "+-…".
values split(context& c, const char* parameter, bool prefixed)
{
    values out;
    const auto all = texts_in(c.asked.query, parameter);
    if (all.size() > most_values)
        c.refuse(form::too_many(parameter, most_values));
    for (const auto& one : all) {
        if (prefixed && one.starts_with('-'))
            out.exclude.push_back(one.substr(1));
        else if (prefixed && one.starts_with('+'))
            out.include.push_back(one.substr(1));
        else
            out.include.push_back(one);
    }
    return out;
}

using ids = std::unordered_set<std::string_view>;

ids owners(context& c, const keyed_filter& filter, const std::vector<std::string>& of)
{
    ids out;
    for (const auto& value : of) {
        if (!*filter.key) {
            if (const auto* user = c.kept.at("/users").find(value))
                out.insert(user->id);
        } else if (const auto owner = c.kept.owner(filter.key + (filter.prefixed ? value : lower(value)));
                   !owner.empty())
            out.insert(owner);
    }
    return out;
}

ids members(context& c, const std::vector<std::string>& organizations)
{
    ids out;
    for (const auto& one : organizations)
        if (auto* in = c.kept.find("/organizations/" + one + "/memberships"))
            for (const auto* membership : in->by_time())
                out.insert(membership->id);
    return out;
}

std::int64_t number(const json::object& from, std::string_view name)
{
    const auto* v = from.if_contains(name);
    return v && v->is_int64() ? v->get_int64() : 0;
}

// What cannot be told from an index: needs the user itself.
bool passes(const context& c, const resource& r)
{
    const auto& q = c.asked.query;
    if (const auto* v = q.if_contains("created_at_before"); v && !(r.created_at < v->as_int64()))
        return false;
    if (const auto* v = q.if_contains("created_at_after"); v && !(r.created_at > v->as_int64()))
        return false;
    static constexpr std::array<const char*, 12> parsed{"query",
                                                        "email_address_query",
                                                        "phone_number_query",
                                                        "username_query",
                                                        "name_query",
                                                        "banned",
                                                        "last_active_at_before",
                                                        "last_active_at_after",
                                                        "last_active_at_since",
                                                        "last_sign_in_at_before",
                                                        "last_sign_in_at_after",
                                                        "provider"};
    if (std::none_of(parsed.begin(), parsed.end(), [&](const auto* name) { return q.contains(name); }))
        return true;

    const auto user = r.parsed();
    const auto in_list = [&](const char* list, const char* member, std::string_view part) {
        const auto& all = user.at(list).as_array();
        return std::any_of(all.begin(), all.end(),
                           [&](const auto& one) { return contains_text(text_in(one.as_object(), member), part); });
    };
    const auto in_name = [&](std::string_view part) {
        return contains_text(std::string(text_in(user, "first_name")) + " " + std::string(text_in(user, "last_name")),
                             part);
    };
    const auto wanted = [&](const char* name) { return text_in(q, name); };
    if (const auto part = wanted("email_address_query");
        !part.empty() && !in_list("email_addresses", "email_address", part))
        return false;
    if (const auto part = wanted("phone_number_query");
        !part.empty() && !in_list("phone_numbers", "phone_number", part))
        return false;
    if (const auto part = wanted("username_query"); !part.empty() && !contains_text(text_in(user, "username"), part))
        return false;
    if (const auto part = wanted("name_query"); !part.empty() && !in_name(part))
        return false;
    if (const auto part = wanted("query"); !part.empty())
        if (!in_list("email_addresses", "email_address", part) && !in_list("phone_numbers", "phone_number", part) &&
            !in_list("web3_wallets", "web3_wallet", part) && !contains_text(text_in(user, "username"), part) &&
            !contains_text(r.id, part) && !in_name(part))
            return false;
    if (const auto* v = q.if_contains("banned"); v && user.at("banned") != *v)
        return false;
    if (const auto* v = q.if_contains("provider"); v)
        return false; // nobody has an external account here
    for (const auto* member : {"last_active_at", "last_sign_in_at"}) {
        const auto at = number(user, member);
        if (const auto* v = q.if_contains(std::string(member) + "_before"); v && !(at != 0 && at < v->as_int64()))
            return false;
        if (const auto* v = q.if_contains(std::string(member) + "_after"); v && !(at > v->as_int64()))
            return false;
        if (const auto* v = q.if_contains(std::string(member) + "_since"); v && !(at >= v->as_int64()))
            return false;
    }
    return true;
}

// The users that the call's filters let through, oldest first.
std::vector<const resource*> matching(context& c)
{
    std::vector<ids> allowed;
    ids barred;
    const auto add = [&](const char* parameter, const values& v, const auto& lookup) {
        if (!v.include.empty() || (c.asked.query.contains(parameter) && v.exclude.empty()))
            allowed.push_back(lookup(v.include));
        for (const auto& id : lookup(v.exclude))
            barred.insert(id);
    };
    for (const auto& one : keyed)
        add(one.parameter, split(c, one.parameter, one.prefixed), [&](const auto& of) { return owners(c, one, of); });
    add("organization_id", split(c, "organization_id", true), [&](const auto& of) { return members(c, of); });

    std::vector<const resource*> out;
    auto& users = c.kept.at("/users");
    const auto consider = [&](const resource* r) {
        const auto in = [&](const ids& set) { return set.contains(std::string_view(r->id)); };
        if (visible(c, *r) && std::all_of(allowed.begin(), allowed.end(), in) && !in(barred) && passes(c, *r))
            out.push_back(r);
    };
    if (allowed.empty())
        for (const auto* r : users.by_time())
            consider(r);
    else {
        const auto& fewest = *std::min_element(allowed.begin(), allowed.end(),
                                               [](const auto& a, const auto& b) { return a.size() < b.size(); });
        for (const auto id : fewest)
            if (const auto* r = users.find(id))
                consider(r);
        std::sort(out.begin(), out.end(), collection::older());
    }
    return out;
}

bool known_order(std::string_view text)
{
    static constexpr std::array<std::string_view, 10> names{
        "created_at", "updated_at",   "email_address", "web3wallet",     "first_name",
        "last_name",  "phone_number", "username",      "last_active_at", "last_sign_in_at"};
    if (!text.empty() && (text.front() == '-' || text.front() == '+' || text.front() == ' '))
        text.remove_prefix(1);
    return text.empty() || std::find(names.begin(), names.end(), text) != names.end();
}

} // namespace

void list_users(context& c)
{
    if (!known_order(text_in(c.asked.query, "order_by")))
        return c.refuse(form::wrong_value("order_by", "a member that users can be ordered by"));
    auto found = matching(c);
    if (!c.refused.empty())
        return;
    order(c, found);
    answer_page(c, found);
}

void count_users(context& c)
{
    const auto found = matching(c);
    if (c.refused.empty())
        c.answer(json::object{{"object", "total_count"}, {"total_count", found.size()}});
}

} // namespace usher::sandbox::rules
