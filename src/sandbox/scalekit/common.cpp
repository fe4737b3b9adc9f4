#include "sandbox/identifier.hpp"
#include "sandbox/scalekit/scalekit.hpp"
#include "sandbox/signing.hpp"

#include <algorithm>
#include <charconv>

namespace usher::sandbox::scalekit {

void invalid(context& c, std::string_view name, std::string_view expected)
{
    auto why = form::wrong_value(name, expected);
    why.status = 400;
    c.refuse(std::move(why));
}

void absent(context& c, std::string_view what, std::string_view id)
{
    c.refuse({404, "not_found", "not found", std::string(what) + " " + std::string(id) + " was not found.",
              std::string(what)});
}

void exists(context& c, std::string_view what, std::string_view name)
{
    c.refuse({409, "already_exists", "already exists",
              "Another " + std::string(what) + " has this " + std::string(name) + " already.", std::string(what)});
}

void impossible(context& c, std::string text)
{
    c.refuse({400, "failed_precondition", "not possible", std::move(text), {}});
}

std::string new_id(context& c, std::string_view prefix)
{
    constexpr std::uint64_t least = 100'000'000'000'000'000;
    return std::string(prefix) + std::to_string(least + c.made.source().below(8 * least));
}

std::string time_text(std::int64_t milliseconds)
{
    return format_rfc3339(milliseconds);
}

json::object visible_members(json::object of)
{
    for (auto it = of.begin(); it != of.end();)
        it = it->key().starts_with("_") ? of.stable_erase(it) : it + 1;
    return of;
}

void answer_one(context& c, const char* name, json::object object)
{
    c.answer(json::object{{name, visible_members(std::move(object))}});
}

void answer_nothing(context& c)
{
    c.text = "{}";
}

json::object as_kept(context&, const resource& r)
{
    return visible_members(r.parsed());
}

found_resources everything(context& c, std::string_view path)
{
    found_resources out;
    if (const auto* in = c.kept.find(path)) {
        out.reserve(in->size());
        for (const auto* r : in->by_time())
            if (visible(c, *r))
                out.push_back(r);
    }
    return out;
}

namespace {

// A place in a listing: after (or before) what was created then. It names the listing too: tokens of another one are
// refused.
struct place {
    bool forward = true;
    std::int64_t created_at = 0;
    std::uint64_t sequence = 0;
};

std::string listing_name(const context& c)
{
    auto name = c.asked.of->id;
    for (const auto& one : c.asked.captures)
        name += "/" + one;
    for (const auto& [key, value] : c.asked.query)
        if (key != "page_token" && key != "page_size")
            name += "&" + std::string(key) + "=" + json::serialize(value);
    return base64url(sha256(name)).substr(0, 8);
}

std::string token_of(const context& c, bool forward, const resource& at)
{
    return base64url(listing_name(c) + (forward ? ".n." : ".p.") + std::to_string(at.created_at) + "." +
                     std::to_string(at.sequence));
}

std::optional<place> read_token(const context& c, std::string_view token)
{
    const auto text = base64url_decode(token);
    if (!text || !text->starts_with(listing_name(c) + ".") || text->size() < 12)
        return std::nullopt;
    place out;
    out.forward = (*text)[9] == 'n';
    const char* const end = text->data() + text->size();
    const auto first = std::from_chars(text->data() + 11, end, out.created_at);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != '.')
        return std::nullopt;
    const auto second = std::from_chars(first.ptr + 1, end, out.sequence);
    return second.ec == std::errc() && second.ptr == end ? std::optional(out) : std::nullopt;
}

bool before(const resource* r, const place& p)
{
    return r->created_at != p.created_at ? r->created_at < p.created_at : r->sequence < p.sequence;
}

} // namespace

void answer_page(context& c, const char* name, const found_resources& all, page_rules bounds,
                 json::object (*show)(context&, const resource&))
{
    auto size = bounds.standard;
    if (const auto* given = c.asked.query.if_contains("page_size"); given && given->is_int64()) {
        if (given->get_int64() < 0 || given->get_int64() > bounds.most)
            return invalid(c, "page_size", "at most " + std::to_string(bounds.most));
        size = given->get_int64() == 0 ? size : given->get_int64();
    }
    const auto count = static_cast<std::ptrdiff_t>(all.size());
    std::ptrdiff_t first = 0, last = 0;
    if (const auto token = text_in(c.asked.query, "page_token"); !token.empty()) {
        const auto at = read_token(c, token);
        if (!at)
            return invalid(c, "page_token", "one that this listing gave");
        const auto here =
            std::partition_point(all.begin(), all.end(), [&](const auto* r) { return before(r, *at); }) - all.begin();
        const bool there = here < count && all[static_cast<std::size_t>(here)]->sequence == at->sequence;
        if (at->forward)
            first = there ? here + 1 : here;
        else
            first = std::max<std::ptrdiff_t>(0, here - size);
        last = at->forward ? std::min<std::ptrdiff_t>(count, first + size) : here;
    } else
        last = std::min<std::ptrdiff_t>(count, size);

    json::object out;
    json::array items;
    for (auto i = first; i < last; ++i)
        items.push_back(show(c, *all[static_cast<std::size_t>(i)]));
    out[name] = std::move(items);
    const bool more = last < count && last > first;
    const bool earlier = first > 0 && last > first;
    out["next_page_token"] = more ? token_of(c, true, *all[static_cast<std::size_t>(last - 1)]) : std::string();
    out["prev_page_token"] = earlier ? token_of(c, false, *all[static_cast<std::size_t>(first)]) : std::string();
    out["total_size"] = static_cast<std::int64_t>(count);
    c.answer(out);
}

void check_metadata(context& c, const json::object& in, std::string_view name, std::size_t most)
{
    const auto member = name.substr(name.rfind('.') + 1);
    const auto* given = in.if_contains(member);
    if (!given || !given->is_object())
        return;
    const auto& pairs = given->get_object();
    if (pairs.size() > most)
        invalid(c, name, "at most " + std::to_string(most) + " pairs");
    for (const auto& [key, value] : pairs) {
        const auto where = std::string(name) + "." + std::string(key);
        if (key.size() < 3 || key.size() > 25)
            invalid(c, where, "named with 3 to 25 characters");
        if (!value.is_string() || value.get_string().empty() || value.get_string().size() > 256)
            invalid(c, where, "a text of 1 to 256 characters");
    }
}

void assign(json::object& to, const json::object& from, std::initializer_list<const char*> names)
{
    for (const auto* name : names)
        if (const auto* value = given(from, name))
            to[name] = *value;
}

void save(context& c, std::string_view path, resource& r, json::object body)
{
    for (const auto* name : {"update_time", "updated_at"})
        if (body.contains(name))
            body[name] = time_text(c.wall);
    c.kept.replace(c.kept.at(path), r, body, r.keys);
}

std::string organization_path(std::string_view id, std::string_view below)
{
    return "/organizations/" + std::string(id) + "/" + std::string(below);
}

} // namespace usher::sandbox::scalekit
