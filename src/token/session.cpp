#include "token/claim_reader.hpp"
#include "token/jws.hpp"
#include "token/permissions.hpp"

namespace usher::token::detail {

namespace {

namespace json = boost::json;

bool check_category(claim_reader& from)
{
    const auto category = from.header_text("cat");
    if (!category.empty() && category != category_session) {
        const char* kind = category == category_template ? "made from a template"
                           : category == category_m2m    ? "a machine's"
                                                         : "of another kind";
        return from.refuse(reason::token_type,
                           "cat is " + quoted(category) + ": the token is " + kind + ", no session's");
    }
    if (is_access_token(from))
        return from.refuse(reason::token_type, "typ is at+jwt: the token is an OAuth access token, no session's");
    return true;
}

/// One member of `o`; false when it is there and no text.
bool member(claim_reader& from, const json::object& organization, std::string_view name, std::string& out)
{
    const auto* value = organization.if_contains(name);
    if (!value)
        return true;
    if (!value->is_string())
        return from.invalid("o." + std::string(name), "a text");
    out = value->get_string();
    return true;
}

bool read_organization_1(claim_reader& from, session_claims& to)
{
    organization_claims found;
    if (!from.text("org_id", found.id) || !from.text("org_slug", found.slug) || !from.text("org_role", found.role) ||
        !from.texts("org_permissions", found.permissions))
        return false;
    if (!found.id.empty())
        to.organization = std::move(found);
    return true;
}

bool read_organization_2(claim_reader& from, session_claims& to, std::string_view features)
{
    const json::object* o = nullptr;
    if (!from.object("o", o))
        return false;
    if (!o)
        return true;
    organization_claims found;
    std::string role, permissions, masks;
    if (!member(from, *o, "id", found.id) || !member(from, *o, "slg", found.slug) || !member(from, *o, "rol", role) ||
        !member(from, *o, "per", permissions) || !member(from, *o, "fpm", masks))
        return false;
    if (found.id.empty())
        return from.missing("o.id");
    if (!role.empty())
        found.role = "org:" + role;
    auto granted = decode_permissions(features, permissions, masks);
    if (!granted)
        return from.invalid("o.fpm", "a list of decimal numbers");
    found.permissions = std::move(*granted);
    to.organization = std::move(found);
    return true;
}

bool read_version(claim_reader& from, int& version)
{
    const auto* value = from.all().if_contains("v");
    if (!value)
        return true;
    if (!value->is_int64() || (value->get_int64() != 1 && value->get_int64() != 2))
        return from.invalid("v", "1 or 2");
    version = static_cast<int>(value->get_int64());
    return true;
}

/// `[minutes, minutes]`; -1: never.
bool read_factors(claim_reader& from, session_claims& to)
{
    const auto* value = from.all().if_contains("fva");
    if (!value)
        return true;
    const auto* list = value->if_array();
    const auto is_age = [](const json::value& one) {
        return one.is_int64() && one.get_int64() >= -1 && one.get_int64() <= 1'000'000'000;
    };
    if (!list || list->size() != 2 || !is_age((*list)[0]) || !is_age((*list)[1]))
        return from.invalid("fva", "an array of two numbers of minutes");
    const auto age = [](const json::value& one) -> std::optional<std::chrono::minutes> {
        if (one.get_int64() < 0)
            return std::nullopt;
        return std::chrono::minutes(one.get_int64());
    };
    to.first_factor_age = age((*list)[0]);
    to.second_factor_age = age((*list)[1]);
    return true;
}

bool read_status(claim_reader& from, session_claims& to, const verify_options& options)
{
    std::string status;
    if (!from.text("sts", status))
        return false;
    to.is_pending = status == "pending";
    if (to.is_pending && !options.accept_pending)
        return from.refuse(reason::session_pending, "sts is pending: a task is left before the user is signed in");
    if (!status.empty() && status != "active" && status != "pending")
        return from.invalid("sts", "active or pending");
    return true;
}

} // namespace

bool read_kind(claim_reader& from, session_claims& to, const verify_options& options)
{
    if (!check_category(from))
        return false;
    if (to.subject.starts_with("mch_"))
        return from.refuse(reason::token_type, "sub is a machine: the token is no session's");
    // Members of ID and access tokens, which the same issuer signs with the same key.
    if (!check_absent(from, {"nonce", "at_hash", "c_hash"}, "an ID token, no session's") ||
        !check_absent(from, {"client_id"}, "an OAuth client's, no session's"))
        return false;
    std::string plans, features;
    const json::object* actor = nullptr;
    if (!from.text("azp", to.authorized_party) || !check_party(from, to.authorized_party, options) ||
        !read_version(from, to.version) || !from.text("sid", to.session_id))
        return false;
    if (to.session_id.empty())
        return from.missing("sid");
    if (!read_status(from, to, options) || !from.text("pla", plans) || !from.text("fea", features) ||
        !from.object("act", actor) || !read_factors(from, to))
        return false;
    if (!(to.version == 1 ? read_organization_1(from, to) : read_organization_2(from, to, features)))
        return false;
    for (const auto plan : split_list(plans))
        to.plans.emplace_back(plan);
    for (const auto feature : split_list(features))
        to.features.emplace_back(feature);
    if (actor)
        to.actor = *actor;
    return check_scopes(from, {}, options);
}

} // namespace usher::token::detail
