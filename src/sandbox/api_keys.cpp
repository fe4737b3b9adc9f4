// API keys and OAuth access tokens, and what they have in common with the tokens of machines: their secrets are shown
// once, and found again by an index.

#include "sandbox/identifier.hpp"
#include "sandbox/rules.hpp"

#include <algorithm>

namespace usher::sandbox::rules {

namespace {

constexpr const char* keys_path = "/api_keys";

void keep(context& c, resource& r, const json::object& body)
{
    c.kept.replace(c.kept.at(keys_path), r, body, r.keys);
}

} // namespace

std::string secret_key_of(std::string_view secret)
{
    return "secret:" + std::string(secret);
}

// Shown with what time has done to it.
json::object aged(const context& c, json::object body)
{
    const auto* ends = given(body, "expiration");
    body["expired"] = ends && ends->is_number() && ends->to_number<std::int64_t>() <= c.wall;
    for (auto it = body.begin(); it != body.end();)
        it = it->key().starts_with("_") ? body.stable_erase(it) : it + 1;
    return body;
}

json::value expiration(const context& c, const json::value* seconds)
{
    return seconds ? json::value(c.wall + static_cast<std::int64_t>(seconds->to_number<double>() * 1000))
                   : json::value();
}

std::string new_secret(context& c)
{
    return "ak_" + base62(32, c.made.source());
}

void create_api_key(context& c)
{
    auto made = generic::make(c, *c.shape(), c.body());
    made["expiration"] = expiration(c, given(c.body(), "seconds_until_expiration"));
    const auto secret = new_secret(c);
    made["secret"] = secret;
    c.answer(made);
    made.erase("secret");
    made["_secret"] = secret;
    c.kept.add(keys_path, std::string(text_in(made, "id")), made, {secret_key_of(secret)}, c.wall, c.now);
}

void api_key(context& c)
{
    const auto* found = c.kept.at(keys_path).find(c.capture(0));
    if (!found)
        return c.refuse(not_found("api_keys", c.capture(0)));
    if (c.asked.of->verb == "secret")
        c.answer(json::object{{"secret", text_in(found->parsed(), "_secret")}});
    else
        c.answer(aged(c, found->parsed()));
}

void change_api_key(context& c)
{
    auto* found = c.kept.at(keys_path).find(c.capture(0));
    if (!found)
        return c.refuse(not_found("api_keys", c.capture(0)));
    auto body = found->parsed();
    if (c.asked.of->verb == "revoke") {
        body["revoked"] = true;
        if (const auto* reason = given(c.body(), "revocation_reason"))
            body["revocation_reason"] = *reason;
    } else
        generic::carry(body, *c.shape(), c.body());
    if (const auto* seconds = given(c.body(), "seconds_until_expiration"))
        body["expiration"] = expiration(c, seconds);
    body["updated_at"] = c.wall;
    keep(c, *found, body);
    c.answer(aged(c, std::move(body)));
}

void list_api_keys(context& c)
{
    const auto subject = text_in(c.asked.query, "subject"), part = text_in(c.asked.query, "query");
    const auto type = text_in(c.asked.query, "type");
    const bool all = text_in(c.asked.query, "include_invalid") == "true";
    std::vector<std::string> found;
    const auto& kept = c.kept.at(keys_path).by_time();
    for (auto it = kept.rbegin(); it != kept.rend(); ++it) {
        const auto body = aged(c, (*it)->parsed());
        const bool invalid = true_in(body, "revoked") || true_in(body, "expired");
        if (visible(c, **it) && text_in(body, "subject") == subject && (all || !invalid) &&
            (type.empty() || text_in(body, "type") == type) && contains_text(text_in(body, "name"), part))
            found.push_back(json::serialize(body));
    }
    const auto [first, last] = page_bounds(c, found.size());
    const auto total = found.size();
    answer_texts(
        c, {found.begin() + static_cast<std::ptrdiff_t>(first), found.begin() + static_cast<std::ptrdiff_t>(last)},
        total);
}

void verify_api_key(context& c)
{
    auto* found = c.kept.at(keys_path).find(c.kept.owner(secret_key_of(text_in(c.body(), "secret"))));
    if (!found)
        return c.refuse(not_found("api_keys", {}));
    auto body = found->parsed();
    body["last_used_at"] = c.wall;
    keep(c, *found, body);
    c.answer(aged(c, std::move(body)));
}

// Opaque ones are those that the program around the sandbox asked for; a JWT is known by its signature.
void verify_oauth_token(context& c)
{
    const auto* asked = given(c.body(), "access_token");
    if (!asked)
        asked = given(c.body(), "secret");
    const auto token = asked ? std::string_view(asked->get_string()) : std::string_view();
    if (token.empty())
        return c.refuse(form::missing("access_token"));
    if (const auto* known = c.others->oauth_token(token))
        return c.answer(aged(c, *known));
    const auto claims = claims_of(token);
    if (!claims || !c.keys->signed_here(token))
        return c.refuse(not_found("access_tokens", {}));
    const auto number = [&](const char* name) {
        const auto* v = claims->if_contains(name);
        return v && v->is_int64() ? v->get_int64() * 1000 : std::int64_t{0};
    };
    if (number("exp") <= c.wall)
        return c.answer(json::object{{"active", false}});
    json::array scopes;
    for (std::string_view rest = text_in(*claims, "scope"); !rest.empty();) {
        const auto end = std::min(rest.find(' '), rest.size());
        scopes.push_back(json::value(rest.substr(0, end)));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    c.answer(json::object{{"object", "clerk_idp_oauth_access_token"},
                          {"id", "oat_" + hexadecimal(32, c.made.source())},
                          {"client_id", text_in(*claims, "client_id")},
                          {"subject", text_in(*claims, "sub")},
                          {"scopes", std::move(scopes)},
                          {"revoked", false},
                          {"revocation_reason", nullptr},
                          {"expired", false},
                          {"expiration", number("exp")},
                          {"created_at", number("iat")},
                          {"updated_at", number("iat")}});
}

} // namespace usher::sandbox::rules
