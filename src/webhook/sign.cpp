#include <usher/webhook.hpp>

#include "webhook/signing_key.hpp"
#include "json/text.hpp"

namespace usher::webhook {

const std::array<std::string_view, 3>& header_names(provider of) noexcept
{
    static constexpr std::array<std::string_view, 3> names[] = {
        {"svix-id", "svix-timestamp", "svix-signature"},
        {"webhook-id", "webhook-timestamp", "webhook-signature"},
        {"interceptor-id", "interceptor-timestamp", "interceptor-signature"}};
    return names[static_cast<std::size_t>(of)];
}

std::array<header, 3> signed_headers::of(provider sender) const
{
    const auto& names = header_names(sender);
    return {header{names[0], id}, header{names[1], timestamp}, header{names[2], signature}};
}

signed_headers sign(const secret& key, std::string_view id, std::chrono::sys_seconds time, std::string_view body)
{
    if (!is_signable_id(id))
        throw std::invalid_argument("webhook: an id has 1 to 256 visible characters, and no full stop");
    if (time.time_since_epoch().count() <= 0)
        throw std::invalid_argument("webhook: a time before 1970");
    const std::string timestamp = std::to_string(time.time_since_epoch().count());
    const signature_text signature = signing_key(key, "the webhook secret").sign(id, timestamp, body);
    return {std::string(id), timestamp, "v1," + std::string(signature.data(), signature.size())};
}

std::string allow()
{
    return R"({"decision":"ALLOW"})";
}

std::string deny(std::string_view message)
{
    std::string text = R"({"decision":"DENY","error":{"message":)";
    usher::detail::append_quoted(message, text);
    return text + "}}";
}

} // namespace usher::webhook
