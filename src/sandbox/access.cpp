// Who may call, and whose resources are meant.

#include "sandbox/identifier.hpp"
#include "sandbox/service.hpp"

#include <algorithm>

namespace usher::sandbox {

namespace {

bool key_characters(std::string_view text)
{
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != ','; });
}

bool secret_key(std::string_view key)
{
    return (key.starts_with("sk_test_") || key.starts_with("sk_live_")) && key_characters(key.substr(8));
}

bool machine_key(std::string_view key)
{
    return key.starts_with("ak_") && key_characters(key.substr(3));
}

problem unauthorized(const char* code, std::string text)
{
    return {401, code, text, text, {}};
}

} // namespace

void add_first_roles(store& kept, std::uint64_t seed, std::int64_t wall)
{
    generator source(seed);
    for (const char* name : {"Member", "Admin"}) {
        const bool admin = name[0] == 'A';
        const std::string key = admin ? "org:admin" : "org:member";
        const auto id = new_id("role", source);
        const json::object role{{"object", "role"},
                                {"id", id},
                                {"name", name},
                                {"key", key},
                                {"description", admin ? "Manages the organization" : "Belongs to the organization"},
                                {"is_creator_eligible", admin},
                                {"permissions", json::array()},
                                {"created_at", wall},
                                {"updated_at", wall}};
        // They were there before anybody asked: no listing lags behind them.
        kept.add("/organization_roles", id, role, {"/organization_roles key:" + key}, wall, instant());
    }
}

// Its id follows from the key and the seed alone, so that it is the same whenever it is asked for.
void add_instance(store& kept, std::string_view key, std::uint64_t seed, std::int64_t wall)
{
    std::uint64_t name = 14695981039346656037ULL; // FNV-1a
    for (const char c : key)
        name = (name ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    generator source(seed ^ name);
    const json::object body{{"object", "instance"},
                            {"id", new_id("instance", source)},
                            {"environment_type", key.starts_with("sk_live_") ? "production" : "development"},
                            {"allowed_origins", nullptr}};
    kept.add("/instance", ".", body, {}, wall, instant());
}

// Clerk's instance is its key's. A Platform workspace and a Scalekit environment are one each, whatever token opens
// them.
backend::instance& backend::instance_of(service of, std::string_view key, instant now)
{
    if (of != service::clerk) {
        auto& slot = instances_[of == service::scalekit ? "scalekit" : "platform"];
        if (!slot)
            slot = std::make_unique<instance>(how_.quota, false, started_.value_or(now), how_.seed + 77);
        return *slot;
    }
    // A machine's key belongs to the instance of the first secret key, which may come after it.
    static const std::string nameless;
    if (machine_key(key) && first_)
        return *first_;
    const auto name = machine_key(key) ? nameless : std::string(key);
    if (name != nameless && first_ && instances_.contains(nameless) && first_ == instances_[nameless].get()) {
        auto adopted = instances_.extract(nameless);
        adopted.key() = name;
        instances_.insert(std::move(adopted));
        first_->limit = limiter(how_.quota, key.starts_with("sk_live_"), started_.value_or(now));
    }
    auto& slot = instances_[name];
    if (!slot) {
        slot = std::make_unique<instance>(how_.quota, key.starts_with("sk_live_"), started_.value_or(now),
                                          how_.seed + instances_.size());
        add_first_roles(slot->kept, how_.seed + instances_.size(), wall_);
        add_instance(slot->kept, name, how_.seed, wall_);
        if (!first_)
            first_ = slot.get();
    }
    return *slot;
}

store& backend::of_key(std::string_view secret_key)
{
    return instance_of(service::clerk, secret_key, now_).kept;
}

// Scalekit's tokens are those that were issued here. One without a dot is no JWT: it is held against the configured
// keys, so that programs that bring a token of their own can be tested.
bool backend::scalekit_token(std::string_view token, std::int64_t wall, problems& why) const
{
    const bool listed = std::find(how_.keys.begin(), how_.keys.end(), token) != how_.keys.end();
    if (listed || (key_characters(token) && token.find('.') == std::string_view::npos && how_.keys.empty()))
        return true;
    switch (oauth_.look(token, wall)) {
    case oauth::standing::good:
        return true;
    case oauth::standing::machine:
        why.push_back({403,
                       "permission_denied",
                       "permission denied",
                       "A client of an organization may not manage the environment.",
                       {}});
        return false;
    case oauth::standing::foreign:
        break;
    }
    why.push_back(unauthorized("authentication_invalid", "The access token is not accepted."));
    return false;
}

// The key that was given; empty, with the reason, when it is not accepted.
std::string_view backend::check_credentials(const request& asked, const operation& of, std::int64_t wall,
                                            problems& why) const
{
    if (of.open)
        return "open";
    if (asked.authorization.empty()) {
        why.push_back(unauthorized("authentication_invalid", "The request has no Authorization header."));
        return {};
    }
    const auto scheme = asked.authorization.substr(0, 7);
    if (lower(scheme) != "bearer ") {
        why.push_back(unauthorized("authorization_header_format_invalid",
                                   "The Authorization header must be \"Bearer\" and a key."));
        return {};
    }
    const auto key = asked.authorization.substr(7);
    const bool listed = how_.keys.empty() || std::find(how_.keys.begin(), how_.keys.end(), key) != how_.keys.end();
    if (of.of == service::scalekit)
        return scalekit_token(key, wall, why) ? key : std::string_view();
    if (of.of == service::clerk_platform) {
        if (key_characters(key) && listed)
            return key;
        why.push_back(unauthorized("authentication_invalid", "The access token is not accepted."));
        return {};
    }
    const bool machines = of.form.starts_with("/m2m_tokens");
    if ((secret_key(key) && listed) || (machines && machine_key(key))) {
        if (of.id != "createM2MToken" || machine_key(key) || how_.mode != answers::stateful)
            return key;
        why.push_back(
            unauthorized("authentication_invalid", "Tokens between machines are made with a machine's secret key."));
        return {};
    }
    why.push_back(unauthorized("clerk_key_invalid", "The secret key is not accepted."));
    return {};
}

} // namespace usher::sandbox
