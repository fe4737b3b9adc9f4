#include "sandbox/identifier.hpp"
#include "sandbox/platform/platform.hpp"

#include <algorithm>

namespace usher::sandbox::platform {

namespace {

json::object shown(json::object body, bool with_secrets)
{
    for (auto it = body.begin(); it != body.end();)
        it = it->key().starts_with("_") ? body.stable_erase(it) : it + 1;
    if (!with_secrets)
        for (auto& one : body["instances"].as_array())
            one.as_object().erase("secret_key");
    return body;
}

bool check_name(context& c, std::string_view name)
{
    if (name.empty() || name.size() > 50)
        refuse(c, 422, "form_param_format_invalid", "name must have 1 to 50 characters.", "name");
    return c.refused.empty();
}

void keep(context& c, resource& r, const json::object& body)
{
    c.kept.replace(c.kept.at(applications), r, body, {});
}

} // namespace

void refuse(context& c, int status, const char* code, std::string text, std::string_view parameter)
{
    c.refuse({status, code, "not accepted", std::move(text), std::string(parameter)});
}

std::string time_text(std::int64_t milliseconds)
{
    return format_rfc3339(milliseconds);
}

resource* application(context& c)
{
    auto* found = c.kept.at(applications).find(c.capture(0));
    if (!found)
        c.refuse(not_found("applications", c.capture(0)));
    return found;
}

json::object instance(context& c)
{
    const auto* found = application(c);
    if (!found)
        return {};
    const auto body = found->parsed();
    for (const auto& one : body.at("instances").as_array()) {
        const auto& o = one.as_object();
        if (text_in(o, "instance_id") == c.capture(1) || text_in(o, "environment_type") == c.capture(1))
            return o;
    }
    c.refuse(not_found("instances", c.capture(1)));
    return {};
}

store& kept_by(context& c, const json::object& instance)
{
    return c.others->of_key(text_in(instance, "secret_key"));
}

void as_backend(context& c, const json::object& instance, std::vector<std::string> captures, rule what)
{
    auto asked = c.asked;
    asked.captures = std::move(captures);
    context within(kept_by(c, instance), c.made, c.how, c.creatable, asked, c.now, c.wall);
    what(within);
    c.text = std::move(within.text);
    c.status = within.status;
    for (auto& why : within.refused)
        c.refuse(std::move(why));
}

json::object new_application(context& c, std::string_view name, const std::vector<std::string>& environments)
{
    json::array instances;
    for (const auto& one : environments) {
        const char* const kind = one == "production" ? "live_" : "test_";
        instances.push_back(json::object{{"instance_id", "ins_" + base62(27, c.made.source())},
                                         {"environment_type", one},
                                         {"secret_key", std::string("sk_") + kind + base62(40, c.made.source())},
                                         {"publishable_key", std::string("pk_") + kind + base62(40, c.made.source())}});
    }
    const auto id = "app_" + base62(27, c.made.source());
    json::object made{{"application_id", id},
                      {"name", name},
                      {"instances", std::move(instances)},
                      {"_created_at", time_text(c.wall)}};
    c.kept.add(applications, id, made, {}, c.wall, c.now);
    return made;
}

json::object* production_of(json::object& application)
{
    for (auto& one : application["instances"].as_array())
        if (text_in(one.as_object(), "environment_type") == "production")
            return &one.as_object();
    return nullptr;
}

namespace rules {

void list_applications(context& c)
{
    json::array out;
    if (const auto* all = c.kept.find(applications))
        for (const auto* r : all->by_time())
            if (visible(c, *r))
                out.push_back(shown(r->parsed(), true_in(c.asked.query, "include_secret_keys")));
    c.answer(out);
}

void create_application(context& c)
{
    const auto& body = c.body();
    const auto name = text_in(body, "name"), domain = text_in(body, "domain");
    auto environments = texts_in(body, "environment_types");
    for (const auto& one : environments)
        if (one != "development" && one != "production")
            refuse(c, 422, "form_param_value_invalid", "environment_types: development or production.",
                   "environment_types");
    if (!check_name(c, name))
        return;
    if (environments.empty())
        environments.emplace_back("development");
    const bool production = std::find(environments.begin(), environments.end(), "production") != environments.end();
    if (!domain.empty() && !production)
        refuse(c, 422, "form_conditional_param_disallowed", "domain belongs to a production instance.", "domain");
    if (!domain.empty() && !domain_like(domain))
        refuse(c, 422, "form_param_format_invalid", "domain must be a domain.", "domain");
    if (!c.refused.empty())
        return;
    auto made = new_application(c, name, environments);
    if (!domain.empty())
        add_domain(c, made, domain, false, text_in(body, "proxy_path"));
    c.answer(shown(std::move(made), true));
}

void get_application(context& c)
{
    if (const auto* found = application(c))
        c.answer(shown(found->parsed(), true_in(c.asked.query, "include_secret_keys")));
}

void update_application(context& c)
{
    auto* found = application(c);
    if (!found)
        return;
    auto body = found->parsed();
    if (const auto* name = given(c.body(), "name")) {
        if (!check_name(c, name->get_string()))
            return;
        body["name"] = *name;
    }
    keep(c, *found, body);
    c.answer(shown(std::move(body), false));
}

void delete_application(context& c)
{
    auto* found = application(c);
    if (!found)
        return;
    const auto id = found->id;
    for (const auto* path : {domains, transfers}) {
        std::vector<resource*> gone;
        for (auto* r : c.kept.at(path).by_time())
            if (text_in(r->parsed(), "_application_id") == id)
                gone.push_back(r);
        for (auto* r : gone)
            c.kept.remove(c.kept.at(path), *r);
    }
    c.kept.drop_below(std::string(applications) + "/" + id);
    c.kept.remove(c.kept.at(applications), *found);
    c.answer(json::object{{"deleted", true}, {"object", "application"}, {"id", id}});
}

void set_image(context& c)
{
    auto* found = application(c);
    if (!found)
        return;
    auto body = found->parsed();
    const auto which = c.asked.of->form.ends_with("/logo") ? "_has_logo" : "_has_favicon";
    body[which] = c.asked.of->method == "POST";
    keep(c, *found, body);
    c.answer(shown(std::move(body), false));
}

// A token is good for one claim; every token that was not used yet is taken for one.
void claim_application(context& c)
{
    const auto token = text_in(c.body(), "token");
    auto& used = c.kept.at("/platform/claims");
    if (!check_name(c, text_in(c.body(), "name")))
        return;
    if (token.empty() || used.find(token))
        return c.refuse(not_found("accountless_applications", {}));
    c.kept.add("/platform/claims", std::string(token), json::object(), {}, c.wall, c.now);
    c.answer(shown(new_application(c, text_in(c.body(), "name"), {"development"}), false));
}

} // namespace rules

} // namespace usher::sandbox::platform
