#include "auth/token_answer.hpp"
#include "auth/token_function.hpp"
#include "call/engine_state.hpp"
#include "call/fetch.hpp"
#include "call/time_limits.hpp"

#include <usher/client.hpp>

#include <openssl/crypto.h>

#include <stdexcept>

namespace usher {

namespace auth {

namespace {

namespace asio = boost::asio;

/// RFC 6749 §4.4.2, with the credentials in the body.
secret form_of(const oauth_client& client)
{
    std::string form;
    form.reserve(256 + 3 * (client.client_id.size() + client.client_secret.reveal().size() + client.scope.size()));
    detail::add_form_member(form, "grant_type", "client_credentials");
    detail::add_form_member(form, "client_id", client.client_id);
    detail::add_form_member(form, "client_secret", client.client_secret.reveal());
    if (!client.scope.empty())
        detail::add_form_member(form, "scope", client.scope);
    secret made(form);
    OPENSSL_cleanse(form.data(), form.size());
    return made;
}

asio::awaitable<result<access_token>> fetch_token(std::shared_ptr<detail::engine_state> engine,
                                                  std::shared_ptr<const oauth_client> client,
                                                  std::chrono::milliseconds limit)
{
    detail::fetch_request request;
    request.name = "oauth_token";
    request.method = "POST";
    request.url = client->token_url;
    request.content_type = "application/x-www-form-urlencoded";
    request.body = form_of(*client);
    request.hidden = client->client_secret;
    // The fetch as a whole is ended at its limit; this one should say before that what it failed of.
    request.deadline = limit / 10 * 9;
    // A token more does no harm.
    request.retry.repeat_unsafe = true;
    request.retry.max_attempts = 3;
    request.watcher = client->watcher;
    auto answer = co_await detail::fetch(std::move(engine), std::move(request));
    if (!answer)
        co_return answer.error();
    auto read = read_token_answer(answer->body);
    if (!read)
        co_return read.error();
    co_return access_token(std::move(read->access_token), read->expires_in);
}

} // namespace

} // namespace auth

std::shared_ptr<credential_source> client_credentials(const engine& engine, oauth_client client, token_options options)
{
    detail::check_fetch_url(client.token_url);
    if (client.client_id.empty())
        throw std::invalid_argument("oauth client: client_id is empty");
    if (client.client_secret.empty())
        throw std::invalid_argument("oauth client: client_secret is empty");
    const std::string identity = "oauth " + client.token_url + '\n' + client.client_id + '\n' + client.scope;
    const auto own = std::make_shared<const oauth_client>(std::move(client));
    const auto limit = std::max(detail::bounded(options.fetch_limit), std::chrono::milliseconds(10));
    // The source must not keep the engine alive by a circle; the engine does not hold sources.
    token_function fetch = [engine_state = engine.state(), own, limit] {
        return auth::fetch_token(engine_state, own, limit);
    };
    return auth::make_keeper(engine.state(), std::move(fetch), options, identity);
}

namespace detail {

credentials environment_credentials(const engine& engine, std::string_view environment_url, std::string_view token_path,
                                    std::string client_id, secret client_secret, const client_options& options)
{
    while (environment_url.ends_with('/'))
        environment_url.remove_suffix(1);
    oauth_client client;
    client.token_url = std::string(environment_url) + std::string(token_path);
    client.client_id = std::move(client_id);
    client.client_secret = std::move(client_secret);
    client.watcher = options.watcher;
    return client_credentials(engine, std::move(client));
}

client_options at_environment(std::string_view environment_url, client_options options)
{
    if (!options.base_url.empty() && options.base_url != environment_url)
        throw std::invalid_argument("client option base_url: the address of the environment is given already");
    options.base_url = environment_url;
    return options;
}

} // namespace detail

} // namespace usher
