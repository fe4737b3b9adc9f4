#include "sandbox/identifier.hpp"
#include "sandbox/scalekit/machine.hpp"
#include "sandbox/scalekit/scalekit.hpp"

#include <charconv>

namespace usher::sandbox::scalekit {

namespace {

// What a secret opens is kept apart from what is shown of it.
std::string secret_name(std::string_view secret_id)
{
    return "client secret " + std::string(secret_id);
}

json::object new_secret(context& c, std::string& plain)
{
    plain = "test_" + base62(40, c.made.source());
    const auto id = new_id(c, "sks_"), now = time_text(c.wall);
    c.kept.passwords[secret_name(id)] = plain;
    return {{"id", id}, {"create_time", now}, {"update_time", now}, {"secret_suffix", plain.substr(plain.size() - 4)}};
}

std::string path_of(const context& c)
{
    return organization_path(c.capture(0), "clients");
}

resource* client(context& c)
{
    if (!organization(c, c.capture(0)))
        return nullptr;
    auto* found = c.kept.at(path_of(c)).find(c.capture(1));
    if (!found)
        absent(c, "client", c.capture(1));
    return found;
}

void forget_secrets(context& c, const json::object& of)
{
    for (const auto& one : of.at("secrets").as_array())
        c.kept.passwords.erase(secret_name(text_in(one.as_object(), "id")));
}

void check(context& c)
{
    if (text_in(c.body(), "name").size() > 100)
        invalid(c, "name", "at most 100 characters");
}

constexpr std::initializer_list<const char*> members{"name",     "description", "scopes",
                                                     "audience", "expiry",      "custom_claims"};

} // namespace

bool known_machine(store& kept, std::string_view id)
{
    for (const auto& [path, in] : kept.matching("/organizations/{}/clients"))
        if (in->find(id))
            return true;
    return false;
}

std::optional<machine> open_machine(store& kept, std::string_view id, std::string_view secret)
{
    for (const auto& [path, in] : kept.matching("/organizations/{}/clients")) {
        const auto* found = in->find(id);
        if (!found)
            continue;
        const auto body = found->parsed();
        for (const auto& one : body.at("secrets").as_array()) {
            const auto plain = kept.passwords.find(secret_name(text_in(one.as_object(), "id")));
            if (plain == kept.passwords.end() || plain->second != secret)
                continue;
            machine out;
            out.organization = text_in(body, "organization_id");
            out.scopes = texts_in(body, "scopes");
            out.audience = texts_in(body, "audience");
            if (const auto* claims = given(body, "custom_claims"))
                for (const auto& claim : claims->as_array())
                    out.claims[text_in(claim.as_object(), "key")] = text_in(claim.as_object(), "value");
            const auto expiry = text_in(body, "expiry");
            std::from_chars(expiry.data(), expiry.data() + expiry.size(), out.lifetime);
            return out;
        }
    }
    return std::nullopt;
}

namespace rules {

void create_client(context& c)
{
    if (!organization(c, c.capture(0)))
        return;
    check(c);
    if (!c.refused.empty())
        return;
    std::string plain;
    const auto now = time_text(c.wall), id = new_id(c, "m2morg_");
    json::object made{{"client_id", id},
                      {"organization_id", c.capture(0)},
                      {"create_time", now},
                      {"update_time", now},
                      {"is_cimd", false},
                      {"is_dcr", false},
                      {"secrets", json::array{new_secret(c, plain)}}};
    assign(made, c.body(), members);
    c.kept.add(path_of(c), id, made, {}, c.wall, c.now);
    c.answer(json::object{{"client", std::move(made)}, {"plain_secret", plain}});
}

void get_client(context& c)
{
    if (const auto* found = client(c))
        answer_one(c, "client", found->parsed());
}

void list_clients(context& c)
{
    if (organization(c, c.capture(0)))
        answer_page(c, "clients", everything(c, path_of(c)), {10, 100}, as_kept);
}

void update_client(context& c)
{
    auto* found = client(c);
    check(c);
    if (!c.refused.empty())
        return;
    auto body = found->parsed();
    assign(body, c.body(), members);
    save(c, path_of(c), *found, std::move(body));
    answer_one(c, "client", found->parsed());
}

void delete_client(context& c)
{
    auto* found = client(c);
    if (!found)
        return;
    forget_secrets(c, found->parsed());
    c.kept.remove(c.kept.at(path_of(c)), *found);
    answer_nothing(c);
}

void create_secret(context& c)
{
    auto* found = client(c);
    if (!found)
        return;
    auto body = found->parsed();
    std::string plain;
    auto made = new_secret(c, plain);
    body["secrets"].as_array().push_back(made);
    save(c, path_of(c), *found, std::move(body));
    c.answer(json::object{{"plain_secret", plain}, {"secret", std::move(made)}});
}

void delete_secret(context& c)
{
    auto* found = client(c);
    if (!found)
        return;
    auto body = found->parsed();
    auto& secrets = body["secrets"].as_array();
    for (auto it = secrets.begin(); it != secrets.end(); ++it)
        if (text_in(it->as_object(), "id") == c.capture(2)) {
            secrets.erase(it);
            c.kept.passwords.erase(secret_name(c.capture(2)));
            save(c, path_of(c), *found, std::move(body));
            return answer_nothing(c);
        }
    absent(c, "secret", c.capture(2));
}

} // namespace rules

} // namespace usher::sandbox::scalekit
