#include "bulk/target/clerk_encode.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <openssl/sha.h>

#include <algorithm>
#include <array>

namespace usher::bulk {

namespace {

constexpr std::size_t longest_slug = 256;

bool is_slug(std::string_view text)
{
    return !text.empty() && text.size() <= longest_slug && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

std::string slugified(std::string_view name)
{
    std::string slug;
    for (char c : name) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            slug += c;
        else if (!slug.empty() && slug.back() != '-')
            slug += '-';
    }
    // Room for what follows.
    slug.resize(std::min<std::size_t>(slug.size(), 64));
    while (!slug.empty() && slug.back() == '-')
        slug.pop_back();
    return slug.empty() ? "organization" : slug;
}

/// Eight hexadecimal digits that depend on the id alone.
std::string mark_of(std::string_view id)
{
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(id.data()), id.size(), digest.data());
    constexpr std::string_view digits = "0123456789abcdef";
    std::string mark;
    for (std::size_t i = 0; i < 4; ++i) {
        mark += digits[digest[i] >> 4U];
        mark += digits[digest[i] & 15U];
    }
    return mark;
}

void set(field<std::string>& member, const std::string& value)
{
    if (!value.empty())
        member = value;
}

void set(field<std::vector<std::string>>& member, std::vector<std::string> values)
{
    if (!values.empty())
        member = std::move(values);
}

void set(field<boost::json::object>& member, const boost::json::object& value)
{
    if (!value.empty())
        member = value;
}

bool comes_before(const std::vector<identifier>& all, std::size_t index)
{
    return std::any_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(index),
                       [&](const identifier& each) { return each.value == all[index].value; });
}

template <class Found>
const boost::json::value* in_marker(const Found& found, std::string_view name)
{
    if (!found.private_metadata)
        return nullptr;
    const auto* marker = found.private_metadata->if_contains(marker_name);
    return marker && marker->is_object() ? marker->get_object().if_contains(name) : nullptr;
}

std::optional<sending_time> time_in(const boost::json::value* sent)
{
    if (!sent || !sent->is_int64())
        return std::nullopt;
    return sending_time(std::chrono::milliseconds(sent->get_int64()));
}

/// What a user is sent with: a mark of an earlier migration would speak for this one.
boost::json::object marked_metadata(const user& who, bool needs_mark, sending_time sent)
{
    auto metadata = who.private_metadata;
    erase_user_mark(metadata);
    if (!needs_mark || metadata.contains(marker_name))
        return metadata;
    boost::json::object marker;
    marker["sent_at"] = sent.time_since_epoch().count();
    metadata[marker_name] = std::move(marker);
    // Nobody is refused for want of room for it.
    if (boost::json::serialize(metadata).size() > largest_metadata)
        metadata.erase(marker_name);
    return metadata;
}

} // namespace

std::vector<std::string> values_of(const std::vector<identifier>& all, bool verified)
{
    std::vector<std::string> values;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (verified ? all[i].verified : is_added(all, i))
            if (std::find(values.begin(), values.end(), all[i].value) == values.end())
                values.push_back(all[i].value);
    return values;
}

bool is_added(const std::vector<identifier>& all, std::size_t index)
{
    const auto verified_too = [&](const identifier& each) { return each.verified && each.value == all[index].value; };
    return !all[index].verified && !comes_before(all, index) && std::none_of(all.begin(), all.end(), verified_too);
}

clerk::create_user_params create_params(const user& who, sending_time sent)
{
    clerk::create_user_params params;
    params.external_id = who.id;
    set(params.email_address, values_of(who.email_addresses, true));
    set(params.phone_number, values_of(who.phone_numbers, true));
    set(params.username, who.username);
    set(params.first_name, who.first_name);
    set(params.last_name, who.last_name);
    set(params.locale, who.locale);
    if (who.password) {
        params.password_digest = who.password->digest;
        params.password_hasher = who.password->hasher;
        params.skip_password_checks = true;
    } else {
        params.skip_password_requirement = true;
    }
    set(params.totp_secret, who.totp_secret);
    set(params.backup_codes, who.backup_codes);
    set(params.public_metadata, who.public_metadata);
    const bool is_dated = !who.created_at || params.email_address.has_value() || params.phone_number.has_value();
    set(params.private_metadata, marked_metadata(who, !is_dated, sent));
    set(params.unsafe_metadata, who.unsafe_metadata);
    if (who.created_at)
        params.created_at = instant(*who.created_at);
    if (who.legal_accepted_at)
        params.legal_accepted_at = instant(*who.legal_accepted_at);
    params.skip_legal_checks = true;
    if (who.delete_self_enabled)
        params.delete_self_enabled = *who.delete_self_enabled;
    if (who.create_organization_enabled)
        params.create_organization_enabled = *who.create_organization_enabled;
    if (who.create_organizations_limit)
        params.create_organizations_limit = *who.create_organizations_limit;
    // An address that is not verified can only be added to a user who is there already.
    if (!params.email_address.has_value() && !params.phone_number.has_value() && !params.username.has_value())
        params.skip_user_requirement = true;
    return params;
}

clerk::create_organization_params create_params(const organization& which, const std::string& slug, sending_time sent)
{
    clerk::create_organization_params params(which.name);
    set(params.slug, slug);
    set(params.public_metadata, which.public_metadata);
    auto metadata = which.private_metadata;
    boost::json::object marker;
    marker["source_id"] = which.id;
    marker["sent_at"] = sent.time_since_epoch().count();
    metadata[marker_name] = std::move(marker);
    params.private_metadata = std::move(metadata);
    if (which.max_allowed_memberships)
        params.max_allowed_memberships = *which.max_allowed_memberships;
    if (which.created_at)
        params.created_at = instant(*which.created_at);
    return params;
}

std::vector<std::string> slug_candidates(const organization& which)
{
    const bool own = is_slug(which.slug);
    const auto marked = slugified(own ? which.slug : which.name) + '-' + mark_of(which.id);
    std::vector<std::string> candidates;
    if (own)
        candidates.push_back(which.slug);
    candidates.push_back(marked);
    return candidates;
}

std::string marked_source(const clerk::organization& found)
{
    const auto* id = in_marker(found, "source_id");
    return id && id->is_string() ? std::string(id->get_string()) : std::string();
}

std::optional<sending_time> marked_time(const clerk::organization& found)
{
    return time_in(in_marker(found, "sent_at"));
}

std::optional<sending_time> marked_time(const clerk::user& found)
{
    return time_in(in_marker(found, "sent_at"));
}

void erase_user_mark(boost::json::object& private_metadata)
{
    const auto* marker = private_metadata.if_contains(marker_name);
    if (marker && marker->is_object() && marker->get_object().size() == 1 &&
        time_in(marker->get_object().if_contains("sent_at")))
        private_metadata.erase(marker_name);
}

} // namespace usher::bulk
