// What belongs to one instance: users, JWT templates, redirect URLs, usage.

#include "sandbox/identifier.hpp"
#include "sandbox/platform/platform.hpp"
#include "sandbox/rules.hpp"

#include <algorithm>

namespace usher::sandbox::platform {

namespace {

constexpr const char* templates_path = "/jwt_templates";
constexpr const char* redirects_path = "/redirect_urls";

resource* element(context& c, const json::object& of, const char* path)
{
    auto* found = kept_by(c, of).at(path).find(c.capture(2));
    if (!found)
        c.refuse(not_found(path + 1, c.capture(2)));
    return found;
}

void remove_element(context& c, const char* path, const char* object)
{
    const auto of = instance(c);
    auto* found = c.refused.empty() ? element(c, of, path) : nullptr;
    if (!found)
        return;
    auto& kept = kept_by(c, of);
    const auto id = found->id;
    kept.remove(kept.at(path), *found);
    c.answer(json::object{{"object", object}, {"id", id}, {"deleted", true}});
}

void get_element(context& c, const char* path)
{
    const auto of = instance(c);
    if (const auto* found = c.refused.empty() ? element(c, of, path) : nullptr)
        c.text = found->text;
}

// The members of a template that was asked for, and the standard ones.
json::object fill_template(context& c, json::object made)
{
    for (const auto* name :
         {"name", "claims", "lifetime", "allowed_clock_skew", "custom_signing_key", "signing_algorithm"})
        if (const auto* value = given(c.body(), name))
            made[name] = *value;
    made["updated_at"] = c.wall;
    return made;
}

bool name_free(context& c, store& kept, std::string_view name, std::string_view own)
{
    const auto owner = kept.owner(std::string(templates_path) + " name:" + lower(name));
    if (!owner.empty() && owner != own)
        c.refuse(form::taken("name"));
    if (true_in(c.body(), "custom_signing_key") && !given(c.body(), "signing_key"))
        c.refuse(form::needs("signing_key", "when custom_signing_key is true"));
    return c.refused.empty();
}

std::vector<std::string> name_keys(std::string_view name)
{
    return {std::string(templates_path) + " name:" + lower(name)};
}

} // namespace

namespace rules {

namespace clerk = usher::sandbox::rules;

void list_users(context& c)
{
    const auto of = instance(c);
    if (c.refused.empty())
        as_backend(c, of, {}, clerk::list_users);
}

void delete_user(context& c)
{
    const auto of = instance(c);
    if (c.refused.empty())
        as_backend(c, of, {c.capture(2)}, clerk::delete_user);
}

// Who is banned is signed out.
void ban_user(context& c)
{
    const auto of = instance(c);
    if (!c.refused.empty())
        return;
    as_backend(c, of, {c.capture(2)}, clerk::ban_user);
    if (!c.refused.empty() || c.asked.of->verb != "ban")
        return;
    auto& kept = kept_by(c, of);
    for (auto* r : kept.at("/sessions").by_time()) {
        auto body = r->parsed();
        if (text_in(body, "user_id") != c.capture(2) || text_in(body, "status") != "active")
            continue;
        body["status"] = "revoked";
        body["updated_at"] = c.wall;
        kept.replace(kept.at("/sessions"), *r, body, {});
    }
}

void list_templates(context& c)
{
    const auto of = instance(c);
    if (!c.refused.empty())
        return;
    json::array out;
    for (const auto* r : kept_by(c, of).at(templates_path).by_time())
        out.push_back(r->parsed());
    c.answer(out);
}

void create_template(context& c)
{
    const auto of = instance(c);
    if (!c.refused.empty())
        return;
    auto& kept = kept_by(c, of);
    const auto name = text_in(c.body(), "name");
    if (!name_free(c, kept, name, {}))
        return;
    const auto id = "jtmp_" + base62(27, c.made.source());
    const auto made = fill_template(c, {{"object", "jwt_template"},
                                        {"id", id},
                                        {"lifetime", 60},
                                        {"allowed_clock_skew", 5},
                                        {"custom_signing_key", false},
                                        {"signing_algorithm", "RS256"},
                                        {"created_at", c.wall}});
    c.text = kept.add(templates_path, id, made, name_keys(name), c.wall, c.now).text;
}

void get_template(context& c)
{
    get_element(c, templates_path);
}

void update_template(context& c)
{
    const auto of = instance(c);
    auto* found = c.refused.empty() ? element(c, of, templates_path) : nullptr;
    if (!found)
        return;
    auto& kept = kept_by(c, of);
    const auto name = text_in(c.body(), "name");
    if (!name_free(c, kept, name, found->id))
        return;
    kept.replace(kept.at(templates_path), *found, fill_template(c, found->parsed()), name_keys(name));
    c.text = found->text;
}

void delete_template(context& c)
{
    remove_element(c, templates_path, "jwt_template");
}

void list_redirects(context& c)
{
    const auto of = instance(c);
    if (!c.refused.empty())
        return;
    std::vector<const resource*> all;
    for (const auto* r : kept_by(c, of).at(redirects_path).by_time())
        all.push_back(r);
    std::reverse(all.begin(), all.end());
    answer_page(c, all);
}

void create_redirect(context& c)
{
    const auto of = instance(c);
    if (!c.refused.empty())
        return;
    auto& kept = kept_by(c, of);
    const auto url = text_in(c.body(), "url");
    if (url.find(':') == std::string_view::npos)
        return c.refuse(form::wrong_format("url", "a URL"));
    const auto key = std::string(redirects_path) + " url:" + lower(url);
    if (!kept.owner(key).empty())
        return refuse(c, 400, "duplicate_record", "url belongs to another one already.", "url");
    const auto id = "ru_" + base62(27, c.made.source());
    const json::object made{
        {"object", "redirect_url"}, {"id", id}, {"url", url}, {"created_at", c.wall}, {"updated_at", c.wall}};
    c.text = kept.add(redirects_path, id, made, {key}, c.wall, c.now).text;
}

void get_redirect(context& c)
{
    get_element(c, redirects_path);
}

void delete_redirect(context& c)
{
    remove_element(c, redirects_path, "redirect_url");
}

// Active users and organizations are those that there are; nobody is billed.
void usage(context& c)
{
    const auto of = instance(c);
    if (!c.refused.empty())
        return;
    const auto from = text_in(c.asked.query, "start"), to = text_in(c.asked.query, "end");
    if (from.empty() != to.empty())
        return c.refuse(form::needs(from.empty() ? "start" : "end", "when the other one is given"));
    if (from > to)
        return c.refuse(form::wrong_value("end", "not before start"));
    auto& kept = kept_by(c, of);
    const auto metered = [](std::size_t n) {
        return json::object{{"total_usage", static_cast<std::int64_t>(n)}, {"total_billable_usage", 0}};
    };
    const json::object none{{"total_usage", 0}};
    json::object sms{{"total_usage", 0}};
    for (const auto* tier : {"tier_a", "tier_b", "tier_c", "tier_d", "tier_e", "tier_f"})
        sms[tier] = none;
    const auto day = std::string_view("T00:00:00Z");
    c.answer(json::object{
        {"application_id", c.capture(0)},
        {"instance_id", text_in(of, "instance_id")},
        {"period_start", from.empty() ? time_text(c.wall - 30LL * 86'400'000) : std::string(from) + std::string(day)},
        {"period_end", to.empty() ? time_text(c.wall) : std::string(to) + std::string(day)},
        {"mau", metered(kept.at("/users").size())},
        {"mao", metered(kept.at("/organizations").size())},
        {"custom_domains", none},
        {"sms_messages", std::move(sms)},
        {"enterprise_connections", none}});
}

} // namespace rules

} // namespace usher::sandbox::platform
