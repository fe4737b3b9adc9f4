#include "sandbox/identifier.hpp"
#include "sandbox/rules.hpp"

#include <algorithm>
#include <array>

namespace usher::sandbox::rules {

namespace {

// The primary identification must be one of the user's own.
void set_primary(context& c, json::object& user, const char* primary, const char* list)
{
    const auto* wanted = c.body().if_contains(primary);
    if (!wanted || wanted->is_null())
        return;
    const auto& all = user.at(list).as_array();
    const auto own =
        std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.as_object().at("id") == *wanted; });
    if (own)
        user[primary] = *wanted;
    else
        c.refuse(
            {422, "form_resource_not_found", "not found", std::string(primary) + " is none of this user's.", primary});
}

// Changes one user and answers it.
template <class Change>
void with_user(context& c, Change change)
{
    auto* found = find_user(c, c.capture(0));
    if (!found)
        return;
    auto user = found->parsed();
    change(user);
    if (!c.refused.empty())
        return;
    user["updated_at"] = c.wall;
    rewrite_user(c, *found, user);
    c.text = found->text;
}

} // namespace

void update_user(context& c)
{
    with_user(c, [&](json::object& user) {
        const auto& body = c.body();
        check_identifiers(c, body);
        check_password(c, body, false);
        check_metadata(c, body);
        check_times(c, body);
        auto changes = body;
        for (const auto* primary : {"primary_email_address_id", "primary_phone_number_id", "primary_web3_wallet_id"})
            changes.erase(primary);
        generic::carry(user, *c.shape(), changes);
        set_primary(c, user, "primary_email_address_id", "email_addresses");
        set_primary(c, user, "primary_phone_number_id", "phone_numbers");
        set_primary(c, user, "primary_web3_wallet_id", "web3_wallets");
        for (const auto* name : {"username", "external_id"}) // a blank one is none
            if (const auto* v = user.if_contains(name); v && v->is_string() && v->get_string().empty())
                user[name] = nullptr;
        if (given(body, "password") || given(body, "password_digest")) {
            user["password_enabled"] = true;
            user["password_last_updated_at"] = c.wall;
            c.kept.passwords[c.capture(0)] = std::string(text_in(body, "password"));
        }
        if (const auto* totp = body.if_contains("totp_secret"))
            user["totp_enabled"] = !totp->is_null();
        if (body.contains("backup_codes"))
            user["backup_code_enabled"] = !texts_in(body, "backup_codes").empty();
        claim_user_keys(c, user, c.capture(0));
    });
}

void delete_user(context& c)
{
    auto* found = find_user(c, c.capture(0));
    if (!found)
        return;
    const auto user = found->parsed();
    const auto id = c.capture(0);
    if (const auto in = c.kept.organizations_of.find(id); in != c.kept.organizations_of.end()) {
        for (const auto& organization : in->second)
            if (auto* members = c.kept.find("/organizations/" + organization + "/memberships"))
                members->erase(id);
        c.kept.organizations_of.erase(in);
    }
    if (auto* sessions = c.kept.find("/sessions")) {
        std::vector<std::string> theirs;
        for (const auto* one : sessions->by_time())
            if (one->text.find("\"" + id + "\"") != std::string::npos)
                theirs.push_back(one->id);
        for (const auto& one : theirs)
            sessions->erase(one);
    }
    c.kept.passwords.erase(id);
    c.kept.drop_below("/users/" + id);
    c.kept.remove(c.kept.at("/users"), *found);
    auto answer = generic::deleted(c, "user", id);
    if (const auto external = text_in(user, "external_id"); !external.empty())
        answer["external_id"] = external;
    c.answer(answer);
}

void ban_user(context& c)
{
    with_user(c, [&](json::object& user) { user["banned"] = c.asked.of->verb == "ban"; });
}

void ban_users(context& c)
{
    const bool banned = c.asked.of->form == "/users/ban";
    std::vector<resource*> found;
    for (const auto& id : texts_in(c.body(), "user_ids"))
        if (auto* one = find_user(c, id))
            found.push_back(one);
    if (!c.refused.empty())
        return;
    json::array all;
    for (auto* one : found) {
        auto user = one->parsed();
        user["banned"] = banned;
        user["updated_at"] = c.wall;
        rewrite_user(c, *one, user);
        all.push_back(std::move(user));
    }
    c.answer(all);
}

void lock_user(context& c)
{
    with_user(c, [&](json::object& user) {
        user["locked"] = c.asked.of->verb == "lock";
        user["lockout_expires_in_seconds"] = c.asked.of->verb == "lock" ? json::value(3600) : json::value();
    });
}

void user_metadata(context& c)
{
    with_user(c, [&](json::object& user) {
        for (const auto* name : {"public_metadata", "private_metadata", "unsafe_metadata"})
            if (const auto* with = given(c.body(), name)) {
                if (!user[name].is_object())
                    user[name] = json::object();
                generic::merge_metadata(user[name].get_object(), with->as_object());
            }
        check_metadata(c, user);
    });
}

void profile_image(context& c)
{
    with_user(c, [&](json::object& user) {
        const bool there = c.asked.of->method == "POST";
        if (there && c.asked.parts.empty())
            return c.refuse(form::missing("file"));
        user["has_image"] = there;
        user["image_url"] = "https://img.example.com/" + hexadecimal(16, c.made.source());
    });
}

void verify_password(context& c)
{
    if (!find_user(c, c.capture(0)))
        return;
    const auto known = c.kept.passwords.find(c.capture(0));
    if (known == c.kept.passwords.end())
        return c.refuse({400, "no_password_set", "no password", "This user has no password.", {}});
    if (known->second != text_in(c.body(), "password"))
        return c.refuse({422, "incorrect_password", "incorrect", "The password is not the user's.", "password"});
    c.answer(json::object{{"verified", true}});
}

// DELETE …/mfa, …/totp, …/backup_code: answered by the user's id alone.
void disable_factor(context& c)
{
    const auto id = c.capture(0);
    with_user(c, [&](json::object& user) {
        const auto& verb = c.asked.of->verb;
        if (verb == "totp" || verb == "mfa")
            user["totp_enabled"] = false;
        if (verb == "backup_code" || verb == "mfa")
            user["backup_code_enabled"] = false;
        user["two_factor_enabled"] = user["totp_enabled"].as_bool();
    });
    if (c.refused.empty())
        c.answer(json::object{{"user_id", id}});
}

// DELETE …/web3_wallets/{id}, …/passkeys/{id}, …/external_accounts/{id}
void drop_identification(context& c)
{
    const auto& form = c.asked.of->form;
    const auto begin = form.find("{}/") + 3;
    const auto list = form.substr(begin, form.find('/', begin) - begin);
    std::string object;
    with_user(c, [&](json::object& user) {
        auto& all = user[list].as_array();
        const auto one = std::find_if(all.begin(), all.end(),
                                      [&](const auto& v) { return text_in(v.as_object(), "id") == c.capture(1); });
        if (one == all.end())
            return c.refuse(not_found(list, c.capture(1)));
        object = text_in(one->as_object(), "object");
        all.erase(one);
        if (list == "web3_wallets" && text_in(user, "primary_web3_wallet_id") == c.capture(1))
            user["primary_web3_wallet_id"] = all.empty() ? json::value() : all[0].as_object().at("id");
    });
    if (c.refused.empty())
        c.answer(generic::deleted(c, object, c.capture(1)));
}

} // namespace usher::sandbox::rules
