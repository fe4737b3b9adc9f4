// Sets of public keys, and the JSON that decides about access.
#include "fuzz/promise.hpp"
#include "fuzz/targets.hpp"
#include "token/base64url.hpp"
#include "token/strict_json.hpp"

#include <usher/token/keys.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cmath>

namespace usher::fuzz {
namespace {

/// Members as they stand in a text that is JSON: each is a text that a colon follows.
std::size_t members_in(std::string_view json)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < json.size(); ++i) {
        if (json[i] != '"') {
            count += json[i] == ':' ? 1U : 0U;
            continue;
        }
        for (++i; json[i] != '"'; ++i)
            i += json[i] == '\\' ? 1U : 0U;
    }
    return count;
}

std::size_t members_of(const boost::json::value& value)
{
    std::size_t count = 0;
    if (const auto* object = value.if_object())
        for (const auto& one : *object)
            count += 1 + members_of(one.value());
    if (const auto* array = value.if_array())
        for (const auto& one : *array)
            count += members_of(one);
    return count;
}

/// Boost.JSON reads 0e400 as no number at all, and 1e400 as one that is infinite.
bool is_finite(const boost::json::value& value)
{
    if (value.is_double())
        return std::isfinite(value.get_double());
    if (const auto* object = value.if_object())
        return std::all_of(object->begin(), object->end(), [](const auto& one) { return is_finite(one.value()); });
    if (const auto* array = value.if_array())
        return std::all_of(array->begin(), array->end(), [](const auto& one) { return is_finite(one); });
    return true;
}

void look_at_json(std::string_view text)
{
    const auto strict = token::detail::parse_strict(text, 16);
    boost::json::parse_options options;
    options.max_depth = 16;
    boost::json::error_code failed;
    const auto value = boost::json::parse(boost::json::string_view(text.data(), text.size()), failed, {}, options);
    const bool is_one = !failed && value.is_object() && members_in(text) == members_of(value) && is_finite(value);
    promise(strict.has_value() == is_one, "an object is read if it has one meaning, and else not");
    promise(!strict || boost::json::value(*strict) == value, "and it is that one");
}

void look_at_base64url(std::string_view text)
{
    std::string bytes;
    if (token::detail::decode_base64url(text, bytes))
        promise_same(token::detail::encode_base64url(bytes), std::string(text), "bytes have one text");
    std::string again;
    promise(token::detail::decode_base64url(token::detail::encode_base64url(text), again) && again == text,
            "every byte string has a text");
}

} // namespace

void jwk_set(std::string_view bytes)
{
    look_at_json(bytes);
    look_at_base64url(bytes);
    if (const auto keys = token::key_set::from_jwks(bytes)) {
        boost::json::error_code failed;
        const auto tree = boost::json::parse(boost::json::string_view(bytes.data(), bytes.size()), failed);
        promise(!failed && tree.is_object() && tree.get_object().contains("keys"),
                "a JWK set is a JSON object with keys");
        promise(!keys->empty() && keys->size() <= tree.at("keys").as_array().size() && keys->size() <= 32,
                "keys are those of the set, 32 at most");
        promise(keys->ids().size() == keys->size(), "every key has its id, or none");
    } else {
        promise(!keys.error().details().text.empty(), "a set that is refused has a reason");
    }
    if (bytes.find("-----") != bytes.npos)
        if (const auto keys = token::key_set::from_pem(bytes))
            promise(keys->size() == 1, "a PEM text is one key");
}

} // namespace usher::fuzz
