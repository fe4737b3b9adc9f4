#include "auth/token_function.hpp"

#include "auth/token_keeper.hpp"
#include "call/engine_state.hpp"
#include "call/time_limits.hpp"

#include <atomic>
#include <stdexcept>

namespace usher {

namespace auth {

std::shared_ptr<credential_source> make_keeper(const std::shared_ptr<detail::engine_state>& engine,
                                               token_function fetch, token_options options, std::string identity)
{
    using std::chrono::milliseconds;
    if (!fetch)
        throw std::invalid_argument("the function that fetches tokens is empty");
    if (options.renew_before < std::chrono::seconds(0))
        throw std::invalid_argument("token option renew_before is below zero");
    if (options.fetch_limit <= milliseconds(0))
        throw std::invalid_argument("token option fetch_limit has to be above zero");
    if (options.initial_backoff <= milliseconds(0) || options.max_backoff < options.initial_backoff)
        throw std::invalid_argument("token options initial_backoff and max_backoff: above zero, and in this order");
    options.fetch_limit = detail::bounded(options.fetch_limit);
    options.max_backoff = detail::bounded(options.max_backoff);
    const auto seed = options.seed != 0 ? options.seed : engine->random();
    return std::make_shared<token_keeper>(engine->executor, std::move(fetch), options, std::move(identity), seed);
}

} // namespace auth

std::shared_ptr<credential_source> token_function_source(const engine& engine, token_function fetch,
                                                         token_options options)
{
    // Two functions can't be compared: each source has a quota of its own.
    static std::atomic<std::uint64_t> sources = 0;
    return auth::make_keeper(engine.state(), std::move(fetch), options, "function " + std::to_string(++sources));
}

} // namespace usher
