#include "live/migrate/people.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace usher::tests {

namespace json = boost::json;

namespace {

std::string organization_line(int n)
{
    json::object one;
    one["kind"] = "organization";
    one["id"] = organization_id(n);
    one["name"] = organization_name(n);
    return json::serialize(one) + "\n";
}

/// Every record has a further step at Clerk, and some have four.
std::string user_line(int n, int organizations)
{
    const auto number = std::to_string(n);
    const auto address = [](const std::string& value, bool verified) {
        return json::object{{"value", value}, {"verified", verified}};
    };
    json::object one;
    one["kind"] = "user";
    one["id"] = user_id(n);
    one["first_name"] = "User " + number;
    one["created_at"] = "2024-01-15T10:30:00.126Z";
    one["public_metadata"] = json::object{{"number", n}};
    json::array addresses{address(address_of(n), true)};
    if (n % 3 == 0)
        addresses.push_back(address("second" + number + "@example.com", false));
    one["email_addresses"] = std::move(addresses);
    one["banned"] = n % 7 == 0;
    json::array belongs;
    for (int i = 0; organizations > 0 && i < n % 3; ++i)
        belongs.push_back(json::object{{"organization", organization_id((n + 11 * i) % organizations)},
                                       {"roles", json::array{i == 0 ? "org:member" : "org:admin"}}});
    one["memberships"] = std::move(belongs);
    return json::serialize(one) + "\n";
}

} // namespace

std::string user_id(int number)
{
    return "auth0|" + std::to_string(number);
}

std::string address_of(int number)
{
    return "user" + std::to_string(number) + "@example.com";
}

std::string organization_id(int number)
{
    return "org-" + std::to_string(number);
}

std::string organization_name(int number)
{
    return "Organization " + std::to_string(number);
}

std::string source_text(const people& all)
{
    std::string text;
    for (int n = 0; n < all.organizations; ++n)
        text += organization_line(n);
    for (int n = 0; n < all.users; ++n)
        text += user_line(n, all.organizations);
    return text;
}

} // namespace usher::tests
