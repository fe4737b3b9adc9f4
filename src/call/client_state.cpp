#include "call/client_state.hpp"

#include "call/service_traits.hpp"
#include "call/time_limits.hpp"
#include "core/http_text.hpp"

#include <openssl/crypto.h>

#include <stdexcept>

namespace usher {

namespace detail {

namespace {

std::string chosen_base_url(const service_info& service, const client_options& options)
{
    if (!options.base_url.empty())
        return options.base_url;
    if (service.base_url.empty())
        throw std::invalid_argument("client option base_url: " + std::string(service.name) +
                                    " has no address of its own");
    return std::string(service.base_url);
}

void add_header(std::string& block, std::string_view name, std::string_view value, const char* option)
{
    if (!is_header_value(value))
        throw std::invalid_argument(std::string("client option ") + option +
                                    " has a character that no header may have");
    block.append(name).append(": ").append(value).append("\r\n");
}

} // namespace

client_state::client_state(std::shared_ptr<engine_state> engine_, const service_info& service_, const secret& key,
                           client_options options_)
    : engine(std::move(engine_)),
      service(service_),
      options(std::move(options_)),
      url(parse_base_url(chosen_base_url(service, options)))
{
    if (key.empty())
        throw std::invalid_argument("the key is empty");
    if (!is_header_value(key.reveal()) || key.reveal().find(' ') != std::string_view::npos)
        throw std::invalid_argument("the key has a space or a character that no header may have");
    for (const auto* problem : {make_safe(options.timeouts), make_safe(options.retry)})
        if (problem != nullptr)
            throw std::invalid_argument(std::string("client option ") + problem);

    const auto traits = traits_of(service.name);
    std::string block;
    block.append("Host: ").append(url.authority).append("\r\n");
    add_header(block, "User-Agent",
               (options.user_agent.empty() ? "" : options.user_agent + ' ') + "usher/" USHER_VERSION, "user_agent");
    if (!traits.version_header.empty())
        add_header(block, traits.version_header,
                   options.api_version.empty() ? traits.version : std::string_view(options.api_version), "api_version");
    block += "Accept: application/json\r\n";
    anonymous_block = secret(block);
    // One allocation, so that no shorter copy of the key stays behind.
    std::string with_key;
    with_key.reserve(block.size() + key.reveal().size() + 32);
    with_key.append(block).append("Authorization: Bearer ").append(key.reveal()).append("\r\n");
    header_block = secret(with_key);
    OPENSSL_cleanse(with_key.data(), with_key.size());

    origin = engine->connections.origin(url);
    limits = engine->limiter_for(url, key, options.quota ? *options.quota : quota_of(service.name, key));
}

bool is_own_header(const client_state& client, std::string_view name) noexcept
{
    for (const std::string_view own :
         {"host", "authorization", "user-agent", "accept", "content-length", "content-type", "transfer-encoding",
          "connection", "expect", "upgrade", "te", "trailer", "accept-encoding", "keep-alive", "proxy-authorization"})
        if (same_header_name(name, own))
            return true;
    const auto version_header = traits_of(client.service.name).version_header;
    return !version_header.empty() && same_header_name(name, version_header);
}

} // namespace detail

basic_client::basic_client(const engine& engine, const detail::service_info& service, secret key,
                           client_options options)
    : state_(std::make_shared<detail::client_state>(engine.state(), service, key, std::move(options)))
{
}

quota_usage basic_client::usage() const
{
    const auto stats = state_->limits->stats();
    quota_usage usage;
    usage.admitted = stats.admitted;
    usage.refused = stats.refused;
    usage.waiting = state_->limits->waiting();
    usage.in_flight = stats.in_flight;
    const std::chrono::duration<double> interval = stats.interval;
    usage.requests_per_second = interval.count() > 0 ? 1 / interval.count() : 0;
    return usage;
}

} // namespace usher
