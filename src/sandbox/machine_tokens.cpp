// Machines, and the tokens between them.

#include "sandbox/identifier.hpp"
#include "sandbox/rules.hpp"

#include <algorithm>
#include <set>

namespace usher::sandbox::rules {

namespace {

constexpr const char* machines_path = "/machines";
constexpr const char* tokens_path = "/m2m_tokens";

resource* machine(context& c, std::string_view id)
{
    auto* found = c.kept.at(machines_path).find(id);
    if (!found)
        c.refuse(not_found("machines", id));
    return found;
}

// The machine that makes this call; empty for a secret key of the instance. A key that no machine has stands for a
// machine that nobody made.
std::string calling_machine(context& c)
{
    if (!c.key.starts_with("ak_"))
        return {};
    if (const auto owner = c.kept.owner(secret_key_of(c.key)); !owner.empty())
        return std::string(owner);
    std::string id = "mch_";
    for (const char one : sha256(c.key).substr(0, 27))
        id += "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"[static_cast<unsigned char>(one) & 31];
    return id;
}

std::vector<std::string> scopes_of(context& c, std::string_view machine_id)
{
    const auto* found = c.kept.at(machines_path).find(machine_id);
    return found ? texts_in(found->parsed(), "_scopes") : std::vector<std::string>();
}

void keep(context& c, const char* path, resource& r, const json::object& body)
{
    c.kept.replace(c.kept.at(path), r, body, r.keys);
}

// A machine as an operation's answer has it, with the machines that it may call.
void show(context& c, const resource& r, bool with_secret)
{
    auto body = r.parsed();
    const auto secret = std::string(text_in(body, "_secret"));
    json::array others;
    for (const auto& id : texts_in(body, "_scopes"))
        if (const auto* other = c.kept.at(machines_path).find(id)) {
            auto one = other->parsed();
            for (const auto* name : {"_secret", "_scopes", "scoped_machines"})
                one.erase(name);
            others.push_back(std::move(one));
        }
    body["scoped_machines"] = std::move(others);
    auto out = generic::reshape(c, *c.shape(), body);
    if (with_secret)
        out["secret_key"] = secret;
    c.answer(out);
}

} // namespace

void create_machine(context& c)
{
    auto made = generic::make(c, *c.shape(), c.body());
    const auto id = std::string(text_in(made, "id")), secret = new_secret(c);
    json::array scopes;
    for (const auto& other : texts_in(c.body(), "scoped_machines"))
        if (machine(c, other))
            scopes.push_back(json::value(other));
    if (!c.refused.empty())
        return;
    made.erase("secret_key");
    made["_secret"] = secret;
    made["_scopes"] = std::move(scopes);
    show(c, c.kept.add(machines_path, id, made, {secret_key_of(secret)}, c.wall, c.now), true);
}

void get_machine(context& c)
{
    if (const auto* found = machine(c, c.capture(0)))
        show(c, *found, false);
}

void update_machine(context& c)
{
    auto* found = machine(c, c.capture(0));
    if (!found)
        return;
    auto body = found->parsed();
    generic::carry(body, *c.shape(), c.body());
    body["updated_at"] = c.wall;
    keep(c, machines_path, *found, body);
    show(c, *found, false);
}

void machine_secret(context& c)
{
    auto* found = machine(c, c.capture(0));
    if (!found)
        return;
    auto body = found->parsed();
    if (c.asked.of->method == "POST") { // from now on the old one opens nothing
        body["_secret"] = new_secret(c);
        c.kept.replace(c.kept.at(machines_path), *found, body, {secret_key_of(text_in(body, "_secret"))});
    }
    c.answer(json::object{{"object", "machine_secret_key"}, {"secret", body["_secret"]}});
}

void machine_scope(context& c)
{
    const bool adding = c.asked.of->method == "POST";
    const auto other = adding ? std::string(text_in(c.body(), "to_machine_id")) : c.capture(1);
    auto* found = machine(c, c.capture(0));
    if (!found || !machine(c, other))
        return;
    auto body = found->parsed();
    auto scopes = texts_in(body, "_scopes");
    const auto at = std::find(scopes.begin(), scopes.end(), other);
    if (adding == (at != scopes.end()))
        return adding ? c.refuse(form::taken("to_machine_id")) : c.refuse(not_found("scopes", other));
    if (adding)
        scopes.push_back(other);
    else
        scopes.erase(at);
    body["_scopes"] = json::array(scopes.begin(), scopes.end());
    keep(c, machines_path, *found, body);
    json::object out{{"object", "machine_scope"}, {"from_machine_id", found->id}, {"to_machine_id", other}};
    if (adding)
        out["created_at"] = c.wall;
    else
        out["deleted"] = true;
    c.answer(out);
}

void create_m2m_token(context& c)
{
    auto made = generic::make(c, *c.shape(), c.body());
    const auto subject = calling_machine(c);
    const auto* own = c.kept.at(machines_path).find(subject);
    const auto machine_body = own ? own->parsed() : json::object();
    const auto* seconds = given(c.body(), "seconds_until_expiration");
    const auto scopes = scopes_of(c, subject);
    made["expiration"] = expiration(c, seconds ? seconds : given(machine_body, "default_token_ttl"));
    made["subject"] = subject;
    made["scopes"] = json::array(scopes.begin(), scopes.end());
    const auto token = "mt_" + base62(32, c.made.source());
    made["token"] = token;
    c.answer(made);
    made.erase("token");
    c.kept.add(tokens_path, std::string(text_in(made, "id")), made, {secret_key_of(token)}, c.wall, c.now);
}

void list_m2m_tokens(context& c)
{
    const auto subject = text_in(c.asked.query, "subject");
    if (const auto mine = calling_machine(c); !mine.empty() && mine != subject)
        return c.refuse({403, "forbidden", "forbidden", "A machine sees its own tokens only.", {}});
    std::vector<std::string> found;
    const auto& all = c.kept.at(tokens_path).by_time();
    for (auto it = all.rbegin(); it != all.rend(); ++it) {
        const auto body = aged(c, (*it)->parsed());
        if (visible(c, **it) && text_in(body, "subject") == subject &&
            true_in(body, "revoked") == true_in(c.asked.query, "revoked") &&
            true_in(body, "expired") == true_in(c.asked.query, "expired"))
            found.push_back(json::serialize(body));
    }
    const auto [first, last] = page_bounds(c, found.size());
    const auto total = found.size();
    answer_texts(
        c, {found.begin() + static_cast<std::ptrdiff_t>(first), found.begin() + static_cast<std::ptrdiff_t>(last)},
        total);
}

void revoke_m2m_token(context& c)
{
    auto* found = c.kept.at(tokens_path).find(c.capture(0));
    const auto mine = calling_machine(c);
    if (!found || (!mine.empty() && text_in(found->parsed(), "subject") != mine))
        return c.refuse(not_found("m2m_tokens", c.capture(0)));
    auto body = found->parsed();
    body["revoked"] = true;
    if (const auto* reason = given(c.body(), "revocation_reason"))
        body["revocation_reason"] = *reason;
    body["updated_at"] = c.wall;
    keep(c, tokens_path, *found, body);
    c.answer(aged(c, std::move(body)));
}

// By its text; one that is a JWT by its signature. That it was revoked or has expired shows in the answer.
void verify_m2m_token(context& c)
{
    const auto token = text_in(c.body(), "token");
    auto* found = c.kept.at(tokens_path).find(c.kept.owner(secret_key_of(token)));
    json::object body;
    if (found) {
        body = found->parsed();
        body["last_used_at"] = c.wall;
        keep(c, tokens_path, *found, body);
    } else if (auto claims = claims_of(token);
               claims && c.keys->signed_here(token) && text_in(*claims, "sub").starts_with("mch_")) {
        const auto seconds = [&](const char* name) {
            const auto* v = claims->if_contains(name);
            return v && v->is_int64() ? v->get_int64() * 1000 : c.wall;
        };
        body = {{"object", "machine_to_machine_token"},
                {"id", "mt_" + hexadecimal(32, c.made.source())},
                {"subject", (*claims)["sub"]},
                {"claims", nullptr},
                {"scopes", json::array()},
                {"revoked", false},
                {"revocation_reason", nullptr},
                {"expiration", seconds("exp")},
                {"last_used_at", nullptr},
                {"created_at", seconds("iat")},
                {"updated_at", seconds("iat")}};
    } else
        return c.refuse(not_found("m2m_tokens", {}));
    const auto mine = calling_machine(c);
    const auto granted = texts_in(body, "scopes");
    if (!mine.empty() && c.kept.at(machines_path).find(mine) && text_in(body, "subject") != mine &&
        std::find(granted.begin(), granted.end(), mine) == granted.end())
        return c.refuse(not_found("m2m_tokens", {}));
    c.answer(aged(c, std::move(body)));
}

} // namespace usher::sandbox::rules
