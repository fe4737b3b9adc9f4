#include "live/migrate_live/instance.hpp"

#include "bulk/live/usher_record.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace usher::tests {

namespace {

using namespace std::chrono_literals;
using milliseconds_since = std::chrono::sys_time<std::chrono::milliseconds>;

const milliseconds_since first_day{std::chrono::milliseconds(1'577'836'800'126)}; // 2020-01-01

std::string digits(std::size_t n)
{
    auto text = std::to_string(n);
    return std::string(7 - std::min<std::size_t>(7, text.size()), '0') + text;
}

void add_identifiers(bulk::user& to, std::size_t n)
{
    const auto number = std::to_string(n);
    to.email_addresses.emplace_back("user" + number + "@example.com", true);
    if (n % 5 == 0)
        to.email_addresses.emplace_back("second" + number + "@example.com", true);
    if (n % 6 == 0)
        to.email_addresses.emplace_back("unverified" + number + "@example.com", false);
    if (n % 4 == 1)
        to.phone_numbers.emplace_back("+1202" + digits(n), true);
    if (n % 8 == 1)
        to.phone_numbers.emplace_back("+1303" + digits(n), false);
    if (n % 3 == 0)
        to.username = "name" + number;
}

void add_metadata(bulk::user& to, std::size_t n)
{
    if (n % 2 == 0)
        to.public_metadata["number"] = n;
    if (n % 3 == 1)
        to.private_metadata["crm"] = "c-" + std::to_string(n);
    if (n % 7 == 2)
        to.unsafe_metadata["theme"] = "dark";
    if (n % 97 == 5) // more than a target may have room for
        to.private_metadata["long"] = std::string(400, 'x');
}

void add_settings(bulk::user& to, std::size_t n)
{
    to.banned = n % 40 == 3;
    to.locked = n % 41 == 4;
    to.delete_self_enabled = n % 11 != 0;
    to.create_organization_enabled = n % 13 != 0;
    if (n % 17 == 0)
        to.create_organizations_limit = static_cast<std::int64_t>(n % 5);
    if (n % 9 == 0)
        to.legal_accepted_at = first_day + std::chrono::seconds(n) + 7ms;
    if (n % 2 == 1)
        to.password.emplace("bcrypt", "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy");
    if (n % 30 == 1) {
        to.totp_secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
        to.backup_codes = {"code-one-" + std::to_string(n), "code-two-" + std::to_string(n)};
    }
}

bulk::membership membership_of(std::size_t organization, std::size_t n)
{
    bulk::membership made;
    made.organization = "organization-" + std::to_string(organization);
    made.roles = {n % 5 == 0 ? "org:admin" : "org:member"};
    if (n % 4 == 0)
        made.public_metadata["desk"] = n;
    if (n % 6 == 0)
        made.private_metadata["grade"] = "g" + std::to_string(n % 3);
    return made;
}

} // namespace

std::size_t plan::memberships() const
{
    std::size_t all = 0;
    for (const auto& each : users)
        all += each.memberships.size();
    return all;
}

plan make_plan(std::size_t users, std::size_t organizations, std::size_t memberships, std::size_t alike)
{
    plan made;
    for (std::size_t n = 0; n != organizations; ++n) {
        bulk::organization one;
        one.id = "organization-" + std::to_string(n);
        one.name = "Organization " + std::to_string(n);
        one.slug = one.id;
        one.created_at = first_day + std::chrono::minutes(n / 2);
        if (n % 2 == 0)
            one.public_metadata["plan"] = n % 4 == 0 ? "gold" : "silver";
        if (n % 3 == 0)
            one.private_metadata["account"] = n;
        one.max_allowed_memberships = n % 10 == 0 ? 2000 : 0;
        one.admin_delete_enabled = true;
        made.organizations.push_back(std::move(one));
    }
    for (std::size_t n = 0; n != users; ++n) {
        bulk::user one;
        one.id = "user-" + std::to_string(n);
        add_identifiers(one, n);
        add_metadata(one, n);
        add_settings(one, n);
        if (n % 7 != 0) {
            one.first_name = "Ada " + std::to_string(n);
            one.last_name = "Lovelace";
        }
        if (n % 4 == 0)
            one.locale = "en-GB";
        const bool is_alike = n >= users / 3 && n < users / 3 + alike;
        one.created_at = first_day + std::chrono::seconds(is_alike ? users / 9 : n / 3);
        made.users.push_back(std::move(one));
    }
    // One in ten belongs to no organization.
    for (std::size_t n = 0; n != memberships; ++n) {
        const auto round = n / users;
        const auto who = n % users % 10 == 9 ? n % users - 1 - round % 8 : n % users;
        auto& all = made.users[who].memberships;
        auto one = membership_of((who * 7 + all.size() * 13) % organizations, n);
        const bool has = std::any_of(all.begin(), all.end(),
                                     [&](const auto& each) { return each.organization == one.organization; });
        if (!has)
            all.push_back(std::move(one));
    }
    return made;
}

std::string text_of(bulk::user of)
{
    std::sort(of.memberships.begin(), of.memberships.end(),
              [](const auto& a, const auto& b) { return a.organization < b.organization; });
    return boost::json::serialize(bulk::to_record(std::move(of), std::vector<bulk::note>()));
}

std::string text_of(const bulk::organization& of)
{
    return boost::json::serialize(bulk::to_record(of, std::vector<bulk::note>()));
}

bulk::user with_ids(bulk::user planned, const id_map& ids)
{
    planned.id = ids.at(planned.id);
    for (auto& each : planned.memberships)
        each.organization = ids.at(each.organization);
    return planned;
}

bulk::organization with_ids(bulk::organization planned, const id_map& ids)
{
    planned.id = ids.at(planned.id);
    return planned;
}

} // namespace usher::tests
