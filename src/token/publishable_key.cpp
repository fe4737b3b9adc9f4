#include "token/publishable_key.hpp"
#include "token/base64url.hpp"
#include "token/openssl.hpp"

#include <usher/token/key_cache.hpp>

#include <algorithm>

namespace usher::token {

std::optional<std::string> publishable_key_host(std::string_view key)
{
    if (!key.starts_with("pk_test_") && !key.starts_with("pk_live_"))
        return std::nullopt;
    std::string text(key.substr(8));
    for (int padding = 0; padding != 2 && !text.empty() && text.back() == '='; ++padding)
        text.pop_back();
    for (char& c : text)
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    std::string host;
    if (!detail::decode_base64url(text, host) || host.size() < 2 || host.back() != '$')
        return std::nullopt;
    host.pop_back();
    const auto is_host_character = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    };
    if (host.size() > 253 || host.front() == '.' || host.back() == '.' || host.find("..") != std::string::npos ||
        host.find('.') == std::string::npos || !std::all_of(host.begin(), host.end(), is_host_character))
        return std::nullopt;
    return host;
}

namespace detail {

std::string cookie_suffix(std::string_view publishable_key)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (EVP_Digest(publishable_key.data(), publishable_key.size(), digest, &size, EVP_sha1(), nullptr) != 1)
        return {};
    return encode_base64url({reinterpret_cast<const char*>(digest), size}).substr(0, 8);
}

} // namespace detail

} // namespace usher::token
