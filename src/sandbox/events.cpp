// Events as the services send them to webhooks, signed (Standard Webhooks 1.0: HMAC-SHA256 over id.timestamp.body).

#include "sandbox/deliver.hpp"
#include "sandbox/documents.hpp"
#include "sandbox/identifier.hpp"
#include "sandbox/signing.hpp"

#include <openssl/rand.h>

#include <stdexcept>

namespace usher::sandbox {

namespace {

const json::object& examples()
{
    static const json::object all = [] {
        std::string text;
        for (const auto piece : scalekit_webhook_examples_document())
            text += piece;
        return json::parse(text).as_object();
    }();
    return all;
}

generator fresh()
{
    std::uint64_t seed = 0;
    RAND_bytes(reinterpret_cast<unsigned char*>(&seed), sizeof seed);
    return generator(seed);
}

json::value read_data(const event& of)
{
    boost::system::error_code e;
    auto data = json::parse(of.data, e);
    if (e)
        throw std::invalid_argument("sandbox: an event's data must be JSON");
    return data;
}

json::object scalekit_event(const event& of, std::int64_t wall, generator& source)
{
    const auto* example = examples().if_contains(of.type);
    if (!example)
        throw std::invalid_argument("sandbox: Scalekit has no event " + of.type);
    auto body = example->as_object();
    body["id"] = "evt_" + std::to_string(100'000'000'000'000'000 + source.below(800'000'000'000'000'000));
    body["occurred_at"] = format_rfc3339(wall);
    if (!of.data.empty())
        body["data"] = read_data(of);
    return body;
}

json::object clerk_event(const event& of, std::int64_t wall, generator& source)
{
    return {{"type", of.type},
            {"object", "event"},
            {"data", of.data.empty() ? json::value(json::object()) : read_data(of)},
            {"timestamp", wall},
            {"instance_id", new_id("instance", source)},
            {"event_attributes",
             json::object{{"http_request", json::object{{"client_ip", "127.0.0.1"}, {"user_agent", "sandbox"}}}}}};
}

std::string key_of(std::string_view secret)
{
    constexpr std::string_view prefix = "whsec_";
    const auto key = secret.starts_with(prefix) ? base64_decode(secret.substr(prefix.size())) : std::nullopt;
    if (!key || key->empty())
        throw std::invalid_argument("sandbox: an event's secret must be whsec_ and base64");
    return *key;
}

} // namespace

std::vector<std::string> event_types()
{
    std::vector<std::string> out;
    for (const auto& [type, unused] : examples())
        out.emplace_back(type);
    return out;
}

message sign_event(const event& what, std::int64_t wall)
{
    if (what.type.empty())
        throw std::invalid_argument("sandbox: an event needs a type");
    auto source = fresh();
    const bool scalekit = what.from == service::scalekit;
    message out;
    out.body = json::serialize(scalekit ? scalekit_event(what, wall, source) : clerk_event(what, wall, source));
    const auto id = what.id.empty() ? "msg_" + base62(27, source) : what.id;
    const auto time = std::to_string(wall / 1000 - what.age.count());
    const auto signature = hmac_sha256(key_of(what.secret), id + "." + time + "." + out.body);
    const std::string prefix = scalekit ? "webhook-" : "svix-";
    out.headers = {
        {prefix + "id", id}, {prefix + "timestamp", time}, {prefix + "signature", "v1," + base64(signature)}};
    return out;
}

} // namespace usher::sandbox
