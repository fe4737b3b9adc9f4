#include "login/login_state.hpp"

#include "auth/token_answer.hpp"
#include "call/fetch.hpp"
#include "core/base_url.hpp"

#include <openssl/crypto.h>

#include <stdexcept>

namespace usher::scalekit {

namespace asio = boost::asio;

namespace {

std::string checked_environment(std::string_view url)
{
    while (url.ends_with('/'))
        url.remove_suffix(1);
    detail::parse_base_url(url);
    return std::string(url);
}

token::verify_options for_client(const std::string& client_id)
{
    token::verify_options options;
    options.audiences.push_back(client_id);
    return options;
}

error refused(const char* operation, error_kind kind, std::string code, std::string text)
{
    error_details details;
    details.kind = kind;
    details.operation = operation;
    details.text = std::move(text);
    if (!code.empty()) {
        service_error one;
        one.code = std::move(code);
        details.errors.push_back(std::move(one));
    }
    return error(std::move(details));
}

constexpr std::string_view exchange_name = "oauth_code_exchange";
constexpr std::string_view refresh_name = "oauth_refresh";

/// One line, whatever a stranger put into the query.
std::string one_line(std::string text)
{
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = ' ';
    return text;
}

bool same_text(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

/// A code or refresh token may be used up although the answer says failure, or can't be read: only a refusal says that
/// it is not, or that it was already.
error of_exchange(const error& failed)
{
    const bool is_refusal = failed.kind() == error_kind::service && failed.status() < 500 && failed.status() != 408;
    if (failed.outcome() != call_outcome::answered || is_refusal)
        return failed;
    auto details = failed.details();
    details.outcome = call_outcome::unknown;
    return error(std::move(details));
}

error refused_id_token(std::string_view name, const token::rejection& why)
{
    error_details details;
    details.kind = error_kind::credentials;
    details.operation = name;
    details.outcome = call_outcome::answered;
    details.text = "the ID token is refused: " + why.text;
    service_error one;
    one.code = to_string(why.reason);
    details.errors.push_back(std::move(one));
    if (why.cause)
        details.cause = std::make_shared<const error>(why.cause);
    return error(std::move(details));
}

/// Enough for the secret and what stands around it, so that the form does not grow and leave copies behind.
std::size_t size_of_form(const login_state& state)
{
    return 1024 + 3 * (state.client_id.size() + state.client_secret.reveal().size());
}

/// One exchange at the token endpoint. What it sends is good once: it is not sent again unless it did not leave.
detail::fetch_request token_request(const login_state& state, std::string_view name, const secret& spent,
                                    std::string& form)
{
    detail::add_form_member(form, "client_id", state.client_id);
    if (!state.client_secret.empty())
        detail::add_form_member(form, "client_secret", state.client_secret.reveal());
    detail::fetch_request request;
    request.name = name;
    request.method = "POST";
    request.url = state.environment + "/oauth/token";
    request.content_type = "application/x-www-form-urlencoded";
    request.body = secret(form);
    request.hidden = spent;
    request.deadline = std::chrono::seconds(30);
    request.retry.max_attempts = 3;
    request.retry.repeat_unavailable = false;
    OPENSSL_cleanse(form.data(), form.size());
    return request;
}

asio::awaitable<result<login_tokens>> run_exchange(std::shared_ptr<const login_state> state,
                                                   detail::fetch_request request, std::string nonce,
                                                   std::string subject)
{
    const auto name = request.name;
    // What is good once is not spent while its answer could not be verified.
    const auto ready = co_await state->keys.ready();
    if (!ready)
        co_return ready.error();
    const auto answer = co_await detail::fetch(state->engine, std::move(request));
    if (!answer)
        co_return of_exchange(answer.error());
    auto read = auth::read_token_answer(answer->body);
    if (!read)
        co_return of_exchange(read.error());
    login_tokens tokens;
    tokens.access_token = std::move(read->access_token);
    tokens.refresh_token = std::move(read->refresh_token);
    tokens.id_token = std::move(read->id_token);
    tokens.lifetime = read->expires_in;
    tokens.scope = std::move(read->scope);
    if (tokens.id_token.empty()) {
        if (nonce.empty())
            co_return tokens;
        co_return refused_id_token(name, token::rejection(token::reason::nonce, "there is none"));
    }
    auto options = for_client(state->client_id);
    if (!nonce.empty())
        options.nonce = std::move(nonce);
    const token::verifier verifier(state->keys, std::move(options));
    const auto user = co_await verifier.verify<token::scalekit_id_claims>(tokens.id_token.reveal());
    // The new tokens are good, and the old one is gone: better without the user's claims than lost.
    const bool is_refresh = name == refresh_name;
    if (!user && !(is_refresh && user.error().reason == token::reason::keys_unavailable))
        co_return refused_id_token(name, user.error());
    if (user && !subject.empty() && user->subject != subject)
        co_return refused_id_token(name, token::rejection(token::reason::claim_invalid, "sub is somebody else"));
    tokens.user = user.share();
    co_return tokens;
}

asio::awaitable<result<login_tokens>> fail(error why)
{
    co_return why;
}

asio::awaitable<token::verdict<token::scalekit_access_claims>> run_verify(std::shared_ptr<const login_state> state,
                                                                          secret text, std::vector<std::string> scopes)
{
    auto answer = co_await state->access.verify<token::scalekit_access_claims>(text.reveal());
    if (answer)
        for (const auto& scope : scopes)
            if (!answer->has_scope(scope))
                co_return token::rejection(token::reason::scope, "the scope " + scope + " is not granted");
    co_return answer;
}

} // namespace

login_state::login_state(const usher::engine& from, std::string environment_, std::string client_id_,
                         secret client_secret_)
    : engine(from.state()),
      environment(std::move(environment_)),
      client_id(std::move(client_id_)),
      client_secret(std::move(client_secret_)),
      keys(token::key_cache(from).scalekit(environment)),
      access(keys),
      logins(keys)
{
}

login::login(const engine& engine, std::string_view environment_url, std::string client_id, secret client_secret)
{
    if (client_id.empty())
        throw std::invalid_argument("login: client_id is empty");
    state_ = std::make_shared<const login_state>(engine, checked_environment(environment_url), std::move(client_id),
                                                 std::move(client_secret));
}

asio::awaitable<result<login_tokens>> login::complete(const login_attempt& attempt, std::string_view query) const
{
    const auto state = query_parameter(query, "state");
    // First of all: whatever else a callback with another state says, it says to somebody else.
    if (!state || attempt.state.empty() || !same_text(*state, attempt.state))
        return fail(refused("complete", error_kind::invalid_request, "state",
                            "state: the callback does not belong to this login"));
    const auto code = query_parameter(query, "error");
    if (has_parameter(query, "error"))
        return fail(refused("complete", error_kind::service, one_line(code.value_or("")),
                            one_line(query_parameter(query, "error_description").value_or("the login was refused"))));
    code_exchange with;
    with.code = query_parameter(query, "code").value_or("");
    with.redirect_uri = attempt.redirect_uri;
    with.code_verifier = attempt.code_verifier;
    with.nonce = attempt.nonce;
    return exchange(with);
}

asio::awaitable<result<login_tokens>> login::exchange(const code_exchange& with) const
{
    if (with.code.empty())
        return fail(refused("exchange", error_kind::invalid_request, "", "code: required, not given"));
    if (with.redirect_uri.empty())
        return fail(refused("exchange", error_kind::invalid_request, "", "redirect_uri: required, not given"));
    std::string form;
    form.reserve(size_of_form(*state_) + 3 * (with.code.size() + with.redirect_uri.size()));
    detail::add_form_member(form, "grant_type", "authorization_code");
    detail::add_form_member(form, "code", with.code);
    detail::add_form_member(form, "redirect_uri", with.redirect_uri);
    if (!with.code_verifier.empty())
        detail::add_form_member(form, "code_verifier", with.code_verifier.reveal());
    return run_exchange(state_, token_request(*state_, exchange_name, secret(with.code), form), with.nonce,
                        std::string());
}

asio::awaitable<result<login_tokens>> login::refresh(const secret& refresh_token, std::string_view subject) const
{
    if (refresh_token.empty())
        return fail(refused("refresh", error_kind::invalid_request, "", "refresh_token: required, not given"));
    std::string form;
    form.reserve(size_of_form(*state_) + 3 * refresh_token.reveal().size());
    detail::add_form_member(form, "grant_type", "refresh_token");
    detail::add_form_member(form, "refresh_token", refresh_token.reveal());
    return run_exchange(state_, token_request(*state_, refresh_name, refresh_token, form), std::string(),
                        std::string(subject));
}

asio::awaitable<token::verdict<token::scalekit_idp_login_claims>> login::idp_initiated(std::string_view token) const
{
    return state_->logins.verify<token::scalekit_idp_login_claims>(token);
}

asio::awaitable<token::verdict<token::scalekit_access_claims>> login::verify_access_token(
    std::string_view token, std::vector<std::string> required_scopes) const
{
    return run_verify(state_, secret(token), std::move(required_scopes));
}

} // namespace usher::scalekit
