#include "cli/commands.hpp"
#include "cli/services.hpp"
#include "cli/text.hpp"

#include <usher/engine.hpp>
#include <usher/token.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
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

exit_status finish(exit_status status)
{
    std::cout.flush();
    return std::cout ? status : could_not_run;
}

std::string time_text(unix_seconds time)
{
    return time == unix_seconds::max() ? "never" : format_rfc3339(time);
}

boost::json::array list(const std::vector<std::string>& texts)
{
    boost::json::array all;
    for (const auto& each : texts)
        all.emplace_back(each);
    return all;
}

// What a kind of token grants, in the words of its claims.
void add_grants(boost::json::object& to, const token::session_claims& of)
{
    if (!of.organization)
        return;
    to["organization"] = of.organization->id;
    to["role"] = of.organization->role;
    to["permissions"] = list(of.organization->permissions);
}

void add_grants(boost::json::object& to, const token::scalekit_access_claims& of)
{
    to["organization"] = of.organization_id;
    to["roles"] = list(of.roles);
    to["permissions"] = list(of.permissions);
    to["scopes"] = list(of.scopes);
}

void add_grants(boost::json::object& to, const token::scalekit_id_claims& of)
{
    to["organization"] = of.organization_id;
    to["connection"] = of.connection_id;
}

template <class Claims>
void add_grants(boost::json::object& to, const Claims& of)
{
    to["scopes"] = list(of.scopes);
}

template <class Claims>
exit_status print(const token::verdict<Claims>& answer, const token_arguments& arguments)
{
    boost::json::object line;
    line["accepted"] = answer.has_value();
    if (!answer) {
        const auto& why = answer.error();
        line["reason"] = token::to_string(why.reason);
        line["message"] = why.text;
        if (arguments.json)
            std::cout << boost::json::serialize(line) << '\n';
        else
            std::cout << "refused (" << token::to_string(why.reason) << "): " << why.text << '\n';
        return finish(why.reason == token::reason::keys_unavailable ? could_not_run : some_failed);
    }
    line["type"] = arguments.type;
    line["subject"] = answer->subject;
    line["expires"] = time_text(answer->expires);
    add_grants(line, *answer);
    line["claims"] = answer->all;
    if (arguments.json) {
        std::cout << boost::json::serialize(line) << '\n';
        return finish(done);
    }
    std::cout << "accepted: " << arguments.type << " token of " << answer->subject << ", expires "
              << time_text(answer->expires) << '\n';
    line.erase("accepted");
    std::cout << indented_json(boost::json::serialize(line)) << '\n';
    return finish(done);
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
asio::awaitable<void> verify_with(token::verifier by, std::string text, std::optional<token::verdict<Claims>>* out)
{
    auto answer = co_await by.template verify<Claims>(text);
    *out = std::move(answer);
}

template <class Claims>
exit_status verify(const token_arguments& arguments)
{
    const std::string text = read_token(arguments.token);
    token::verify_options options;
    options.issuer = arguments.issuer;
    options.audiences = arguments.audiences;
    options.authorized_parties = arguments.authorized_parties;
    options.required_scopes = arguments.scopes;
    options.nonce = arguments.nonce;
    options.skew = arguments.skew;
    options.accept_pending = arguments.accept_pending;
    if (const auto keys = local_keys(arguments)) {
        if (!*keys)
            throw std::invalid_argument(keys->error().message());
        return print(token::verifier(**keys, options).check<Claims>(text), arguments);
    }
    engine_options of_engine;
    of_engine.ca_file = arguments.connect.ca_file;
    asio::io_context io(1);
    engine shared(io.get_executor(), of_engine);
    std::optional<token::verdict<Claims>> answer;
    std::exception_ptr thrown;
    asio::co_spawn(io, verify_with<Claims>(token::verifier(source_of(shared, arguments), options), text, &answer),
                   [&](std::exception_ptr trouble) { thrown = trouble; });
    io.run();
    if (thrown)
        std::rethrow_exception(thrown);
    return print(*answer, arguments);
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
    if (arguments.type == "m2m")
        return verify<token::m2m_claims>(arguments);
    if (arguments.type == "oauth")
        return verify<token::oauth_claims>(arguments);
    if (arguments.type == "scalekit-access")
        return verify<token::scalekit_access_claims>(arguments);
    if (arguments.type == "scalekit-id")
        return verify<token::scalekit_id_claims>(arguments);
    return verify<token::session_claims>(arguments);
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
