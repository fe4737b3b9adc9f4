#include "sandbox/identifier.hpp"
#include "sandbox/rules.hpp"

#include <algorithm>

namespace usher::sandbox::rules {

namespace {

constexpr std::size_t largest_metadata = 8192;

struct identifier_kind {
    const char* parameter; // of the request
    const char* list;      // of the user
    const char* member;    // of the list's elements
    const char* key;
    const char* primary;
};

constexpr identifier_kind kinds[] = {
    {"email_address", "email_addresses", "email_address", "email:", "primary_email_address_id"},
    {"phone_number", "phone_numbers", "phone_number", "phone:", "primary_phone_number_id"},
    {"web3_wallet", "web3_wallets", "web3_wallet", "web3:", "primary_web3_wallet_id"},
};

std::vector<std::string> keys_only(const json::object& user)
{
    std::vector<std::string> out;
    for (auto& [key, unused] : keys_of_user(user))
        out.push_back(std::move(key));
    return out;
}

} // namespace

resource* find_user(context& c, std::string_view id)
{
    auto* found = c.kept.at("/users").find(id);
    if (!found)
        c.refuse(not_found("users", id));
    return found;
}

std::vector<std::pair<std::string, std::string>> keys_of_user(const json::object& user)
{
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& kind : kinds)
        if (const auto* list = user.if_contains(kind.list); list && list->is_array())
            for (const auto& one : list->get_array()) {
                const auto& o = one.as_object();
                out.emplace_back(kind.key + lower(text_in(o, kind.member)), kind.parameter);
                out.emplace_back("idn:" + std::string(text_in(o, "id")), kind.parameter);
            }
    if (const auto name = text_in(user, "username"); !name.empty())
        out.emplace_back("username:" + lower(name), "username");
    if (const auto id = text_in(user, "external_id"); !id.empty())
        out.emplace_back("external_id:" + std::string(id), "external_id");
    return out;
}

// Every identifier must be new, or the user's own; two of one request may not be the same either.
bool claim_user_keys(context& c, const json::object& user, std::string_view own)
{
    auto keys = keys_of_user(user);
    const auto before = c.refused.size();
    const auto complain = [&](const std::string& parameter) {
        if (std::none_of(c.refused.begin(), c.refused.end(), [&](const auto& p) { return p.parameter == parameter; }))
            c.refuse(form::taken(parameter));
    };
    for (const auto& [key, parameter] : keys)
        if (const auto owner = c.kept.owner(key); !owner.empty() && owner != own)
            complain(parameter);
    std::sort(keys.begin(), keys.end());
    for (std::size_t i = 1; i < keys.size(); ++i)
        if (keys[i].first == keys[i - 1].first)
            complain(keys[i].second);
    return c.refused.size() == before;
}

void rewrite_user(context& c, resource& of, const json::object& body)
{
    c.kept.replace(c.kept.at("/users"), of, body, keys_only(body));
}

json::object identification(context& c, std::string_view object, std::string_view value, bool verified)
{
    json::value verification = nullptr;
    if (verified)
        verification = json::object{{"object", "verification_admin"},
                                    {"status", "verified"},
                                    {"strategy", "admin"},
                                    {"attempts", nullptr},
                                    {"expire_at", nullptr}};
    json::object made{{"id", new_id(object, c.made.source())}, {"object", object}, {object, value}};
    if (object == "phone_number") {
        made["reserved_for_second_factor"] = false;
        made["default_second_factor"] = false;
    }
    if (object != "web3_wallet")
        made["reserved"] = false;
    made["verification"] = std::move(verification);
    if (object != "web3_wallet")
        made["linked_to"] = json::array();
    if (object == "phone_number")
        made["backup_codes"] = nullptr;
    if (object == "email_address")
        made["matches_sso_connection"] = false;
    made["created_at"] = c.wall;
    made["updated_at"] = c.wall;
    return made;
}

void check_identifiers(context& c, const json::object& body)
{
    const auto each = [&](const char* name, bool (*fine)(std::string_view), const char* expected) {
        const auto values = texts_in(body, name);
        if (std::any_of(values.begin(), values.end(), [&](const auto& v) { return !fine(v); }))
            c.refuse(form::wrong_format(name, expected));
    };
    each("email_address", email_like, "a valid e-mail address");
    each("phone_number", phone_like, "a phone number as in E.164");
    if (const auto name = text_in(body, "username"); !name.empty()) {
        if (!username_like(name))
            c.refuse({422, "form_username_invalid_character", "is invalid",
                      "username may have letters, digits, '-' and '_'.", "username"});
        else if (name.size() < 4 || name.size() > 64)
            c.refuse({422, "form_username_invalid_length", "is invalid",
                      "username must have between 4 and 64 characters.", "username"});
    }
}

void check_password(context& c, const json::object& body, bool creating)
{
    const bool password = given(body, "password"), digest = given(body, "password_digest"),
               hasher = given(body, "password_hasher");
    if (password && digest)
        c.refuse(form::excludes("password_digest", "when password is given"));
    if (digest && !hasher)
        c.refuse(form::needs("password_hasher", "when password_digest is given"));
    if (hasher && !digest)
        c.refuse(form::needs("password_digest", "when password_hasher is given"));
    if (hasher && !known_hasher(text_in(body, "password_hasher")))
        c.refuse(form::wrong_value("password_hasher", hasher_names()));
    else if (digest && hasher)
        if (const auto* fault = digest_fault(text_in(body, "password_hasher"), text_in(body, "password_digest")))
            c.refuse({422, "form_password_digest_invalid_code", "is invalid",
                      std::string("password_digest must be ") + fault + ".", "password_digest"});
    if (password && !true_in(body, "skip_password_checks") && text_in(body, "password").size() < 8)
        c.refuse({422, "form_password_length_too_short", "is too short", "password must have at least 8 characters.",
                  "password"});
    if (text_in(body, "password").size() > 72)
        c.refuse({422, "form_password_size_in_bytes_exceeded", "is too long", "password may have at most 72 bytes.",
                  "password"});
    if (creating && c.how.password_required && !password && !digest && !true_in(body, "skip_password_requirement"))
        c.refuse({422, "form_data_missing", "data is missing", "password is required.", "password"});
}

void check_metadata(context& c, const json::object& body)
{
    for (const auto* name : {"public_metadata", "private_metadata", "unsafe_metadata"})
        if (const auto* v = given(body, name); v && json::serialize(*v).size() > largest_metadata)
            c.refuse(form::too_large(name, std::to_string(largest_metadata) + " bytes"));
}

void check_times(context& c, const json::object& body)
{
    for (const auto* name : {"created_at", "legal_accepted_at"})
        if (const auto* v = given(body, name); v && v->is_string() && !parse_rfc3339(v->get_string()))
            c.refuse(form::wrong_format(name, "a time as in RFC 3339"));
}

void create_user(context& c)
{
    const auto& body = c.body();
    if (c.how.max_users != 0 && c.kept.at("/users").size() >= c.how.max_users)
        return c.refuse({403, "user_quota_exceeded", "quota exceeded", "This instance may have no more users.", {}});
    check_identifiers(c, body);
    check_password(c, body, true);
    check_metadata(c, body);
    check_times(c, body);

    auto user = generic::make(c, *c.shape(), body);
    for (const auto& kind : kinds) {
        auto& list = user[kind.list].emplace_array();
        for (const auto& value : texts_in(body, kind.parameter))
            list.push_back(identification(c, kind.member, value, true));
        user[kind.primary] = list.empty() ? json::value() : list[0].as_object().at("id");
    }
    const bool identified = std::any_of(std::begin(kinds), std::end(kinds),
                                        [&](const auto& k) { return !user.at(k.list).as_array().empty(); }) ||
                            !text_in(user, "username").empty();
    if (!identified && !true_in(body, "skip_user_requirement"))
        c.refuse({422,
                  "form_data_missing",
                  "data is missing",
                  "A user needs an e-mail address, a phone number, a wallet or a username.",
                  {}});
    for (const auto* flag : {"delete_self_enabled", "create_organization_enabled"})
        if (!given(body, flag))
            user[flag] = true;
    if (user["private_metadata"].is_null())
        user["private_metadata"] = json::object();
    if (text_in(user, "username").empty())
        user["username"] = nullptr;
    const bool password = given(body, "password") || given(body, "password_digest");
    user["password_enabled"] = password;
    user["password_last_updated_at"] = password ? json::value(c.wall) : json::value();
    user["totp_enabled"] = given(body, "totp_secret") != nullptr;
    user["backup_code_enabled"] = !texts_in(body, "backup_codes").empty();
    user["two_factor_enabled"] = given(body, "totp_secret") != nullptr;
    user["last_sign_in_at"] = nullptr;

    if (!c.refused.empty() || !claim_user_keys(c, user, {}))
        return;
    const auto id = std::string(text_in(user, "id"));
    if (given(body, "password"))
        c.kept.passwords[id] = std::string(text_in(body, "password"));
    c.text = c.kept.add("/users", id, user, keys_only(user), user.at("created_at").as_int64(), c.now).text;
}

std::string identifier_of(const json::object& user)
{
    for (const auto& kind : kinds)
        if (const auto* list = user.if_contains(kind.list); list && list->is_array() && !list->get_array().empty())
            return std::string(text_in(list->get_array()[0].as_object(), kind.member));
    return std::string(text_in(user, "username"));
}

json::object public_user_data(const json::object& user)
{
    json::object out{{"user_id", user.at("id")}, {"profile_image_url", nullptr}, {"identifier", identifier_of(user)}};
    for (const auto* name : {"first_name", "last_name", "image_url", "has_image", "username"})
        if (const auto* v = user.if_contains(name))
            out[name] = *v;
    return out;
}

} // namespace usher::sandbox::rules
