#include "sandbox/context.hpp"
#include "sandbox/identifier.hpp"

#include <algorithm>

namespace usher::sandbox {

namespace {

// "-created_at" → created_at, descending. The parameter's default holds when the call says nothing.
std::pair<std::string, bool> wanted_order(const context& c)
{
    std::string_view text = text_in(c.asked.query, "order_by");
    if (text.empty())
        if (const auto* p = c.asked.of->find("order_by", parameter::place::query); p && p->of->standard.is_string())
            text = p->of->standard.get_string();
    if (text.empty())
        return {"created_at", true};
    const bool descending = text.front() == '-';
    if (text.front() == '-' || text.front() == '+' || text.front() == ' ') // an unencoded '+' arrives as a space
        text.remove_prefix(1);
    return {std::string(text), descending};
}

bool less(const json::value& a, const json::value& b)
{
    if (a.is_number() && b.is_number())
        return a.to_number<double>() < b.to_number<double>();
    if (a.is_string() && b.is_string())
        return lower(a.get_string()) < lower(b.get_string());
    return a.is_null() && !b.is_null();
}

bool equal(const json::value& member, const json::value& wanted)
{
    if (member.is_bool() && wanted.is_string())
        return wanted.get_string() == (member.get_bool() ? "true" : "false");
    if (member.is_number() && wanted.is_number())
        return member.to_number<double>() == wanted.to_number<double>();
    return member == wanted;
}

bool any_text_contains(const json::value& in, std::string_view part)
{
    if (in.is_string())
        return contains_text(in.get_string(), part);
    if (const auto* o = in.if_object())
        return std::any_of(o->begin(), o->end(), [&](const auto& m) { return any_text_contains(m.value(), part); });
    if (const auto* a = in.if_array())
        return std::any_of(a->begin(), a->end(), [&](const auto& v) { return any_text_contains(v, part); });
    return false;
}

bool passes(const json::object& body, const std::string& name, const json::value& wanted)
{
    if (name == "query" || name.ends_with("_query"))
        return any_text_contains(body, wanted.get_string());
    const auto* member = body.if_contains(name);
    if (!member)
        return true; // a filter on something that is not kept
    const auto* list = wanted.if_array();
    if (!list)
        return equal(*member, wanted);
    bool included = false, any_inclusion = false;
    for (const auto& one : *list) {
        std::string_view text = one.is_string() ? std::string_view(one.get_string()) : std::string_view();
        const bool prefixed = name.ends_with("_id") && !text.empty() && (text.front() == '+' || text.front() == '-');
        const bool excluded = prefixed && text.front() == '-';
        const bool same =
            prefixed ? equal(*member, json::value(json::string_view(text.substr(1)))) : equal(*member, one);
        if (excluded && same)
            return false;
        any_inclusion |= !excluded;
        included |= !excluded && same;
    }
    return included || !any_inclusion;
}

} // namespace

bool contains_text(std::string_view whole, std::string_view part)
{
    const auto fold = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::search(whole.begin(), whole.end(), part.begin(), part.end(),
                       [&](char a, char b) { return fold(a) == fold(b); }) != whole.end();
}

bool visible(const context& c, const resource& r)
{
    return c.how.listing_lag.count() == 0 || r.born + c.how.listing_lag <= c.now;
}

void order(const context& c, std::vector<const resource*>& by_time)
{
    const auto [name, descending] = wanted_order(c);
    if (name != "created_at") {
        std::vector<std::pair<json::value, const resource*>> keyed;
        keyed.reserve(by_time.size());
        for (const auto* r : by_time) {
            auto body = r->parsed();
            const auto* key = body.if_contains(name == "web3wallet" ? "web3_wallet" : name);
            if (name == "email_address" || name == "phone_number") // of a user: of the first one
                if (const auto* list = body.if_contains(name == "email_address" ? "email_addresses" : "phone_numbers");
                    list && list->is_array() && !list->get_array().empty())
                    key = list->get_array()[0].as_object().if_contains(name);
            if (const auto* user = body.if_contains("public_user_data"); !key && user && user->is_object())
                key = user->get_object().if_contains(name == "email_address" || name == "phone_number" ? "identifier"
                                                                                                       : name);
            keyed.emplace_back(key ? *key : json::value(), r);
        }
        std::stable_sort(keyed.begin(), keyed.end(),
                         [](const auto& a, const auto& b) { return less(a.first, b.first); });
        for (std::size_t i = 0; i != keyed.size(); ++i)
            by_time[i] = keyed[i].second;
    }
    if (descending)
        std::reverse(by_time.begin(), by_time.end());
}

void filter(const context& c, std::vector<const resource*>& among, const schema* items)
{
    std::vector<std::pair<std::string, json::value>> wanted;
    for (const auto& [name, value] : c.asked.query) {
        const std::string key(name);
        const bool text = (key == "query" || key.ends_with("_query")) && value.is_string();
        if (text ? !value.get_string().empty() : items && items->find(key))
            wanted.emplace_back(key, value);
    }
    if (wanted.empty())
        return;
    std::erase_if(among, [&](const auto* r) {
        const auto body = r->parsed();
        return !std::all_of(wanted.begin(), wanted.end(),
                            [&](const auto& w) { return passes(body, w.first, w.second); });
    });
}

std::pair<std::size_t, std::size_t> page_bounds(const context& c, std::size_t total)
{
    const auto number = [&](std::string_view name, std::size_t standard) {
        const auto* v = c.asked.query.if_contains(name);
        return v && v->is_number() ? static_cast<std::size_t>(std::max(0.0, v->to_number<double>())) : standard;
    };
    const bool pages = c.asked.of->find("limit", parameter::place::query) != nullptr;
    const auto first = std::min(total, number("offset", 0));
    return {first, pages ? std::min(total, first + number("limit", 10)) : total};
}

void answer_texts(context& c, const std::vector<std::string>& page, std::size_t total)
{
    std::string name;
    listed_items(c.shape(), name);
    std::size_t size = 64;
    for (const auto& one : page)
        size += one.size() + 1;
    c.text.reserve(size);
    if (!name.empty())
        c.text = "{\"" + name + "\":";
    c.text += '[';
    for (const auto& one : page) {
        if (c.text.back() != '[')
            c.text += ',';
        c.text += one;
    }
    c.text += ']';
    if (name.empty())
        return;
    if (const auto rest = c.made.make(*c.shape(), answers::stateful, c.wall); rest.is_object())
        for (const auto& [member, value] : rest.get_object())
            if (member != name)
                c.text += ",\"" + std::string(member) +
                          "\":" + (member == "total_count" ? std::to_string(total) : json::serialize(value));
    c.text += '}';
}

void answer_page(context& c, const std::vector<const resource*>& found)
{
    const auto [first, last] = page_bounds(c, found.size());
    std::string name;
    const auto* items = listed_items(c.shape(), name);
    std::vector<std::string> page;
    for (auto i = first; i != last; ++i)
        page.push_back(generic::shown(c, items, *found[i]));
    answer_texts(c, page, found.size());
}

void generic::list(context& c)
{
    if (!parents_exist(c))
        return;
    std::vector<const resource*> found;
    if (const auto* in = c.kept.find(path_of(c)))
        for (const auto* r : in->by_time())
            if (r->id != "." && visible(c, *r))
                found.push_back(r);
    std::string name;
    filter(c, found, listed_items(c.shape(), name));
    order(c, found);
    answer_page(c, found);
}

} // namespace usher::sandbox
