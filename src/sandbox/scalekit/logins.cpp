// Passkeys, and logins by mail.

#include "sandbox/identifier.hpp"
#include "sandbox/scalekit/scalekit.hpp"

namespace usher::sandbox::scalekit {

namespace {

constexpr const char* mails_path = "/passwordless";

// A user has one as soon as somebody looks: they are registered in a browser.
collection& passkeys_of(context& c, const resource& owner)
{
    const auto path = "/users/" + owner.id + "/passkeys";
    if (!c.kept.find(path)) {
        const auto id = new_id(c, "wac_"), now = time_text(c.wall);
        c.kept.add(path, id,
                   json::object{{"id", id},
                                {"credential_id", base62(43, c.made.source())},
                                {"user_id", owner.id},
                                {"display_name", "Passkey"},
                                {"attestation_type", "none"},
                                {"transports", json::array{"internal"}},
                                {"created_at", now},
                                {"updated_at", now},
                                {"authenticator", json::object{{"name", "Authenticator"}, {"attachment", "platform"}}}},
                   {}, c.wall, c.now);
    }
    return c.kept.at(path);
}

// By its id or by the id that authenticators know.
resource* passkey(context& c, std::string& path)
{
    for (const auto& [where, in] : c.kept.matching("/users/{}/passkeys"))
        for (auto* r : in->by_time())
            if (r->id == c.capture(0) || text_in(r->parsed(), "credential_id") == c.capture(0)) {
                path = where;
                return r;
            }
    absent(c, "credential", c.capture(0));
    return nullptr;
}

} // namespace

namespace rules {

void list_passkeys(context& c)
{
    json::array out, ids;
    const auto id = text_in(c.asked.query, "user_id");
    if (const auto* owner = id.empty() ? nullptr : user(c, id))
        for (const auto* r : passkeys_of(c, *owner).by_time()) {
            out.push_back(r->parsed());
            ids.push_back(json::value(text_in(r->parsed(), "credential_id")));
        }
    if (!c.refused.empty())
        return;
    json::object options{{"all_accepted_credential_ids", std::move(ids)}, {"rp_id", "example.com"}, {"user_id", id}};
    c.answer(json::object{{"credentials", std::move(out)}, {"all_accepted_credentials_options", std::move(options)}});
}

void update_passkey(context& c)
{
    std::string path;
    auto* found = passkey(c, path);
    if (!found)
        return;
    if (text_in(c.body(), "display_name").empty())
        return invalid(c, "display_name", "a name");
    auto body = found->parsed();
    assign(body, c.body(), {"display_name"});
    save(c, path, *found, std::move(body));
    answer_one(c, "credential", found->parsed());
}

void delete_passkey(context& c)
{
    std::string path;
    auto* found = passkey(c, path);
    if (!found)
        return;
    const std::string id(text_in(found->parsed(), "credential_id"));
    c.kept.remove(c.kept.at(path), *found);
    c.answer(
        json::object{{"success", true},
                     {"unknown_credential_options", json::object{{"credential_id", id}, {"rp_id", "example.com"}}}});
}

// Nobody reads the mail: the code is always 424242, and the link's token is the request's id.
void send_passwordless(context& c)
{
    const auto& body = c.body();
    if (!email_like(text_in(body, "email")))
        invalid(c, "email", "an e-mail address");
    const auto* seconds = given(body, "expires_in");
    const auto lifetime = seconds ? seconds->to_number<std::int64_t>() : 300;
    if (lifetime <= 0 || lifetime > 86'400)
        invalid(c, "expires_in", "1 to 86400 seconds");
    if (const auto* variables = given(body, "template_variables"); variables && variables->as_object().size() > 30)
        invalid(c, "template_variables", "at most 30 pairs");
    if (!c.refused.empty())
        return;
    ++c.kept.mails;
    const auto id = base62(50, c.made.source());
    json::object pending{{"email", text_in(body, "email")},
                         {"until", c.wall + lifetime * 1000},
                         {"lifetime", lifetime},
                         {"template", "SIGNIN"}};
    assign(pending, body, {"state", "template"});
    c.kept.add(mails_path, id, pending, {}, c.wall, c.now);
    c.answer(json::object{{"auth_request_id", id},
                          {"expires_at", std::to_string(c.wall / 1000 + lifetime)},
                          {"expires_in", lifetime},
                          {"passwordless_type", given(body, "magiclink_auth_uri") ? "LINK_OTP" : "OTP"}});
}

void resend_passwordless(context& c)
{
    auto* found = c.kept.at(mails_path).find(text_in(c.body(), "auth_request_id"));
    if (!found)
        return absent(c, "auth_request", text_in(c.body(), "auth_request_id"));
    ++c.kept.mails;
    auto pending = found->parsed();
    const auto lifetime = pending["lifetime"].to_number<std::int64_t>();
    pending["until"] = c.wall + lifetime * 1000;
    c.kept.replace(c.kept.at(mails_path), *found, pending, {});
    c.answer(json::object{{"auth_request_id", found->id},
                          {"expires_at", std::to_string(c.wall / 1000 + lifetime)},
                          {"expires_in", lifetime},
                          {"passwordless_type", "OTP"}});
}

void verify_passwordless(context& c)
{
    const auto& body = c.body();
    const auto link = text_in(body, "link_token");
    const auto id = link.empty() ? text_in(body, "auth_request_id") : link;
    auto* found = c.kept.at(mails_path).find(id);
    if (!found)
        return absent(c, "auth_request", id);
    const auto pending = found->parsed();
    if (pending.at("until").to_number<std::int64_t>() <= c.wall)
        return impossible(c, "The code has expired.");
    if (link.empty() && text_in(body, "code") != "424242")
        return invalid(c, "code", "the one that was mailed");
    json::object out{{"passwordless_type", link.empty() ? "OTP" : "LINK"}};
    assign(out, pending, {"email", "state", "template"});
    c.kept.remove(c.kept.at(mails_path), *found);
    c.answer(out);
}

} // namespace rules

} // namespace usher::sandbox::scalekit
