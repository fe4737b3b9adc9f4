// Records as usher writes them itself. They hold the model member by member, so nothing is judged here but their form:
// what is there is taken as it stands, and what has another form than usher gives it refuses the record, since the
// file was changed by hand and a member left out would be lost in silence.
#include "bulk/live/usher_record.hpp"
#include "bulk/mapping/hashers.hpp"
#include "bulk/mapping/mapping_parts.hpp"
#include "bulk/mapping/text.hpp"

#include <boost/json/array.hpp>

namespace json = boost::json;

namespace usher::bulk {

namespace {

using time = std::chrono::sys_time<std::chrono::milliseconds>;

/// Takes members by their name; remembers the first that has another form.
class members {
public:
    members(const json::object& from, std::string place) : from_(from), place_(std::move(place)) {}

    void take(std::string_view name, std::string& to)
    {
        if (const auto* value = find(name)) {
            if (value->is_string())
                to = value->get_string();
            else
                malformed(name, "not a text");
        }
    }

    void take(std::string_view name, bool& to)
    {
        if (const auto* value = find(name)) {
            if (value->is_bool())
                to = value->get_bool();
            else
                malformed(name, "neither true nor false");
        }
    }

    void take(std::string_view name, std::optional<bool>& to)
    {
        bool flag = false;
        if (find(name)) {
            take(name, flag);
            to = flag;
        }
    }

    void take(std::string_view name, std::optional<std::int64_t>& to)
    {
        if (const auto* value = find(name)) {
            if (value->is_int64())
                to = value->get_int64();
            else
                malformed(name, "not a whole number");
        }
    }

    void take(std::string_view name, std::optional<time>& to)
    {
        if (const auto* value = find(name)) {
            to = value->is_string() ? parse_time(value->get_string()) : std::nullopt;
            if (!to)
                malformed(name, "not an RFC 3339 time");
        }
    }

    void take(std::string_view name, json::object& to)
    {
        if (const auto* value = find(name)) {
            if (value->is_object())
                to = value->get_object();
            else
                malformed(name, "not an object");
        }
    }

    void take(std::string_view name, std::vector<std::string>& to)
    {
        for (const auto& value : list(name)) {
            if (value.is_string())
                to.emplace_back(value.get_string());
            else
                malformed(name, "not a list of texts");
        }
    }

    /// The elements of a list of objects, each given to `use` as members of its own.
    template <class Use>
    void each(std::string_view name, Use use)
    {
        for (const auto& value : list(name)) {
            if (!value.is_object()) {
                malformed(name, "not a list of objects");
                return;
            }
            members inner(value.get_object(), place_ + std::string(name) + ".");
            use(inner);
            keep(inner);
        }
    }

    /// An object, given to `use` as members of its own, if it is there.
    template <class Use>
    void one(std::string_view name, Use use)
    {
        if (!find(name))
            return;
        json::object object;
        take(name, object);
        members inner(object, place_ + std::string(name) + ".");
        use(inner);
        keep(inner);
    }

    void need(std::string_view name, const std::string& value)
    {
        if (value.empty())
            malformed(name, "missing");
    }

    /// What nobody took, by its whole name.
    std::vector<std::string> rest() const
    {
        auto names = inner_rest_;
        for (const auto& member : from_)
            if (!taken_.contains(member.key()) && !member.value().is_null())
                names.push_back(place_ + std::string(member.key()));
        return names;
    }

    const refusal& problem() const noexcept { return problem_; }

private:
    const json::value* find(std::string_view name)
    {
        const auto found = from_.find(name);
        if (found == from_.end())
            return nullptr;
        taken_.insert(found->key());
        return found->value().is_null() ? nullptr : &found->value();
    }

    json::array list(std::string_view name)
    {
        const auto* value = find(name);
        if (value && !value->is_array())
            malformed(name, "not a list");
        return value && value->is_array() ? value->get_array() : json::array();
    }

    void malformed(std::string_view name, std::string_view why)
    {
        if (problem_.code.empty())
            problem_ = refusal("member_malformed", place_ + std::string(name), std::string(why));
    }

    void keep(const members& inner)
    {
        if (problem_.code.empty())
            problem_ = inner.problem_;
        for (auto& name : inner.rest())
            inner_rest_.push_back(std::move(name));
    }

    const json::object& from_;
    std::string place_;
    std::set<std::string_view> taken_;
    std::vector<std::string> inner_rest_;
    refusal problem_;
};

void take_identifiers(members& from, std::string_view name, std::vector<identifier>& to)
{
    from.each(name, [&](members& one) {
        identifier made;
        one.take("value", made.value);
        one.take("verified", made.verified);
        one.need("value", made.value);
        to.push_back(std::move(made));
    });
}

organization take_organization(members& from)
{
    organization made;
    from.take("id", made.id);
    from.take("name", made.name);
    from.take("slug", made.slug);
    from.take("created_at", made.created_at);
    from.take("public_metadata", made.public_metadata);
    from.take("private_metadata", made.private_metadata);
    from.take("max_allowed_memberships", made.max_allowed_memberships);
    from.take("admin_delete_enabled", made.admin_delete_enabled);
    return made;
}

void take_memberships(members& from, std::vector<membership>& to)
{
    from.each("memberships", [&](members& one) {
        membership made;
        one.take("organization", made.organization);
        one.need("organization", made.organization);
        one.take("roles", made.roles);
        one.take("public_metadata", made.public_metadata);
        one.take("private_metadata", made.private_metadata);
        to.push_back(std::move(made));
    });
}

user take_user(members& from)
{
    user made;
    from.take("id", made.id);
    take_identifiers(from, "email_addresses", made.email_addresses);
    take_identifiers(from, "phone_numbers", made.phone_numbers);
    from.take("username", made.username);
    from.take("first_name", made.first_name);
    from.take("last_name", made.last_name);
    from.take("locale", made.locale);
    from.one("password", [&](members& one) {
        auto& password = made.password.emplace();
        one.take("hasher", password.hasher);
        one.take("digest", password.digest);
    });
    from.take("totp_secret", made.totp_secret);
    from.take("backup_codes", made.backup_codes);
    from.take("public_metadata", made.public_metadata);
    from.take("private_metadata", made.private_metadata);
    from.take("unsafe_metadata", made.unsafe_metadata);
    from.take("created_at", made.created_at);
    from.take("legal_accepted_at", made.legal_accepted_at);
    from.take("banned", made.banned);
    from.take("locked", made.locked);
    from.take("delete_self_enabled", made.delete_self_enabled);
    from.take("create_organization_enabled", made.create_organization_enabled);
    from.take("create_organizations_limit", made.create_organizations_limit);
    take_memberships(from, made.memberships);
    return made;
}

} // namespace

mapped map_usher(const json::object& object, const mapping_options&)
{
    members from(object, "");
    mapped_record made;
    std::string kind;
    from.take("kind", kind);
    if (kind == to_string(entity_kind::organization))
        made.what = take_organization(from);
    else if (kind == to_string(entity_kind::user))
        made.what = take_user(from);
    else
        return refusal("unknown_kind", "kind", "neither \"user\" nor \"organization\"");
    from.each("not_exported", [&](members& one) {
        note lost;
        one.take("field", lost.field);
        one.take("reason", lost.reason);
        made.notes.push_back(std::move(lost));
    });
    if (!from.problem().code.empty())
        return from.problem();
    if (made.id().empty())
        return no_external_id("id");
    if (auto* who = std::get_if<user>(&made.what); who && who->password) {
        auto checked = check_digest(who->password->hasher, who->password->digest, "password.digest", "password.hasher");
        if (!checked)
            return checked.error();
        who->password = std::move(*checked);
    }
    for (auto& name : from.rest())
        made.notes.emplace_back(std::move(name), "not a member that is known here");
    return made;
}

json::object to_record(const user& of)
{
    return to_record(of, std::vector<note>());
}

json::object to_record(const organization& of)
{
    return to_record(of, std::vector<note>());
}

} // namespace usher::bulk
