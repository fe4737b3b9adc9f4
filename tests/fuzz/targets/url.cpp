// Addresses, and ids in the paths of requests.
#include "core/base_url.hpp"
#include "core/http_text.hpp"
#include "fuzz/promise.hpp"
#include "fuzz/targets.hpp"
#include "json/query.hpp"

#include <stdexcept>

namespace usher::fuzz {
namespace {

using namespace usher::detail;

void look_at_base_url(std::string_view text)
{
    base_url url;
    try {
        url = parse_base_url(text);
    } catch (const std::invalid_argument& refused) {
        const std::string why = refused.what();
        const auto at = text.rfind('@');
        // Behind the scheme, up to what is cut off in any case.
        auto user = text.substr(0, at == text.npos ? 0 : at);
        user.remove_prefix(std::min<std::size_t>(8, user.size()));
        user = user.substr(0, user.find_first_of("?#"));
        // No reason has such a character of its own.
        if (user.find_first_of("${}") != user.npos && text.substr(at).find(user) == text.npos)
            promise(why.find(user) == why.npos, "what may be a password is not repeated");
        return;
    }
    promise(url.tls == text.starts_with("https://"), "the scheme is what the text says");
    promise(url.tls || is_loopback_host(url.host), "without TLS there is loopback alone");
    promise(url.port != 0 && !url.host.empty(), "there is a host and a port");
    promise(is_header_value(url.authority), "an authority fits into a header");
    promise(url.authority.find_first_of("/@?# \\") == std::string::npos, "an authority is no more than that");
    promise(url.authority.find(url.host) != std::string::npos, "an authority names its host");
    promise(text.find_first_of("?#") == text.npos, "there is no query");
    promise(is_target(url.prefix + "/x"), "a path fits into a target");
    promise(!url.prefix.ends_with('/') && (url.prefix + "/").find("/../") == std::string::npos,
            "a path stays below itself");
    const auto again = parse_base_url((url.tls ? "https://" : "http://") + url.authority + url.prefix);
    promise(again.origin() == url.origin() && again.authority == url.authority && again.prefix == url.prefix,
            "what is read is the same when written");
}

int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void look_at_segment(std::string_view text)
{
    std::string encoded;
    percent_encode(text, encoded);
    std::string decoded;
    for (std::size_t i = 0; i < encoded.size(); ++i) {
        if (encoded[i] != '%') {
            promise(std::string_view("/?#;=&+ ").find(encoded[i]) == std::string_view::npos, "no delimiter passes");
            decoded += encoded[i];
            continue;
        }
        promise(i + 2 < encoded.size() && digit(encoded[i + 1]) >= 0 && digit(encoded[i + 2]) >= 0,
                "a percent sign has two digits");
        decoded += static_cast<char>(digit(encoded[i + 1]) * 16 + digit(encoded[i + 2]));
        i += 2;
    }
    promise_same(decoded, std::string(text), "what is encoded is the same when decoded");
    promise(is_target("/" + encoded), "what is encoded fits into a target");
    if (is_path_segment(text))
        promise(!encoded.empty() && encoded != "." && encoded != "..", "a segment is one step down");
}

} // namespace

void url(std::string_view bytes)
{
    look_at_base_url(bytes);
    look_at_segment(bytes);
}

} // namespace usher::fuzz
