#include "cli/commands.hpp"
#include "cli/services.hpp"
#include "cli/text.hpp"
#include "cli/token_print.hpp"

#include <usher/authenticate.hpp>
#include <usher/engine.hpp>
#include <usher/token.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/serialize.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>

namespace asio = boost::asio;

namespace usher::cli {

namespace {

std::string read_file(const std::string& name)
{
    std::ifstream file(name, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file)
        throw std::runtime_error(name + " can't be read");
    return text;
}

std::string read_token(const std::string& from)
{
    std::string text = from;
    if (from == "-")
        text.assign(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
    else if (from.starts_with('@'))
        text = read_file(from.substr(1));
    // A file's last line ends; nothing else is forgiven.
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.pop_back();
    return text;
}

token::key_source source_of(const engine& shared, const token_arguments& arguments)
{
    const token::key_cache cache(shared);
    const bool is_scalekit = arguments.connect.service == "scalekit" || arguments.type.starts_with("scalekit");
    if (!arguments.jwks.empty())
        return cache.url(arguments.jwks, arguments.issuer);
    if (arguments.connect.service == "clerk")
        return cache.clerk_secret_key(key_for(arguments.connect), arguments.issuer, arguments.connect.base_url);
    std::string environment = arguments.connect.base_url;
    if (const char* known = std::getenv("SCALEKIT_ENVIRONMENT_URL"); environment.empty() && known && is_scalekit)
        environment = known;
    if (environment.empty())
        environment = arguments.issuer;
    if (environment.empty())
        throw std::invalid_argument("no keys: give --pem, --jwks, --service or --issuer");
    if (!is_scalekit)
        return cache.clerk_issuer(environment);
    while (environment.ends_with('/'))
        environment.pop_back();
    return cache.scalekit(environment);
}

bool is_url(const std::string& text)
{
    return text.starts_with("https://") || text.starts_with("http://");
}

/// The keys that are at hand, if the arguments name such.
std::optional<result<token::key_set>> local_keys(const token_arguments& arguments)
{
    if (!arguments.pem.empty())
        return token::key_set::from_pem(read_file(arguments.pem));
    if (!arguments.jwks.empty() && !is_url(arguments.jwks))
        return token::key_set::from_jwks(read_file(arguments.jwks));
    return std::nullopt;
}

template <class Claims>
asio::awaitable<void> keep(asio::awaitable<token::verdict<Claims>> work, std::optional<token::verdict<Claims>>* out)
{
    auto answer = co_await std::move(work);
    *out = std::move(answer);
}

/// Runs a verification to its end and prints what it brings.
template <class Claims>
exit_status finish_with(asio::io_context& io, asio::awaitable<token::verdict<Claims>> work,
                        const token_arguments& arguments)
{
    std::optional<token::verdict<Claims>> answer;
    std::exception_ptr thrown;
    asio::co_spawn(io, keep<Claims>(std::move(work), &answer), [&](std::exception_ptr trouble) { thrown = trouble; });
    io.run();
    if (thrown)
        std::rethrow_exception(thrown);
    return print(*answer, arguments);
}

template <class Claims>
exit_status verify(const token_arguments& arguments, const std::string& text)
{
    token::verify_options options;
    options.issuer = arguments.issuer;
    options.audiences = arguments.audiences;
    options.authorized_parties = arguments.authorized_parties;
    options.required_scopes = arguments.scopes;
    options.nonce = arguments.nonce;
    options.skew = arguments.skew;
    options.accept_pending = arguments.accept_pending;
    options.accept_any_machine = true; // a person looks at the scopes
    if (const auto keys = local_keys(arguments)) {
        if (!*keys)
            throw std::invalid_argument(keys->error().message());
        return print(token::verifier(**keys, options).check<Claims>(text), arguments);
    }
    engine_options of_engine;
    of_engine.ca_file = arguments.connect.ca_file;
    asio::io_context io(1);
    engine shared(io.get_executor(), of_engine);
    const token::verifier by(source_of(shared, arguments), options);
    return finish_with(io, by.verify<Claims>(text), arguments);
}

const char* type_of(token::token_kind kind) noexcept
{
    switch (kind) {
    case token::token_kind::opaque_m2m:
        return "m2m";
    case token::token_kind::opaque_oauth:
        return "oauth";
    default:
        return "api-key";
    }
}

template <class Claims>
asio::awaitable<token::verdict<Claims>> with_scopes(asio::awaitable<token::verdict<Claims>> work,
                                                    std::vector<std::string> required)
{
    auto answer = co_await std::move(work);
    if (answer)
        for (const auto& scope : required)
            if (!answer->has_scope(scope))
                co_return token::rejection(token::reason::scope, "the scope " + scope + " is not granted");
    co_return answer;
}

/// An opaque token: Clerk is asked what it is.
exit_status ask(const token_arguments& arguments, const std::string& text, token::token_kind kind)
{
    if (arguments.type != type_of(kind)) {
        const std::string what = type_of(kind);
        return print(token::verdict<token::session_claims>(token::rejection(
                         token::reason::token_type, "the token is opaque and of the type " + what +
                                                        ", but one of the type " + arguments.type + " is asked for")),
                     arguments);
    }
    if (arguments.connect.service != "clerk")
        throw std::invalid_argument("the token is opaque: only its service can verify it, give --service clerk");
    if (!arguments.issuer.empty() || !arguments.audiences.empty() || !arguments.authorized_parties.empty() ||
        arguments.nonce)
        throw std::invalid_argument("an opaque token has no issuer, audience, authorized party or nonce to be checked");
    engine_options of_engine;
    of_engine.ca_file = arguments.connect.ca_file;
    client_options of_client;
    of_client.base_url = arguments.connect.base_url;
    asio::io_context io(1);
    engine shared(io.get_executor(), of_engine);
    const clerk::client client(shared, key_for(arguments.connect), of_client);
    if (kind == token::token_kind::opaque_m2m)
        return finish_with(io, with_scopes(token::verify_m2m(client, text), arguments.scopes), arguments);
    if (kind == token::token_kind::opaque_oauth)
        return finish_with(io, with_scopes(token::verify_oauth(client, text), arguments.scopes), arguments);
    return finish_with(io, with_scopes(token::verify_api_key(client, text), arguments.scopes), arguments);
}

exit_status inspect(const token_arguments& arguments)
{
    const auto read = token::decode_unverified(read_token(arguments.token));
    if (!read) {
        std::cerr << "usher: " << read.error().text << '\n';
        return some_failed;
    }
    boost::json::object line;
    line["verified"] = false;
    line["header"] = read->header;
    line["claims"] = read->claims;
    if (arguments.json) {
        std::cout << boost::json::serialize(line) << '\n';
        return finish(done);
    }
    std::cout << "NOT VERIFIED: anybody may have written this. usher token verify says whether it holds.\n";
    line.erase("verified");
    std::cout << indented_json(boost::json::serialize(line)) << '\n';
    for (const auto& [name, what] :
         {std::pair("iat", "issued"), std::pair("nbf", "valid from"), std::pair("exp", "expires")}) {
        const auto* value = read->claims.if_contains(name);
        if (value && value->is_int64() && value->get_int64() >= 0 && value->get_int64() < 253'402'300'800)
            std::cout << what << ' ' << time_text(unix_seconds(std::chrono::seconds(value->get_int64()))) << '\n';
    }
    return finish(done);
}

exit_status run(const token_arguments& arguments)
{
    if (arguments.inspect)
        return inspect(arguments);
    const std::string text = read_token(arguments.token);
    const auto kind = token::kind_of(text);
    if (kind == token::token_kind::opaque_m2m || kind == token::token_kind::opaque_oauth ||
        kind == token::token_kind::api_key)
        return ask(arguments, text, kind);
    if (arguments.type == "api-key")
        return print(token::verdict<token::api_key_claims>(
                         token::rejection(token::reason::token_type, "the token is no API key: those begin with ak_")),
                     arguments);
    if (arguments.type == "m2m")
        return verify<token::m2m_claims>(arguments, text);
    if (arguments.type == "oauth")
        return verify<token::oauth_claims>(arguments, text);
    if (arguments.type == "scalekit-access")
        return verify<token::scalekit_access_claims>(arguments, text);
    if (arguments.type == "scalekit-id")
        return verify<token::scalekit_id_claims>(arguments, text);
    return verify<token::session_claims>(arguments, text);
}

} // namespace

exit_status run_token(const token_arguments& arguments)
{
    try {
        return run(arguments);
    } catch (const std::invalid_argument& problem) {
        std::cerr << "usher: " << problem.what() << '\n';
        return bad_usage;
    }
}

} // namespace usher::cli
