#include "sandbox/identifier.hpp"
#include "sandbox/rules.hpp"

#include <algorithm>

// E-mail addresses and phone numbers: resources of their own to the API, kept inside their users here.

namespace usher::sandbox::rules {

namespace {

struct place {
    explicit place(const context& c) : email(c.asked.of->form.starts_with("/email_addresses")) {}

    bool email;
    [[nodiscard]] const char* list() const { return email ? "email_addresses" : "phone_numbers"; }
    [[nodiscard]] const char* member() const { return email ? "email_address" : "phone_number"; }
    [[nodiscard]] const char* primary() const { return email ? "primary_email_address_id" : "primary_phone_number_id"; }
};

json::object* find_in(json::object& user, const place& where, std::string_view id)
{
    for (auto& one : user.at(where.list()).as_array())
        if (text_in(one.as_object(), "id") == id)
            return &one.as_object();
    return nullptr;
}

// The user who has the identification that the path names; refuses with 404.
resource* holder(context& c, const place& where, json::object& user)
{
    const auto owner = c.kept.owner("idn:" + c.capture(0));
    auto* found = owner.empty() ? nullptr : c.kept.at("/users").find(owner);
    if (found)
        user = found->parsed();
    if (!found || !find_in(user, where, c.capture(0))) {
        c.refuse(not_found(where.list(), c.capture(0)));
        return nullptr;
    }
    return found;
}

void verify(json::object& one, bool verified)
{
    if (!verified)
        one["verification"] = nullptr;
    else if (one["verification"].is_null())
        one["verification"] = json::object{{"object", "verification_admin"},
                                           {"status", "verified"},
                                           {"strategy", "admin"},
                                           {"attempts", nullptr},
                                           {"expire_at", nullptr}};
}

} // namespace

void create_identification(context& c)
{
    const place where(c);
    const auto value = text_in(c.body(), where.member());
    if (where.email ? !email_like(value) : !phone_like(value))
        c.refuse(
            form::wrong_format(where.member(), where.email ? "a valid e-mail address" : "a phone number as in E.164"));
    auto* found = find_user(c, text_in(c.body(), "user_id"));
    if (!found || !c.refused.empty())
        return;
    auto user = found->parsed();
    auto& list = user.at(where.list()).as_array();
    auto made = identification(c, where.member(), value, true_in(c.body(), "verified"));
    if (true_in(c.body(), "reserved_for_second_factor"))
        made["reserved_for_second_factor"] = true;
    const bool primary = true_in(c.body(), "primary") || list.empty();
    list.push_back(made); // before anything is set in the user, which may move its members
    if (primary)
        user[where.primary()] = made.at("id");
    user["updated_at"] = c.wall;
    if (!claim_user_keys(c, user, found->id))
        return;
    rewrite_user(c, *found, user);
    c.answer(made);
}

void get_identification(context& c)
{
    const place where(c);
    json::object user;
    if (holder(c, where, user))
        c.answer(*find_in(user, where, c.capture(0)));
}

void update_identification(context& c)
{
    const place where(c);
    json::object user;
    auto* found = holder(c, where, user);
    if (!found)
        return;
    auto* one = find_in(user, where, c.capture(0));
    const auto& body = c.body();
    if (const auto* v = given(body, "verified"))
        verify(*one, v->as_bool());
    if (const auto* v = given(body, "reserved_for_second_factor"))
        (*one)["reserved_for_second_factor"] = *v;
    (*one)["updated_at"] = c.wall;
    c.answer(*one); // before anything is set in the user, which may move its members
    if (true_in(body, "primary"))
        user[where.primary()] = c.capture(0);
    user["updated_at"] = c.wall;
    rewrite_user(c, *found, user);
}

void delete_identification(context& c)
{
    const place where(c);
    json::object user;
    auto* found = holder(c, where, user);
    if (!found)
        return;
    auto& list = user.at(where.list()).as_array();
    list.erase(std::find_if(list.begin(), list.end(),
                            [&](const auto& one) { return text_in(one.as_object(), "id") == c.capture(0); }));
    if (text_in(user, where.primary()) == c.capture(0))
        user[where.primary()] = list.empty() ? json::value() : list[0].as_object().at("id");
    user["updated_at"] = c.wall;
    rewrite_user(c, *found, user);
    c.answer(generic::deleted(c, where.member(), c.capture(0)));
}

} // namespace usher::sandbox::rules
