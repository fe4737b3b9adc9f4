#include "sandbox/identifier.hpp"
#include "sandbox/platform/platform.hpp"

#include <algorithm>

namespace usher::sandbox::platform {

namespace {

constexpr std::int64_t check_pause = 5'000; // between two looks at the DNS

json::object shown(const json::object& kept)
{
    json::object out;
    for (const auto& [name, value] : kept)
        if (!name.starts_with("_"))
            out[name] = value;
    return out;
}

std::string name_key(std::string_view name)
{
    return "platform domain:" + lower(name);
}

json::array targets(std::string_view name)
{
    json::array out;
    const std::string host(name);
    for (const auto* sub : {"accounts", "clerk", "clk._domainkey", "clk2._domainkey", "clkmail"})
        out.push_back(json::object{{"host", sub + ("." + host)},
                                   {"value", std::string(sub) + ".clerk.services"},
                                   {"required", std::string_view(sub) == "clerk"}});
    return out;
}

void name_it(json::object& domain, std::string_view name, std::string_view proxy_path)
{
    const std::string host(name);
    domain["name"] = host;
    domain["frontend_api_url"] = "https://clerk." + host;
    domain["accounts_portal_url"] = "https://accounts." + host;
    domain["cname_targets"] = targets(host);
    if (!proxy_path.empty())
        domain["proxy_url"] = "https://" + host + std::string(proxy_path);
}

bool check(context& c, std::string_view name, std::string_view proxy_path, std::string_view own)
{
    if (!domain_like(name))
        refuse(c, 422, "form_param_format_invalid", "name must be a domain.", "name");
    else if (const auto owner = c.kept.owner(name_key(name)); !owner.empty() && owner != own)
        refuse(c, own.empty() ? 409 : 422, "form_identifier_exists", "This domain is taken.", "name");
    if (!proxy_path.empty() && (proxy_path.front() != '/' || proxy_path.find('/', 1) != std::string_view::npos))
        refuse(c, 422, "form_param_format_invalid", "proxy_path must be one segment after a slash.", "proxy_path");
    return c.refused.empty();
}

resource* find(context& c, std::string_view id_or_name, std::string_view application_id)
{
    auto& all = c.kept.at(domains);
    auto* found = all.find(id_or_name);
    if (!found)
        found = all.find(c.kept.owner(name_key(id_or_name)));
    if (found && (application_id.empty() || text_in(found->parsed(), "_application_id") == application_id))
        return found;
    c.refuse(not_found("domains", id_or_name));
    return nullptr;
}

resource* domain_of_path(context& c)
{
    const auto* home = application(c);
    return home ? find(c, c.capture(1), home->id) : nullptr;
}

resource* primary(context& c, std::string_view application_id)
{
    for (auto* r : c.kept.at(domains).by_time())
        if (const auto body = r->parsed();
            text_in(body, "_application_id") == application_id && !true_in(body, "is_provider_domain"))
            return r;
    return nullptr;
}

// Nothing is set up in anybody's DNS: complete after the second look, so that programs that wait see both.
json::object status(const json::object& domain)
{
    const bool done = domain.contains("_checks") && domain.at("_checks").as_int64() > 1;
    const auto name = std::string(text_in(domain, "name"));
    json::object cnames;
    for (const auto* sub : {"accounts", "clerk", "clk._domainkey", "clk2._domainkey", "clkmail"})
        cnames[sub] = json::object{{"clerk_subdomain", sub},
                                   {"from", sub + ("." + name)},
                                   {"to", std::string(sub) + ".clerk.services"},
                                   {"verified", done},
                                   {"required", std::string_view(sub) == "clerk"},
                                   {"failure_hints", nullptr}};
    return {
        {"dns", json::object{{"status", done ? "complete" : "not_started"}, {"cnames", std::move(cnames)}}},
        {"ssl",
         json::object{{"status", done ? "complete" : "not_started"}, {"required", true}, {"failure_hints", nullptr}}},
        {"mail", json::object{{"status", done ? "complete" : "not_started"}, {"required", false}}},
        {"status", done ? "complete" : "incomplete"}};
}

} // namespace

bool domain_like(std::string_view text)
{
    const auto dot = text.find('.');
    return text.size() <= 253 && dot != 0 && dot != std::string_view::npos && text.back() != '.' &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                      c == '.';
           });
}

void add_domain(context& c, const json::object& application, std::string_view name, bool of_provider,
                std::string_view proxy_path)
{
    auto copy = application;
    const auto* home = production_of(copy);
    const auto now = time_text(c.wall);
    const auto born = text_in(application, "_created_at");
    const auto id = "dmn_" + base62(27, c.made.source());
    json::object made{{"object", "domain"}, {"id", id}, {"name", name}};
    made["is_satellite"] = false;
    made["is_provider_domain"] = of_provider;
    made["development_origin"] = "";
    name_it(made, name, proxy_path);
    made["created_at"] = made["updated_at"] = now;
    made["application"] = json::object{{"object", "application"},
                                       {"id", text_in(application, "application_id")},
                                       {"created_at", born},
                                       {"updated_at", born}};
    made["instance"] = json::object{{"object", "instance"},
                                    {"id", text_in(*home, "instance_id")},
                                    {"environment_type", "production"},
                                    {"created_at", born},
                                    {"updated_at", born}};
    made["_application_id"] = text_in(application, "application_id");
    made["_checks"] = 0;
    c.kept.add(domains, id, made, {name_key(name)}, c.wall, c.now);
    c.answer(shown(made));
}

namespace rules {

void update_domain(context& c)
{
    auto* home = application(c);
    if (!home)
        return;
    auto body = home->parsed();
    if (!production_of(body))
        return c.refuse(not_found("instances", "production"));
    auto* found = primary(c, home->id);
    const auto name = text_in(c.body(), "name"), proxy = text_in(c.body(), "proxy_path");
    if (!check(c, name, proxy, found ? std::string_view(found->id) : "-"))
        return;
    if (!found)
        return add_domain(c, body, name, false, proxy);
    auto domain = found->parsed();
    name_it(domain, name, proxy);
    domain["updated_at"] = time_text(c.wall);
    domain["_checks"] = 0;
    c.kept.replace(c.kept.at(domains), *found, domain, {name_key(name)});
    c.answer(shown(domain));
}

void create_domain(context& c)
{
    auto* home = application(c);
    if (!home)
        return;
    auto body = home->parsed();
    if (!production_of(body))
        return c.refuse(not_found("instances", "production"));
    const auto name = text_in(c.body(), "name"), proxy = text_in(c.body(), "proxy_path");
    if (check(c, name, proxy, {}))
        add_domain(c, body, name, true, proxy.empty() ? std::string_view("/__clerk") : proxy);
}

void list_application_domains(context& c)
{
    const auto* home = application(c);
    if (!home)
        return;
    json::array out;
    for (const auto* r : c.kept.at(domains).by_time())
        if (const auto body = r->parsed(); text_in(body, "_application_id") == home->id)
            out.push_back(shown(body));
    const auto total = static_cast<std::int64_t>(out.size());
    c.answer(json::object{{"data", std::move(out)}, {"total_count", total}});
}

void get_domain(context& c)
{
    if (const auto* found = domain_of_path(c))
        c.answer(shown(found->parsed()));
}

void delete_domain(context& c)
{
    auto* found = domain_of_path(c);
    if (!found)
        return;
    const auto id = found->id;
    if (!true_in(found->parsed(), "is_provider_domain"))
        return refuse(c, 422, "primary_domain_cannot_be_deleted", "The primary domain cannot be deleted.", {});
    c.kept.remove(c.kept.at(domains), *found);
    c.answer(json::object{{"deleted", true}, {"object", "domain"}, {"id", id}});
}

void domain_status(context& c)
{
    if (const auto* found = domain_of_path(c))
        c.answer(status(found->parsed()));
}

void check_dns(context& c)
{
    auto* found = domain_of_path(c);
    if (!found)
        return;
    auto body = found->parsed();
    if (const auto* last = body.if_contains("_checked"); last && last->as_int64() + check_pause > c.wall)
        return refuse(c, 409, "dns_check_in_progress", "The DNS was looked at a moment ago.", {});
    body["_checked"] = c.wall;
    body["_checks"] = body["_checks"].as_int64() + 1;
    c.kept.replace(c.kept.at(domains), *found, body, found->keys);
    auto out = status(body);
    out["domain_id"] = found->id;
    out["last_run_at"] = c.wall;
    c.answer(out);
}

void list_domains(context& c)
{
    const auto part = text_in(c.asked.query, "name");
    std::vector<json::object> found;
    for (const auto* r : c.kept.at(domains).by_time())
        if (auto body = r->parsed(); visible(c, *r) && contains_text(text_in(body, "name"), part))
            found.push_back(shown(body));
    std::reverse(found.begin(), found.end());
    answer_cursor_page(c, std::move(found));
}

void get_workspace_domain(context& c)
{
    if (const auto* found = find(c, c.capture(0), {}))
        c.answer(shown(found->parsed()));
}

} // namespace rules

} // namespace usher::sandbox::platform
