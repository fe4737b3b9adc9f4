#include "call/engine_state.hpp"

#include "call/log_setting.hpp"
#include "call/time_limits.hpp"

#include <openssl/evp.h>

#include <array>
#include <random>
#include <stdexcept>

namespace usher {

namespace detail {

namespace {

void require(bool holds, const char* option)
{
    if (!holds)
        throw std::invalid_argument(std::string("engine option ") + option + " is out of range");
}

engine_options checked(engine_options options)
{
    using namespace std::chrono_literals;
    require(options.max_connections_per_origin > 0, "max_connections_per_origin");
    require(options.max_connections > 0, "max_connections");
    require(options.max_connecting > 0, "max_connecting");
    require(options.idle_time > 0ms, "idle_time");
    require(options.life_time > 0ms, "life_time");
    require(options.max_header_size >= 1024 && options.max_header_size <= 16 * 1024 * 1024, "max_header_size");
    require(options.max_body_size > 0, "max_body_size");
    require(options.max_depth > 0, "max_depth");
    options.idle_time = bounded(options.idle_time);
    options.life_time = bounded(options.life_time);
    return options;
}

// Keys are told apart by digest, so that a second copy of them does not stay in memory.
std::string digest_of(const secret& key)
{
    std::array<unsigned char, 32> digest{};
    const auto text = key.reveal();
    unsigned int size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("OpenSSL could not compute SHA-256");
    return {digest.begin(), digest.end()};
}

std::string hex(std::string_view bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const char one : bytes) {
        const auto byte = static_cast<unsigned char>(one);
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

} // namespace

engine_state::engine_state(boost::asio::any_io_executor executor_, engine_options options_)
    : executor(std::move(executor_)),
      options(checked(std::move(options_))),
      deadlines(std::make_shared<deadline_queue>(executor)),
      connections(executor, deadlines, options, counters),
      random(options.seed != 0 ? options.seed
                               : (static_cast<std::uint64_t>(std::random_device()()) << 32) | std::random_device()()),
      log(log_of_environment())
{
}

engine_state::instance engine_state::instance_for(const base_url& url, const service_info& service, const secret& key,
                                                  const usher::quota& quota)
{
    // It is remembered while it has clients, and for longer than any window after that: whoever makes a client for
    // each request must not begin anew with each.
    constexpr std::size_t few = 64;
    static constexpr std::chrono::hours longest_window{2};
    const auto now = std::chrono::steady_clock::now();
    if (instances_.size() >= few)
        std::erase_if(instances_, [now](const auto& one) {
            return one.second.shared.limits.use_count() == 1 && now - one.second.asked_for > longest_window;
        });
    auto name = url.origin() + url.prefix + '\n' + std::string(service.name) + '\n' + digest_of(key);
    auto found = instances_.find(name);
    if (found == instances_.end()) {
        schedule::limiter_options how;
        how.instance = hex(digest_of(secret(name))).substr(0, 32);
        how.shared = options.shared_budget;
        how.memory = options.quota_memory;
        instance made;
        made.limits = std::make_shared<schedule::limiter>(
            executor, std::make_shared<schedule::rule_table>(quota, service.operations), std::move(how));
        made.health = std::make_shared<service_health>(executor, random());
        found = instances_.emplace(std::move(name), kept_instance{std::move(made), now}).first;
    }
    found->second.asked_for = now;
    return found->second.shared;
}

} // namespace detail

engine::engine(boost::asio::any_io_executor executor, engine_options options)
    : state_(std::make_shared<detail::engine_state>(std::move(executor), std::move(options)))
{
}

engine::~engine()
{
    state_->connections.close_idle();
}

boost::asio::any_io_executor engine::get_executor() const noexcept
{
    return state_->executor;
}

engine_counters engine::counters() const noexcept
{
    auto counters = state_->counters;
    counters.connections = state_->connections.connections();
    counters.idle_connections = state_->connections.idle();
    return counters;
}

void engine::close_idle()
{
    state_->connections.close_idle();
}

} // namespace usher
