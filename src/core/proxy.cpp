#include "core/proxy.hpp"

#include "core/host_text.hpp"
#include "core/http_text.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdlib>
#include <stdexcept>

namespace usher::detail {

namespace {

// Bytes that are wiped when they go.
struct wiped_text {
    wiped_text() = default;
    wiped_text(const wiped_text&) = delete;
    wiped_text& operator=(const wiped_text&) = delete;
    ~wiped_text() { wipe(text); }
    std::string text;
};

[[noreturn]] void refuse(std::string_view where, const char* why)
{
    throw std::invalid_argument(std::string(where) + ": " + why);
}

// RFC 7617 §2: neither may hold control characters, and the user no colon.
void decode_part(std::string_view part, bool is_user, std::string& to, std::string_view where)
{
    while (!part.empty()) {
        const auto escaped = escaped_byte(part);
        if (!escaped && part.front() == '%')
            refuse(where, "a % in its user or password is not followed by two hexadecimal digits");
        const char one = escaped.value_or(part.front());
        part.remove_prefix(escaped ? escape_size : 1);
        if (static_cast<unsigned char>(one) < 0x20 || one == 0x7f)
            refuse(where, "its user or password has a control character");
        if (is_user && one == ':')
            refuse(where, "its user has a colon, which no proxy could tell from the one before the password");
        to += one;
    }
}

secret basic(std::string_view user_info, std::string_view where)
{
    const auto colon = std::min(user_info.find(':'), user_info.size());
    wiped_text plain;
    plain.text.reserve(user_info.size() + 1); // it never moves, so that no copy stays behind
    decode_part(user_info.substr(0, colon), true, plain.text, where);
    plain.text += ':';
    if (colon < user_info.size())
        decode_part(user_info.substr(colon + 1), false, plain.text, where);
    constexpr std::string_view scheme = "Basic ";
    wiped_text value;
    value.text.resize(scheme.size() + (plain.text.size() + 2) / 3 * 4 + 1); // EVP_EncodeBlock ends with a zero
    scheme.copy(value.text.data(), scheme.size());
    const auto bytes =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(value.text.data()) + scheme.size(),
                        reinterpret_cast<const unsigned char*>(plain.text.data()), static_cast<int>(plain.text.size()));
    return secret(std::string_view(value.text).substr(0, scheme.size() + static_cast<std::size_t>(bytes)));
}

// Empty: the variable is not set, or the name in lower case is set to nothing.
std::string_view first_of(proxy_choice::environment read, const char* small, const char* large, const char*& name)
{
    name = small;
    const char* value = read(small);
    if (value == nullptr) {
        name = large;
        value = read(large);
    }
    return value == nullptr ? std::string_view() : std::string_view(value);
}

} // namespace

std::string proxy_address::name() const
{
    return bracketed(host) + ':' + std::to_string(port);
}

std::string proxy_address::key() const
{
    std::array<unsigned char, 32> digest{};
    const auto text = authorization.reveal();
    unsigned int size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("OpenSSL could not compute SHA-256");
    return (tls ? "https://" : "http://") + name() + ' ' + std::string(digest.begin(), digest.end());
}

proxy_address parse_proxy(std::string_view text, std::string_view where)
{
    proxy_address proxy;
    if (text.size() > 4096)
        refuse(where, "it is longer than 4096 characters");
    const auto scheme_end = text.find("://");
    if (scheme_end != std::string_view::npos && text.substr(0, scheme_end).find_first_of("@/?#") == text.npos) {
        const auto scheme = text.substr(0, scheme_end);
        proxy.tls = same_text(scheme, "https");
        if (!proxy.tls && !same_text(scheme, "http"))
            refuse(where, "a proxy's address begins with http:// or https://; there is no other kind here");
        text.remove_prefix(scheme_end + 3);
    }
    proxy.port = proxy.tls ? 443 : 80;
    const auto end = std::min(text.find_first_of("/?#"), text.size());
    if (end != text.size() && text.substr(end) != "/")
        refuse(where, "behind a proxy's host and port there may be nothing; in its user and password / ? # are written "
                      "%2F %3F %23");
    const auto authority = text.substr(0, end);
    const auto at = authority.rfind('@');
    if (at != authority.npos && authority.substr(0, at) != ":" && at != 0)
        proxy.authorization = basic(authority.substr(0, at), where);
    const char* const wrong =
        parse_host_port(at == authority.npos ? authority : authority.substr(at + 1), proxy.host, proxy.port);
    if (wrong != nullptr)
        refuse(where, wrong);
    return proxy;
}

const char* proxy_choice::system_environment(const char* variable)
{
    return std::getenv(variable);
}

proxy_choice::proxy_choice(const engine_options& options, environment read)
{
    const char* name = "engine option proxy";
    auto text = options.proxy.reveal();
    if (text.empty() && options.proxy_from_environment) {
        text = first_of(read, "https_proxy", "HTTPS_PROXY", name);
        is_from_environment_ = true;
    }
    if (!text.empty()) {
        const auto where = is_from_environment_ ? std::string("environment variable ") + name : std::string(name);
        proxy_ = std::make_shared<const proxy_address>(parse_proxy(text, where));
    }
    if (!options.no_proxy.empty()) {
        exceptions_ = proxy_exceptions(options.no_proxy, "engine option no_proxy");
    } else if (options.proxy_from_environment && proxy_) {
        exceptions_ = proxy_exceptions::of_environment(first_of(read, "no_proxy", "NO_PROXY", name));
    }
}

std::shared_ptr<const proxy_address> proxy_choice::for_origin(const base_url& url) const
{
    const bool is_direct = !proxy_ || !url.tls || (is_from_environment_ && is_loopback_host(url.host)) ||
                           exceptions_.covers(url.host, url.port);
    return is_direct ? nullptr : proxy_;
}

} // namespace usher::detail
