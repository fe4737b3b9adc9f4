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

void check_key(const std::optional<secret>& key, const char* what)
{
    if (key && key->empty())
        throw std::invalid_argument(std::string(what) + " is empty");
    if (key && !is_bearer(key->reveal()))
        throw std::invalid_argument(std::string(what) + " has a space or a character that no header may have");
}

} // namespace

client_state::client_state(std::shared_ptr<engine_state> engine_, const service_info& service_, credentials who,
                           client_options options_)
    : engine(std::move(engine_)),
      service(service_),
      options(std::move(options_)),
      url(parse_base_url(chosen_base_url(service, options))),
      source(who.source())
{
    check_key(who.key(), "the key");
    check_key(options.machine_key, "client option machine_key");
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
    // Without it a server may choose any coding (RFC 9110 §12.5.3); no answer is ever unpacked.
    block += "Accept: application/json\r\nAccept-Encoding: identity\r\n";
    auto common = std::make_shared<header_block>();
    common->lines = secret(block);
    anonymous_ = std::move(common);
    if (who.key())
        client_ = make_block(who.key()->reveal(), 0);
    else if (!source)
        client_ = anonymous_;
    if (options.machine_key)
        machine_ = make_block(options.machine_key->reveal(), 0);

    origin = engine->connections.origin(url);
    const auto key = who.key() ? *who.key() : secret(source ? source->identity() : std::string());
    auto shared = engine->instance_for(url, service, key, options.quota ? *options.quota : quota_of(service.name, key));
    limits = std::move(shared.limits);
    health = std::move(shared.health);
    tenant = limits->tenant(options.tenant, options.tenant_weight);
}

const header_block_ptr& client_state::fixed_block(credential_use use) const noexcept
{
    if (use == credential_use::none)
        return anonymous_;
    return use == credential_use::machine && machine_ ? machine_ : client_;
}

const header_block_ptr& client_state::block_with(const issued_token& token)
{
    static const header_block_ptr none;
    if (newest_ && newest_->generation == token.generation)
        return newest_;
    if (!is_bearer(token.text.reveal()))
        return none;
    newest_ = make_block(token.text.reveal(), token.generation);
    return newest_;
}

header_block_ptr client_state::block_with(const secret& key) const
{
    return is_bearer(key.reveal()) ? make_block(key.reveal(), 0) : nullptr;
}

header_block_ptr client_state::make_block(std::string_view key, std::uint64_t generation) const
{
    // One allocation, so that no shorter copy of the key stays behind.
    std::string with_key;
    const auto common = anonymous_->lines.reveal();
    with_key.reserve(common.size() + key.size() + 32);
    with_key.append(common).append("Authorization: Bearer ").append(key).append("\r\n");
    auto block = std::make_shared<header_block>();
    block->lines = secret(with_key);
    block->generation = generation;
    OPENSSL_cleanse(with_key.data(), with_key.size());
    return block;
}

bool is_own_header(const client_state& client, std::string_view name) noexcept
{
    for (const std::string_view own :
         {"host", "authorization", "user-agent", "accept", "content-length", "content-type", "transfer-encoding",
          "connection", "expect", "upgrade", "te", "trailer", "accept-encoding", "content-encoding", "keep-alive",
          "proxy-authorization", "proxy-connection", "http2-settings"})
        if (same_header_name(name, own))
            return true;
    const auto version_header = traits_of(client.service.name).version_header;
    return !version_header.empty() && same_header_name(name, version_header);
}

} // namespace detail

basic_client::basic_client(const engine& engine, const detail::service_info& service, credentials who,
                           client_options options)
    : state_(std::make_shared<detail::client_state>(engine.state(), service, std::move(who), std::move(options)))
{
}

quota_usage basic_client::usage() const
{
    auto& limits = *state_->limits;
    const auto stats = limits.stats();
    quota_usage usage;
    usage.admitted = stats.admitted;
    usage.refused = stats.refused;
    usage.waiting = stats.waiting;
    usage.in_flight = stats.in_flight;
    const std::chrono::duration<double> interval = stats.interval;
    usage.requests_per_second = interval.count() > 0 ? 1 / interval.count() : 0;
    usage.tenant_admitted = limits.admitted(state_->tenant);
    usage.tenant_refused = limits.refused(state_->tenant);
    usage.tenant_waiting = limits.waiting(state_->tenant);
    usage.predicted_wait = std::chrono::ceil<std::chrono::milliseconds>(limits.predicted_wait(state_->tenant));
    const auto figures = limits.rule_figures();
    for (std::size_t i = 0; i != figures.size(); ++i) {
        const auto& rule = limits.rules().rules()[i];
        bucket_usage one;
        one.rule = rule.name;
        one.requests = figures[i].requests;
        one.window = rule.window;
        one.admitted = figures[i].admitted;
        one.refused = figures[i].refused;
        one.waiting = figures[i].waiting;
        one.predicted_wait = std::chrono::ceil<std::chrono::milliseconds>(figures[i].wait);
        one.utilisation = figures[i].utilisation;
        one.records = figures[i].buckets;
        usage.limits.push_back(std::move(one));
    }
    return usage;
}

} // namespace usher
