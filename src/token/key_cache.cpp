#include <usher/token/key_cache.hpp>

#include "call/fetch.hpp"
#include "core/base_url.hpp"
#include "token/base64url.hpp"
#include "token/digest.hpp"
#include "token/key_source.hpp"
#include "token/known_set.hpp"

#include <map>
#include <stdexcept>

namespace usher::token {

namespace detail {

class key_registry {
public:
    key_registry(const engine& of, const key_cache_options& how)
        : engine(of.state()), executor(of.get_executor()), options(how)
    {
    }

    key_source find_or_make(const std::string& scope, key_fetch fetch, std::string_view issuer)
    {
        auto& source = sources[scope];
        if (!source)
            source = std::make_shared<basic_key_source<std::chrono::steady_clock>>(executor, options, std::move(fetch),
                                                                                   std::string(issuer));
        return key_source(source);
    }

    std::shared_ptr<usher::detail::engine_state> engine;
    boost::asio::any_io_executor executor;
    key_cache_options options;
    std::map<std::string, std::shared_ptr<key_source_state>> sources;
};

namespace {

boost::asio::awaitable<result<fetched_keys>> fetch_keys(std::shared_ptr<usher::detail::engine_state> engine,
                                                        std::string url, std::optional<secret> key,
                                                        std::chrono::milliseconds deadline,
                                                        std::shared_ptr<known_set> known)
{
    usher::detail::fetch_request request;
    request.name = "fetch the key set";
    request.url = std::move(url);
    request.key = std::move(key);
    request.deadline = deadline;
    request.retry.max_attempts = 3;
    auto answer = co_await usher::detail::fetch(std::move(engine), std::move(request));
    if (!answer)
        co_return answer.error();
    auto keys = known->read(answer->body);
    if (!keys)
        co_return keys.error();
    fetched_keys brought;
    brought.keys = *keys;
    brought.max_age = answer->max_age;
    co_return brought;
}

key_source fetched(const std::shared_ptr<key_registry>& registry, const std::string& url, std::string_view issuer,
                   const std::optional<secret>& key)
{
    // Checks the address; a query is no part of what it checks.
    usher::detail::parse_base_url(std::string_view(url).substr(0, url.find('?')));
    std::string scope = std::string(issuer) + '\n' + url;
    if (key) {
        const auto digest = sha256(key->reveal());
        scope += '\n';
        scope += encode_base64url({reinterpret_cast<const char*>(digest.data()), digest.size()});
    }
    const auto fetch = [engine = registry->engine, url, key, deadline = registry->options.deadline,
                        known = std::make_shared<known_set>()] {
        return fetch_keys(engine, url, key, deadline, known);
    };
    return registry->find_or_make(scope, fetch, issuer);
}

/// An issuer's name has no slash at its end, and is often written with one.
std::string_view without_slash(std::string_view base)
{
    while (base.ends_with('/'))
        base.remove_suffix(1);
    return base;
}

std::string joined(std::string_view base, std::string_view path)
{
    return std::string(without_slash(base)) + std::string(path);
}

template <class Duration>
void check_positive(Duration time, const char* name)
{
    if (time <= Duration::zero())
        throw std::invalid_argument(std::string("key_cache_options::") + name + " has to be above 0");
}

} // namespace

} // namespace detail

key_cache::key_cache(const engine& engine, key_cache_options options)
{
    detail::check_positive(options.fresh, "fresh");
    detail::check_positive(options.shortest_fresh, "shortest_fresh");
    detail::check_positive(options.revalidate, "revalidate");
    detail::check_positive(options.usable, "usable");
    detail::check_positive(options.unknown_key_interval, "unknown_key_interval");
    detail::check_positive(options.unknown_key_memory, "unknown_key_memory");
    detail::check_positive(options.first_backoff, "first_backoff");
    detail::check_positive(options.deadline, "deadline");
    if (options.longest_fresh < options.shortest_fresh)
        throw std::invalid_argument("key_cache_options::longest_fresh is below shortest_fresh");
    if (options.most_waiting == 0)
        throw std::invalid_argument("key_cache_options::most_waiting has to be above 0");
    if (options.longest_backoff < options.first_backoff)
        throw std::invalid_argument("key_cache_options::longest_backoff is below first_backoff");
    registry_ = std::make_shared<detail::key_registry>(engine, options);
}

key_source key_cache::url(std::string_view url, std::string_view issuer) const
{
    return detail::fetched(registry_, std::string(url), issuer, std::nullopt);
}

key_source key_cache::clerk_issuer(std::string_view issuer) const
{
    return detail::fetched(registry_, detail::joined(issuer, "/.well-known/jwks.json"), detail::without_slash(issuer),
                           std::nullopt);
}

key_source key_cache::clerk_publishable_key(std::string_view key) const
{
    const auto host = publishable_key_host(key);
    if (!host)
        throw std::invalid_argument("no Clerk publishable key: expected pk_test_… or pk_live_…");
    return clerk_issuer("https://" + *host);
}

key_source key_cache::clerk_secret_key(const secret& key, std::string_view issuer, std::string_view base_url) const
{
    if (key.empty())
        throw std::invalid_argument("the secret key is empty");
    return detail::fetched(registry_, detail::joined(base_url.empty() ? "https://api.clerk.com/v1" : base_url, "/jwks"),
                           issuer, key);
}

key_source key_cache::scalekit(std::string_view environment) const
{
    return detail::fetched(registry_, detail::joined(environment, "/keys"), detail::without_slash(environment),
                           std::nullopt);
}

key_source key_cache::custom(std::string_view scope, key_fetch fetch, std::string_view issuer) const
{
    if (!fetch)
        throw std::invalid_argument("a custom key source needs a function that fetches");
    return registry_->find_or_make("custom\n" + std::string(scope) + '\n' + std::string(issuer), std::move(fetch),
                                   issuer);
}

} // namespace usher::token
