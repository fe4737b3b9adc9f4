// Addresses of proxies, and lists of hosts that need none.
#include "core/proxy.hpp"

#include "core/http_text.hpp"
#include "fuzz/promise.hpp"
#include "fuzz/targets.hpp"
#include "json/query.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace usher::fuzz {
namespace {

using namespace usher::detail;

/// User and password out of `Basic …`.
std::string credentials_of(std::string_view authorization)
{
    promise(authorization.starts_with("Basic "), "credentials are of the basic kind");
    const auto text = authorization.substr(6);
    std::string bytes(text.size(), '\0');
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    promise(size >= 0, "credentials are base64");
    bytes.resize(static_cast<std::size_t>(size) - static_cast<std::size_t>(std::count(text.begin(), text.end(), '=')));
    return bytes;
}

void look_at_address(std::string_view text)
{
    proxy_address read;
    try {
        read = parse_proxy(text, "proxy");
    } catch (const std::invalid_argument& refused) {
        const std::string_view why = refused.what();
        promise(why.starts_with("proxy: "), "a refusal says what it is about");
        promise(text.find_first_of("${}") == text.npos || why.find(text) == why.npos, "an address is not repeated");
        return;
    }
    promise(!read.host.empty() && read.port != 0, "an address has a host and a port");
    promise(is_header_value(read.name()) && read.name().find_first_of("@/?# ") == std::string::npos,
            "a name is a host and a port");
    std::string again = read.tls ? "https://" : "http://";
    if (!read.authorization.empty()) {
        promise(is_header_value(read.authorization.reveal()), "credentials fit into a header");
        const auto plain = credentials_of(read.authorization.reveal());
        const auto colon = plain.find(':');
        promise(colon != std::string::npos, "credentials are a user and a password");
        std::string user;
        std::string password;
        percent_encode(plain.substr(0, colon), user);
        percent_encode(plain.substr(colon + 1), password);
        again += user + ":" + password + "@";
        // A host may be written as the password is.
        const auto key = read.key();
        const auto behind_host = key.find(read.name()) + read.name().size();
        promise(key.find(plain, behind_host) == std::string::npos || plain.size() < 8,
                "a key does not hold credentials");
    }
    promise(parse_proxy(again + read.name(), "proxy").key() == read.key(), "what is read is the same when written");
}

} // namespace

void proxy(std::string_view bytes)
{
    input from(bytes);
    const auto list = from.line();
    const auto host = from.line();
    const auto text = from.rest();
    look_at_address(text);
    try {
        const proxy_exceptions exceptions(list, "no_proxy");
        const bool is_covered = exceptions.covers(host, 443);
        promise(is_covered == proxy_exceptions(std::string(list) + ", ", "no_proxy").covers(host, 443),
                "an empty entry says nothing");
        if (list.find_first_not_of(", \t") == list.npos)
            promise(!is_covered, "no entry covers no host");
    } catch (const std::invalid_argument& refused) {
        promise(std::string_view(refused.what()).starts_with("no_proxy"), "a refusal says what it is about");
    }
}

} // namespace usher::fuzz
