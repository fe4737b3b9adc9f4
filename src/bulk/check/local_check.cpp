#include "bulk/check/local_check.hpp"

#include "json/check.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace usher::bulk {

namespace {

refusal repeated(std::string_view member)
{
    return {"duplicate_in_source", std::string(member),
            "an earlier record of this source has the same " + std::string(member)};
}

/// Addresses and user names are told apart whatever the case.
std::string key_of(std::string_view kind, std::string_view value)
{
    std::string key(kind);
    key += ' ';
    std::transform(value.begin(), value.end(), std::back_inserter(key),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return key;
}

} // namespace

refusal check_repeated(const user_plan& plan, digest_set& seen)
{
    if (!seen.insert("external_id " + plan.external_id))
        return repeated("external_id");
    return {};
}

refusal check_locally(const user_plan& plan, digest_set& seen)
{
    const clerk::create_user_params* params = &plan.create;
    if (const auto bad = detail::check(usher_type(params), params))
        return {"invalid_request", bad->pointer, bad->message()};
    std::vector<std::pair<std::string_view, std::string>> keys;
    const auto add_all = [&](std::string_view member, const field<std::vector<std::string>>& values) {
        if (values.has_value())
            for (const auto& value : *values)
                keys.emplace_back(member, key_of(member, value));
    };
    add_all("email_address", plan.create.email_address);
    add_all("phone_number", plan.create.phone_number);
    if (plan.create.username.has_value())
        keys.emplace_back("username", key_of("username", *plan.create.username));
    if (seen.contains("external_id " + plan.external_id))
        return repeated("external_id");
    for (const auto& [member, key] : keys)
        if (seen.contains(key))
            return repeated(member);
    seen.insert("external_id " + plan.external_id);
    for (const auto& [member, key] : keys)
        seen.insert(key);
    return {};
}

} // namespace usher::bulk
