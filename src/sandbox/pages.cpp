// What lives beside the documented operations: it can be made to fail by these names, as operations can.

#include "sandbox/identifier.hpp"
#include "sandbox/rules.hpp"
#include "sandbox/scalekit/machine.hpp"
#include "sandbox/service.hpp"

#include <algorithm>
#include <stdexcept>

namespace usher::sandbox {

namespace {

struct page {
    const char* id;
    const char* method;
    const char* path;
    builtin what;
    service of;
};

constexpr page pages[] = {
    {"oauth_token", "POST", "/oauth/token", builtin::token, service::scalekit},
    {"keys", "GET", "/keys", builtin::keys, service::scalekit},
    {"openid_configuration", "GET", "/.well-known/openid-configuration", builtin::configuration, service::scalekit},
    {"authorize", "GET", "/oauth/authorize", builtin::authorize, service::scalekit},
    {"logout", "GET", "/oidc/logout", builtin::logout, service::scalekit},
    {"clerk_keys", "GET", "/.well-known/jwks.json", builtin::clerk_keys, service::clerk},
};

} // namespace

void backend::add_pages()
{
    connect_login();
    for (const auto& one : pages) {
        if (std::find(how_.services.begin(), how_.services.end(), one.of) == how_.services.end())
            continue;
        auto made = std::make_unique<operation>();
        made->id = one.id;
        made->method = one.method;
        made->path = one.path;
        made->of = one.of;
        made->page = one.what;
        routes_.add(*made);
        pages_.push_back(std::move(made));
    }
}

// Logins meet the people and clients that the environment keeps.
void backend::connect_login()
{
    const auto kept = [this]() -> store& { return instance_of(service::scalekit, {}, now_).kept; };
    auto& hooks = oauth_.hooks;
    hooks.person = [kept](const std::string& email, const std::string& organization) {
        return scalekit::find_person(kept(), email, organization);
    };
    hooks.known_machine = [kept](const std::string& id) {
        return id.starts_with("m2morg_") && scalekit::known_machine(kept(), id);
    };
    hooks.open_machine = [kept](const std::string& id, const std::string& secret) {
        return scalekit::open_machine(kept(), id, secret);
    };
    hooks.begin_session = [this, kept](const identity& who, const std::string& client, const std::string& session) {
        scalekit::begin_session(kept(), who, client, session, wall_, now_);
    };
    hooks.session_alive = [this, kept](const std::string& session) {
        return scalekit::session_alive(kept(), session, wall_);
    };
    hooks.end_session = [this, kept](const std::string& session) { scalekit::log_out(kept(), session, wall_); };
}

void backend::set_origin(std::string origin)
{
    oauth_.origin = std::move(origin);
}

std::string backend::session_token(std::string_view claims, std::int64_t wall)
{
    boost::system::error_code e;
    const auto given = json::parse(claims, e);
    if (e || !given.is_object())
        throw std::invalid_argument("sandbox: claims must be a JSON object");
    auto all = session_claims(oauth_.origin, wall, traces_);
    all["sid"] = new_id("session", traces_);
    all["sub"] = new_id("user", traces_);
    for (const auto& [name, value] : given.get_object())
        all[name] = value;
    return keys_.sign({{"cat", "cl_B7d4PD111AAA"}}, all);
}

std::string backend::new_oauth_token(std::string_view members, std::int64_t wall)
{
    boost::system::error_code e;
    const auto given = json::parse(members, e);
    if (e || !given.is_object())
        throw std::invalid_argument("sandbox: members must be a JSON object");
    json::object all{{"object", "clerk_idp_oauth_access_token"},
                     {"id", new_id("clerk_idp_oauth_access_token", traces_)},
                     {"client_id", new_id("client", traces_)},
                     {"subject", new_id("user", traces_)},
                     {"scopes", json::array{"profile", "email"}},
                     {"revoked", false},
                     {"revocation_reason", nullptr},
                     {"expired", false},
                     {"expiration", nullptr},
                     {"created_at", wall},
                     {"updated_at", wall}};
    for (const auto& [name, value] : given.get_object())
        all[name] = value;
    auto token = "oat_" + base62(32, traces_);
    oauth_tokens_[token] = std::move(all);
    return token;
}

const json::object* backend::oauth_token(std::string_view token)
{
    const auto found = oauth_tokens_.find(std::string(token));
    return found == oauth_tokens_.end() ? nullptr : &found->second;
}

} // namespace usher::sandbox
