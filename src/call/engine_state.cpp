#include "call/engine_state.hpp"

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

} // namespace

engine_state::engine_state(boost::asio::any_io_executor executor_, engine_options options_)
    : executor(std::move(executor_)),
      options(checked(std::move(options_))),
      deadlines(std::make_shared<deadline_queue>(executor)),
      connections(executor, deadlines, options, counters),
      random(options.seed != 0 ? options.seed
                               : (static_cast<std::uint64_t>(std::random_device()()) << 32) | std::random_device()())
{
}

std::shared_ptr<schedule::limiter> engine_state::limiter_for(const base_url& url, const secret& key,
                                                             const usher::quota& quota)
{
    // A limit is remembered while it has clients, and for longer than any window after that: whoever makes a client for
    // each request must not begin anew with each.
    constexpr std::size_t few = 64;
    static constexpr std::chrono::hours longest_window{2};
    const auto now = std::chrono::steady_clock::now();
    if (limiters_.size() >= few)
        std::erase_if(limiters_, [now](const auto& one) {
            return one.second.limits.use_count() == 1 && now - one.second.asked_for > longest_window;
        });
    auto& entry = limiters_[url.origin() + url.prefix + '\n' + digest_of(key)];
    if (!entry.limits)
        entry.limits = std::make_shared<schedule::limiter>(executor, quota);
    entry.asked_for = now;
    return entry.limits;
}

std::shared_ptr<service_health> engine_state::health_for(const base_url& url, const secret& key)
{
    auto& entry = limiters_[url.origin() + url.prefix + '\n' + digest_of(key)];
    if (!entry.health)
        entry.health = std::make_shared<service_health>(executor, random());
    return entry.health;
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
