// The token endpoint: who asks, and the three grants.

#include "sandbox/identifier.hpp"
#include "sandbox/oauth.hpp"

#include <algorithm>

namespace usher::sandbox {

namespace {

bool form_encoded(std::string_view content_type)
{
    return lower(content_type.substr(0, content_type.find(';'))) == "application/x-www-form-urlencoded";
}

// RFC 7636: 43 to 128 unreserved characters.
bool verifier_like(std::string_view text)
{
    return text.size() >= 43 && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                      c == '.' || c == '_' || c == '~';
           });
}

} // namespace

oauth::members oauth::read(std::string_view form)
{
    const auto parsed = parse_form(form);
    if (!parsed)
        throw failure(400, "invalid_request", "The parameters are badly encoded.");
    members out;
    for (const auto& [name, text] : *parsed)
        if (!out.emplace(name, text).second)
            throw failure(400, "invalid_request", name + " is given twice.");
    return out;
}

const std::string& oauth::value(const members& of, const char* name)
{
    static const std::string none;
    const auto found = of.find(name);
    return found == of.end() ? none : found->second;
}

void oauth::fail(const failure& why, reply& to)
{
    to.status = why.status;
    to.body = json::serialize(json::object{{"error", why.error}, {"error_description", why.description}});
    if (why.status == 401)
        to.headers.emplace_back("www-authenticate", "Basic realm=\"oauth\"");
}

bool oauth::known_client(const std::string& id) const
{
    const auto& all = how_.clients;
    return !id.empty() && (all.empty() || std::any_of(all.begin(), all.end(), [&](auto& c) { return c.first == id; }));
}

// In the form or by HTTP Basic, never both (RFC 6749, 2.3).
oauth::caller oauth::authenticate(const members& form, std::string_view authorization)
{
    auto id = value(form, "client_id"), secret = value(form, "client_secret");
    if (lower(authorization.substr(0, 6)) == "basic ") {
        if (!secret.empty())
            throw failure(400, "invalid_request", "The client proves itself in two ways at once.");
        const auto pair = base64_decode(authorization.substr(6));
        const auto colon = pair ? pair->find(':') : std::string::npos;
        const auto name = colon != std::string::npos ? percent_decode(pair->substr(0, colon), true) : std::nullopt;
        const auto word = colon != std::string::npos ? percent_decode(pair->substr(colon + 1), true) : std::nullopt;
        if (!name || !word)
            throw failure(401, "invalid_client", "The Authorization header cannot be read.");
        if (!id.empty() && id != *name)
            throw failure(400, "invalid_request", "client_id differs from the one in the Authorization header.");
        id = *name;
        secret = *word;
    }
    caller out;
    out.id = id;
    if (id.empty())
        throw failure(401, "invalid_client", "No client is named.");
    if (hooks.known_machine && hooks.known_machine(id)) {
        out.of_organization = hooks.open_machine(id, secret);
        if (!out.of_organization)
            throw failure(401, "invalid_client", "The client's secret is not accepted.");
        out.proved = true;
        return out;
    }
    if (!known_client(id))
        throw failure(401, "invalid_client", "The client is not known.");
    const auto known =
        std::find_if(how_.clients.begin(), how_.clients.end(), [&](const auto& c) { return c.first == id; });
    out.proved = !secret.empty() && (known == how_.clients.end() || known->second == secret);
    if (!secret.empty() && !out.proved)
        throw failure(401, "invalid_client", "The client's secret is not accepted.");
    return out;
}

void oauth::token(const request& asked, std::int64_t wall, reply& to)
{
    to.headers.emplace_back("cache-control", "no-store");
    try {
        if (!form_encoded(asked.content_type))
            throw failure(400, "invalid_request", "The body must be application/x-www-form-urlencoded.");
        const auto form = read(asked.body);
        const auto who = authenticate(form, asked.authorization);
        to.body = json::serialize(exchange(form, who, wall));
    } catch (const failure& why) {
        fail(why, to);
    }
}

json::object oauth::exchange(const members& form, const caller& who, std::int64_t wall)
{
    const auto& type = value(form, "grant_type");
    if (type == "client_credentials")
        return own_token(form, who, wall);
    if (type == "authorization_code")
        return exchange_code(form, who, wall);
    if (type == "refresh_token")
        return refresh(form, who, wall);
    if (type.empty())
        throw failure(400, "invalid_request", "grant_type is missing.");
    throw failure(400, "unsupported_grant_type", "This grant_type is not supported.");
}

json::object oauth::own_token(const members& form, const caller& who, std::int64_t wall)
{
    if (!who.proved)
        throw failure(401, "invalid_client", "client_secret is missing.");
    grant made;
    made.client = made.who.id = who.id;
    made.scope = value(form, "scope");
    auto lifetime = how_.token_lifetime.count();
    if (const auto& by = who.of_organization) {
        made.who.organization = by->organization;
        for (const auto& one : words(made.scope))
            if (std::find(by->scopes.begin(), by->scopes.end(), one) == by->scopes.end())
                throw failure(400, "invalid_scope", one + " was not granted to this client.");
        if (made.scope.empty())
            for (const auto& one : by->scopes)
                made.scope += (made.scope.empty() ? "" : " ") + one;
        lifetime = by->lifetime > 0 ? by->lifetime : lifetime;
    }
    json::object out{{"access_token", access_token(made, who.of_organization, wall)},
                     {"token_type", "Bearer"},
                     {"expires_in", lifetime}};
    if (!made.scope.empty())
        out["scope"] = made.scope;
    return out;
}

json::object oauth::exchange_code(const members& form, const caller& who, std::int64_t wall)
{
    const auto& code = value(form, "code");
    if (code.empty())
        throw failure(400, "invalid_request", "code is missing.");
    if (const auto spent = spent_.find(code); spent != spent_.end()) {
        end_session(spent->second); // somebody else may have it: RFC 6749, 4.1.2
        throw failure(400, "invalid_grant", "The code was used before.");
    }
    const auto found = codes_.find(code);
    if (found == codes_.end())
        throw failure(400, "invalid_grant", "The code is not known.");
    auto& held = found->second;
    if (held.client != who.id)
        throw failure(400, "invalid_grant", "The code was issued to another client.");
    if (held.until <= wall)
        throw failure(400, "invalid_grant", "The code has expired.");
    if (held.redirect_uri != value(form, "redirect_uri"))
        throw failure(400, "invalid_grant", "redirect_uri differs from the one that the code was sent to.");
    const auto& verifier = value(form, "code_verifier");
    if (held.challenge.empty() ? !verifier.empty() : !verifier_like(verifier))
        throw failure(400, held.challenge.empty() ? "invalid_grant" : "invalid_request",
                      held.challenge.empty() ? "code_verifier without a code_challenge."
                                             : "code_verifier must be 43 to 128 unreserved characters.");
    if (!held.challenge.empty() && base64url(sha256(verifier)) != held.challenge)
        throw failure(400, "invalid_grant", "code_verifier does not fit the code_challenge.");
    if (!who.proved && held.challenge.empty())
        throw failure(401, "invalid_client", "client_secret is missing.");

    auto mine = std::move(held);
    codes_.erase(found);
    mine.session = "ses_" + std::to_string(100'000'000'000'000'000 + source_.below(800'000'000'000'000'000));
    if (hooks.begin_session)
        hooks.begin_session(mine.who, mine.client, mine.session);
    spent_[code] = mine.session;
    return tokens(mine, wall);
}

json::object oauth::refresh(const members& form, const caller& who, std::int64_t wall)
{
    const auto& old = value(form, "refresh_token");
    if (old.empty())
        throw failure(400, "invalid_request", "refresh_token is missing.");
    const auto found = refresh_.find(old);
    if (found == refresh_.end() || found->second.client != who.id)
        throw failure(400, "invalid_grant", "The refresh token is not known, or was used before.");
    auto mine = found->second;
    for (const auto& one : words(value(form, "scope")))
        if (!has_word(mine.scope, one))
            throw failure(400, "invalid_scope", one + " was not granted.");
    refresh_.erase(found);
    if (mine.until <= wall || (hooks.session_alive && !hooks.session_alive(mine.session)))
        throw failure(400, "invalid_grant", "The refresh token has expired or its session has ended.");
    mine.nonce.clear(); // OpenID Connect Core, 12.2
    return tokens(mine, wall);
}

} // namespace usher::sandbox
