// The tokens themselves: what is in them, and which of them still stand.

#include "sandbox/oauth.hpp"

#include "sandbox/identifier.hpp"

#include <algorithm>

namespace usher::sandbox {

namespace {

constexpr std::int64_t refresh_lifetime = 30LL * 86'400'000;

json::array array_of(const std::vector<std::string>& texts)
{
    return json::array(texts.begin(), texts.end());
}

} // namespace

std::vector<std::string> words(std::string_view text)
{
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        if (end != 0)
            out.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

bool has_word(std::string_view text, std::string_view word)
{
    const auto all = words(text);
    return std::find(all.begin(), all.end(), word) != all.end();
}

std::string oauth::access_token(const grant& of, const std::optional<machine>& by, std::int64_t wall)
{
    const auto now = wall / 1000;
    const auto lifetime = by && by->lifetime > 0 ? by->lifetime : how_.token_lifetime.count();
    json::object claims{
        {"iss", origin}, {"sub", of.who.id}, {"aud", json::array{of.client}}, {"client_id", of.client},
        {"iat", now},    {"nbf", now},       {"exp", now + lifetime},         {"jti", "tkn_" + base62(20, source_)}};
    if (!of.who.organization.empty())
        claims["oid"] = of.who.organization;
    if (!of.session.empty()) {
        claims["sid"] = of.session;
        claims["roles"] = array_of(of.who.roles);
        claims["permissions"] = array_of(of.who.permissions);
    }
    if (!of.scope.empty())
        claims["scopes"] = array_of(words(of.scope));
    if (by) {
        if (!by->audience.empty())
            claims["aud"] = array_of(by->audience);
        for (const auto& [name, claim] : by->claims)
            claims.emplace(name, claim);
    }
    auto text = keys_.sign({}, claims);

    if (access_.size() >= sweep_at_) {
        std::erase_if(access_, [&](const auto& one) { return one.second.until <= wall; });
        sweep_at_ = std::max<std::size_t>(1024, access_.size() * 2);
    }
    access kept;
    kept.until = (now + lifetime) * 1000;
    kept.session = of.session;
    kept.machine = by.has_value();
    access_[text] = std::move(kept);
    ++issued_;
    return text;
}

json::object oauth::tokens(const grant& of, std::int64_t wall)
{
    const auto now = wall / 1000;
    const auto text = access_token(of, std::nullopt, wall);
    json::object out{{"access_token", text}, {"token_type", "Bearer"}, {"expires_in", how_.token_lifetime.count()}};
    if (has_word(of.scope, "openid")) {
        json::object claims{{"iss", origin},
                            {"sub", of.who.id},
                            {"aud", json::array{of.client}},
                            {"azp", of.client},
                            {"client_id", of.client},
                            {"iat", now},
                            {"auth_time", now},
                            {"exp", now + how_.token_lifetime.count()},
                            {"sid", of.session},
                            {"amr", json::array{of.connection}},
                            {"at_hash", base64url(sha256(text).substr(0, 16))}};
        if (!of.nonce.empty())
            claims["nonce"] = of.nonce;
        if (!of.who.organization.empty())
            claims["oid"] = of.who.organization;
        if (!of.who.external_id.empty())
            claims["external_id"] = of.who.external_id;
        if (has_word(of.scope, "email")) {
            claims["email"] = of.who.email;
            claims["email_verified"] = of.who.email_verified;
        }
        if (has_word(of.scope, "profile")) {
            claims["name"] = of.who.name;
            claims["given_name"] = of.who.given_name;
            claims["family_name"] = of.who.family_name;
        }
        out["id_token"] = keys_.sign({}, claims);
    }
    if (has_word(of.scope, "offline_access")) {
        auto next = "rt_" + base62(40, source_);
        auto kept = of;
        kept.until = wall + refresh_lifetime;
        refresh_[next] = std::move(kept);
        out["refresh_token"] = next;
    }
    out["scope"] = of.scope;
    return out;
}

oauth::standing oauth::look(std::string_view token, std::int64_t wall) const
{
    const auto found = access_.find(std::string(token));
    if (found == access_.end() || found->second.until <= wall)
        return standing::foreign;
    const auto& session = found->second.session;
    if (!session.empty() && hooks.session_alive && !hooks.session_alive(session))
        return standing::foreign;
    return found->second.machine ? standing::machine : standing::good;
}

void oauth::revoke_all()
{
    access_.clear();
}

void oauth::end_session(const std::string& session)
{
    if (session.empty())
        return;
    std::erase_if(access_, [&](const auto& one) { return one.second.session == session; });
    std::erase_if(refresh_, [&](const auto& one) { return one.second.session == session; });
    if (hooks.end_session)
        hooks.end_session(session);
}

} // namespace usher::sandbox
