// What a record asks Clerk for.
#include "bulk/target/clerk_encode.hpp"
#include "bulk/target/clerk_target.hpp"

#include "json/check.hpp"

#include <boost/json/serialize.hpp>

#include <utility>

namespace usher::bulk {

namespace {

using planned = boost::system::result<std::vector<step>, refusal>;

template <class Params>
refusal check_params(const Params& params)
{
    const Params* object = &params;
    if (const auto bad = detail::check(usher_type(object), object))
        return {"invalid_request", bad->pointer, bad->message()};
    return {};
}

refusal check_size(const boost::json::object& metadata, const std::string& name)
{
    if (boost::json::serialize(metadata).size() <= largest_metadata)
        return {};
    return {"metadata_too_large", name, name + " takes more than " + std::to_string(largest_metadata) + " bytes"};
}

refusal check_metadata(const user& who)
{
    auto why = check_size(who.public_metadata, "public_metadata");
    if (why.code.empty())
        why = check_size(who.private_metadata, "private_metadata");
    if (why.code.empty())
        why = check_size(who.unsafe_metadata, "unsafe_metadata");
    for (std::size_t i = 0; i < who.memberships.size() && why.code.empty(); ++i) {
        const auto place = "memberships/" + std::to_string(i) + '/';
        why = check_size(who.memberships[i].public_metadata, place + "public_metadata");
        if (why.code.empty())
            why = check_size(who.memberships[i].private_metadata, place + "private_metadata");
    }
    return why;
}

void note_primary(const std::vector<identifier>& all, const std::string& name, std::vector<note>& notes)
{
    if (!all.empty() && !all.front().verified && !values_of(all, true).empty())
        notes.emplace_back(name, "the primary one is not verified: the first verified one becomes primary");
}

planned plan_user(const user& who, std::vector<note>& notes)
{
    if (who.email_addresses.empty() && who.phone_numbers.empty() && who.username.empty())
        return refusal("no_identifier", "", "no usable e-mail address, phone number or username: nobody could sign in");
    auto why = check_metadata(who);
    if (why.code.empty())
        why = check_params(create_params(who, this_moment()));
    if (!why.code.empty())
        return why;

    note_primary(who.email_addresses, "email_addresses", notes);
    note_primary(who.phone_numbers, "phone_numbers", notes);
    std::vector<step> steps{step(import_step::create, 0)};
    for (std::size_t i = 0; i < who.email_addresses.size(); ++i)
        if (is_added(who.email_addresses, i))
            steps.emplace_back(import_step::email_address, i);
    for (std::size_t i = 0; i < who.phone_numbers.size(); ++i)
        if (is_added(who.phone_numbers, i))
            steps.emplace_back(import_step::phone_number, i);
    for (std::size_t i = 0; i < who.memberships.size(); ++i) {
        if (who.memberships[i].roles.size() > 1)
            notes.emplace_back("memberships.roles", "a membership has one role: the first one is kept");
        steps.emplace_back(import_step::membership, i);
    }
    // Last, as a service may refuse to change somebody who is banned.
    if (who.banned)
        steps.emplace_back(import_step::ban, 0);
    if (who.locked) {
        notes.emplace_back("locked", "a lock ends after the time that the instance has for it");
        steps.emplace_back(import_step::lock, 0);
    }
    return steps;
}

planned plan_organization(const organization& which, std::vector<note>& notes)
{
    if (which.name.empty())
        return refusal("no_name", "name", "an organization needs a name");
    const auto candidates = slug_candidates(which);
    const auto params = create_params(which, candidates.front(), this_moment());
    auto why = check_size(which.public_metadata, "public_metadata");
    if (why.code.empty())
        why = check_size(*params.private_metadata, "private_metadata");
    if (why.code.empty())
        why = check_params(params);
    if (!why.code.empty())
        return why;
    if (!which.slug.empty() && candidates.front() != which.slug)
        notes.emplace_back("slug", "not of small letters, digits and hyphens alone: another one is made");
    if (which.private_metadata.contains(marker_name))
        notes.emplace_back("private_metadata." + std::string(marker_name), "replaced by the mark of this migration");
    return std::vector<step>{step(import_step::create, 0)};
}

} // namespace

planned clerk_target::plan(mapped_record& record) const
{
    if (const auto* who = std::get_if<user>(&record.what))
        return plan_user(*who, record.notes);
    return plan_organization(std::get<organization>(record.what), record.notes);
}

} // namespace usher::bulk
