#include "token/jws.hpp"
#include "token/base64url.hpp"
#include "token/strict_json.hpp"

#include <algorithm>

namespace usher::token::detail {

namespace {

constexpr std::size_t most_header_members = 16;
constexpr std::size_t header_depth = 8;

bool refuse(rejection& why, reason rule, std::string text)
{
    why = rejection(rule, std::move(text));
    return false;
}

/// The members that are looked at later are texts, if they are there.
bool check_texts(const boost::json::object& header, rejection& why)
{
    for (const char* name : {"kid", "typ", "cat"}) {
        const auto* value = header.if_contains(name);
        if (value && (!value->is_string() || value->get_string().empty()))
            return refuse(why, reason::malformed, std::string(name) + " of the header is no text, or an empty one");
    }
    return true;
}

} // namespace

std::string quoted(std::string_view text)
{
    constexpr std::size_t most = 80;
    std::string out = "\"";
    for (const char c : text.substr(0, most))
        out += c >= ' ' && c <= '~' && c != '"' ? c : '?';
    out += text.size() > most ? "…\"" : "\"";
    return out;
}

bool split_token(std::string_view text, signed_token& out, rejection& why)
{
    if (text.empty())
        return refuse(why, reason::no_token, "there is no token");
    if (text.size() > most_token_bytes)
        return refuse(why, reason::too_large, "the token is longer than 16 KiB");
    const auto first = text.find('.');
    const auto second = first == std::string_view::npos ? first : text.find('.', first + 1);
    if (second == std::string_view::npos || text.find('.', second + 1) != std::string_view::npos)
        return refuse(why, reason::malformed, "the token does not have three parts");
    std::string header;
    if (!decode_base64url(text.substr(0, first), header))
        return refuse(why, reason::malformed, "the header is no base64url");
    if (!decode_base64url(text.substr(first + 1, second - first - 1), out.payload))
        return refuse(why, reason::malformed, "the payload is no base64url");
    if (!decode_base64url(text.substr(second + 1), out.signature))
        return refuse(why, reason::malformed, "the signature is no base64url");
    auto object = parse_strict(header, header_depth);
    if (!object || object->size() > most_header_members)
        return refuse(why, reason::malformed, "the header is no JSON object of at most 16 members, each of them once");
    out.header = std::move(*object);
    out.signing_input = text.substr(0, second);
    return true;
}

bool read_signed_token(std::string_view text, signed_token& out, rejection& why)
{
    if (!split_token(text, out, why))
        return false;
    if (out.header.contains("crit"))
        return refuse(why, reason::critical_header, "crit demands an extension, and none is known");
    const auto* alg = out.header.if_contains("alg");
    if (!alg || !alg->is_string())
        return refuse(why, reason::malformed, "alg of the header is missing or no text");
    const auto how = parse_algorithm(alg->as_string());
    if (!how)
        return refuse(why, reason::algorithm,
                      "alg is " + quoted(alg->as_string()) + "; known are RS256, RS384, RS512, ES256, ES384 and EdDSA");
    out.how = *how;
    if (!check_texts(out.header, why))
        return false;
    if (const auto* kid = out.header.if_contains("kid"))
        out.kid = kid->get_string();
    return true;
}

bool find_keys(const key_set& keys, const signed_token& token, fitting_keys& out, rejection& why)
{
    bool is_named = false; // the right id, but another algorithm
    out.count = 0;
    if (const auto* list = keys.keys()) {
        for (const auto& each : *list) {
            if (!token.kid.empty() && !each.any_kid && each.kid != token.kid)
                continue;
            is_named = true;
            if (!each.allows(token.how))
                continue;
            if (out.count == out.keys.size() || (token.kid.empty() && out.count != 0))
                return refuse(why, reason::unknown_key,
                              token.kid.empty() ? "the token has no kid, and several keys would fit it"
                                                : "too many keys have the kid that the token names");
            out.keys[out.count++] = &each;
        }
    }
    if (out.count != 0)
        return true;
    if (is_named)
        return refuse(why, reason::algorithm,
                      "alg is " + quoted(to_string(token.how)) + ", which the key that the token names does not allow");
    return refuse(why, reason::unknown_key,
                  token.kid.empty() ? std::string("the key set is empty") : "no key has the kid " + quoted(token.kid));
}

bool check_signature(const key_set& keys, const signed_token& token, rejection& why)
{
    fitting_keys fit;
    if (!find_keys(keys, token, fit, why))
        return false;
    for (std::size_t i = 0; i != fit.count; ++i)
        if (verify_signature(*fit.keys[i], token.how, token.signing_input, token.signature))
            return true;
    return refuse(why, reason::signature, "the signature is not the one of this token and its key");
}

} // namespace usher::token::detail
