#include "sandbox/identifier.hpp"
#include "sandbox/synthesize.hpp"

#include <array>

namespace usher::sandbox {

namespace {

std::string by_format(std::string_view format, std::int64_t now, generator& source)
{
    if (format == "date-time")
        return format_rfc3339(now).substr(0, 19) + ".123456789Z";
    if (format == "date")
        return format_rfc3339(now).substr(0, 10);
    if (format == "email")
        return "someone-" + hexadecimal(6, source) + "@example.com";
    if (format == "uri")
        return "https://example.com/" + hexadecimal(8, source);
    if (format == "int64" || format == "uint64")
        return std::to_string(source.below(1ULL << 60));
    if (format == "byte")
        return "dXNoZXI=";
    return {};
}

// Members that hold another resource's id are called after that resource.
std::string_view referred(std::string_view name)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 22> table{
        {{"user_id", "user"},
         {"created_by", "user"},
         {"inviter_id", "user"},
         {"organization_id", "organization"},
         {"active_organization_id", "organization"},
         {"last_active_organization_id", "organization"},
         {"session_id", "session"},
         {"last_active_session_id", "session"},
         {"client_id", "client"},
         {"instance_id", "instance"},
         {"invitation_id", "invitation"},
         {"identification_id", "email_address"},
         {"primary_email_address_id", "email_address"},
         {"primary_phone_number_id", "phone_number"},
         {"primary_web3_wallet_id", "web3_wallet"},
         {"domain_id", "domain"},
         {"external_account_id", "external_account"},
         {"from_machine_id", "machine"},
         {"to_machine_id", "machine"},
         {"subject", "user"},
         {"enterprise_connection_id", "enterprise_connection"},
         {"sign_up_id", "sign_up"}}};
    for (const auto& [member, object] : table)
        if (member == name)
            return object;
    return {};
}

} // namespace

std::string example_text(std::string_view name, std::string_view object, const schema& of, bool stateful,
                         std::int64_t now, generator& source)
{
    if (!of.format.empty())
        if (auto text = by_format(of.format, now, source); !text.empty())
            return text;
    if (name == "id")
        return new_id(object, source);
    if (const auto other = referred(name); !other.empty())
        return new_id(other, source);
    if (name == "email_address" || name == "identifier" || name.ends_with("_email_address"))
        return "someone-" + hexadecimal(6, source) + "@example.com";
    if (name == "phone_number")
        return "+1555" + std::to_string(1'000'000 + source.below(9'000'000));
    if (name == "url" || name.ends_with("_url") || name.ends_with("_uri") || name.ends_with("_origin"))
        return "https://example.com/" + hexadecimal(8, source);
    if (name == "jwt" || name == "token")
        return "eyJhbGciOiJSUzI1NiJ9." + base62(24, source) + "." + base62(43, source);
    if (name.ends_with("secret") || name == "secret_key")
        return "sk_" + base62(24, source);
    if (name == "key" || name == "role")
        return "org:" + hexadecimal(6, source);
    if (name == "environment_type")
        return "development";
    if (name == "status")
        return stateful ? "active" : "pending";
    if (name.ends_with("name"))
        return stateful ? std::string() : "Name " + hexadecimal(4, source);
    if (name.ends_with("_at"))
        return format_rfc3339(now);
    if (stateful)
        return {};
    return std::string(name.empty() ? "text" : name) + " " + hexadecimal(6, source);
}

} // namespace usher::sandbox
