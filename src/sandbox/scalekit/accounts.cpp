#include "sandbox/identifier.hpp"
#include "sandbox/scalekit/scalekit.hpp"

#include <algorithm>

namespace usher::sandbox::scalekit {

namespace {

constexpr const char* accounts_path = "/connected_accounts";
constexpr std::int64_t link_lifetime = 10 * 60'000;

// Where an account is named: in the query of a GET, in the body otherwise.
const json::object& naming(const context& c)
{
    return c.asked.of->method == "GET" ? c.asked.query : c.body();
}

bool belongs(const json::object& account, const json::object& named)
{
    for (const auto* name : {"organization_id", "user_id"})
        if (const auto wanted = text_in(named, name);
            !wanted.empty() && text_in(account, std::string("_") + name) != wanted)
            return false;
    return true;
}

// By id, or by connector and identifier, narrowed by organization or user.
resource* account(context& c)
{
    const auto& named = naming(c);
    const auto id = text_in(named, c.asked.of->id == "ToolService_ExecuteTool" ? "connected_account_id" : "id");
    auto& all = c.kept.at(accounts_path);
    if (!id.empty()) {
        auto* found = all.find(id);
        if (!found)
            absent(c, "connected_account", id);
        return found;
    }
    const auto connector = text_in(named, "connector"), identifier = text_in(named, "identifier");
    if (connector.empty() ||
        (identifier.empty() && text_in(named, "organization_id").empty() && text_in(named, "user_id").empty())) {
        invalid(c, "id", "given, or connector and identifier");
        return nullptr;
    }
    for (auto* r : all.by_time()) {
        const auto body = r->parsed();
        if (text_in(body, "connector") == connector &&
            (identifier.empty() || text_in(body, "identifier") == identifier) && belongs(body, named))
            return r;
    }
    absent(c, "connected_account", std::string(connector) + " " + std::string(identifier));
    return nullptr;
}

void authorize(context& c, json::object& account, const json::object& with)
{
    assign(account, with, {"authorization_details", "api_config"});
    const auto* details = given(account, "authorization_details");
    if (!details || !details->is_object())
        return;
    const bool oauth = given(details->get_object(), "oauth_token") != nullptr;
    account["authorization_type"] = oauth ? "OAUTH" : "API_KEY";
    account["status"] = "ACTIVE";
    if (oauth)
        account["token_expires_at"] = time_text(c.wall + 3'600'000);
}

json::object in_list(context&, const resource& r)
{
    auto body = visible_members(r.parsed());
    body.erase("authorization_details");
    body.erase("api_config");
    return body;
}

bool matches(const json::object& body, std::string_view text)
{
    return contains_text(text_in(body, "identifier"), text) || contains_text(text_in(body, "provider"), text) ||
           contains_text(text_in(body, "connector"), text);
}

const json::object& details_in(const context& c)
{
    static const json::object none;
    const auto* found = given(c.body(), "connected_account");
    return found && found->is_object() ? found->get_object() : none;
}

} // namespace

namespace rules {

void create_account(context& c)
{
    const auto& body = c.body();
    for (const auto* name : {"connector", "identifier"})
        if (text_in(body, name).empty())
            invalid(c, name, "given");
    if (!c.refused.empty())
        return;
    std::string key = "connected account:";
    for (const auto* name : {"connector", "identifier", "organization_id", "user_id"})
        key += "\n" + std::string(text_in(body, name));
    if (!c.kept.owner(key).empty())
        return exists(c, "connected_account", "identifier");
    const auto connector = lower(text_in(body, "connector"));
    json::object made{{"id", new_id(c, "ca_")},
                      {"connector", text_in(body, "connector")},
                      {"provider", connector},
                      {"identifier", text_in(body, "identifier")},
                      {"connection_id", "conn_" + connector},
                      {"authorization_type", "OAUTH"},
                      {"status", "PENDING_AUTH"},
                      {"updated_at", time_text(c.wall)},
                      {"_organization_id", text_in(body, "organization_id")},
                      {"_user_id", text_in(body, "user_id")}};
    authorize(c, made, details_in(c));
    c.kept.add(accounts_path, std::string(text_in(made, "id")), made, {key}, c.wall, c.now);
    answer_one(c, "connected_account", std::move(made));
}

void update_account(context& c)
{
    auto* found = account(c);
    if (!found)
        return;
    auto body = found->parsed();
    authorize(c, body, details_in(c));
    save(c, accounts_path, *found, std::move(body));
    answer_one(c, "connected_account", found->parsed());
}

void delete_account(context& c)
{
    auto* found = account(c);
    if (!found)
        return;
    c.kept.remove(c.kept.at(accounts_path), *found);
    answer_nothing(c);
}

void account_auth(context& c)
{
    if (const auto* found = account(c))
        answer_one(c, "connected_account", found->parsed());
}

void list_accounts(context& c)
{
    auto all = everything(c, accounts_path);
    const auto& query = c.asked.query;
    std::erase_if(all, [&](const auto* r) {
        const auto body = r->parsed();
        for (const auto* name : {"connector", "identifier", "provider"})
            if (const auto wanted = text_in(query, name); !wanted.empty() && text_in(body, name) != wanted)
                return true;
        const auto text = text_in(query, "query");
        return !belongs(body, query) || (!text.empty() && !matches(body, text));
    });
    answer_page(c, "connected_accounts", all, {10, 100}, in_list);
}

void search_accounts(context& c)
{
    const auto text = text_in(c.asked.query, "query"), connection = text_in(c.asked.query, "connection_id");
    if (text.size() < 3)
        return invalid(c, "query", "at least 3 characters long");
    auto all = everything(c, accounts_path);
    std::erase_if(all, [&](const auto* r) {
        const auto body = r->parsed();
        return !matches(body, text) || (!connection.empty() && text_in(body, "connection_id") != connection);
    });
    answer_page(c, "connected_accounts", all, {10, 30}, in_list);
}

// The link's last segment is the request that verify_account_user is asked about.
void magic_link(context& c)
{
    auto* found = account(c);
    if (!found)
        return;
    const auto request = base62(40, c.made.source());
    json::object pending{{"account", found->id}, {"until", c.wall + link_lifetime}};
    assign(pending, c.body(), {"user_verify_url", "state"});
    c.kept.add("/account_requests", request, pending, {}, c.wall, c.now);
    auto body = found->parsed();
    if (text_in(body, "status") != "ACTIVE")
        body["status"] = given(c.body(), "user_verify_url") ? "PENDING_VERIFICATION" : "PENDING_AUTH";
    save(c, accounts_path, *found, std::move(body));
    c.answer(json::object{{"link", "https://connect.example.com/magicLink/" + request},
                          {"expiry", time_text(c.wall + link_lifetime)}});
}

void verify_account_user(context& c)
{
    auto& requests = c.kept.at("/account_requests");
    auto* pending = requests.find(text_in(c.body(), "auth_request_id"));
    const auto asked = pending ? pending->parsed() : json::object();
    if (!pending || asked.at("until").to_number<std::int64_t>() <= c.wall)
        return absent(c, "auth_request", text_in(c.body(), "auth_request_id"));
    auto* found = c.kept.at(accounts_path).find(text_in(asked, "account"));
    if (!found)
        return absent(c, "connected_account", text_in(asked, "account"));
    auto body = found->parsed();
    if (text_in(body, "identifier") != text_in(c.body(), "identifier"))
        return c.refuse({403, "permission_denied", "permission denied", "The identifier is not the account's.", {}});
    body["status"] = "ACTIVE";
    save(c, accounts_path, *found, std::move(body));
    c.kept.remove(requests, *pending);
    auto where = std::string(text_in(asked, "user_verify_url"));
    if (where.empty())
        where = "https://connect.example.com/done";
    if (const auto state = text_in(asked, "state"); !state.empty())
        where += (where.find('?') == std::string::npos ? "?state=" : "&state=") + std::string(state);
    c.answer(json::object{{"post_user_verify_redirect_url", where}});
}

// Every tool is known, and answers with what it was given.
void execute_tool(context& c)
{
    if (text_in(c.body(), "tool_name").empty())
        return invalid(c, "tool_name", "given");
    auto* found = account(c);
    if (!found)
        return;
    auto body = found->parsed();
    if (text_in(body, "status") != "ACTIVE")
        return impossible(c, "The connected account is not active.");
    body["last_used_at"] = time_text(c.wall);
    save(c, accounts_path, *found, std::move(body));
    const auto* params = given(c.body(), "params");
    c.answer(json::object{{"data", params ? *params : json::value(json::object())}, {"execution_id", new_id(c, "")}});
}

} // namespace rules

} // namespace usher::sandbox::scalekit
