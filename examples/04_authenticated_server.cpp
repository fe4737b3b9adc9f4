// A server whose requests are authenticated by a Clerk session token, and which calls the API from its handlers.
//
//     CLERK_SECRET_KEY=sk_… ./example_04_authenticated_server [PORT]
//     curl -H "Authorization: Bearer $SESSION_TOKEN" http://127.0.0.1:PORT/me
//
// AUTHORIZED_PARTY is the origin of the application, such as https://app.example.com: then tokens of that origin alone
// are accepted, and from the session cookie too. Without it the cookie is left alone, since a page of any neighbouring
// host makes browsers send it. USHER_BASE_URL and USHER_CA_FILE lead to another address than Clerk's, such as `usher
// sandbox`.
#include "small_server.hpp"

#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>
#include <usher/token.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <exception>
#include <iostream>
#include <string>

namespace {

namespace asio = boost::asio;
namespace json = boost::json;

/// What every handler needs. It lives as long as the server.
struct application {
    usher::clerk::client clerk;
    usher::token::verifier verifier;
    usher::token::authenticate_options accepted;
};

example::page refuse(unsigned status, std::string_view why)
{
    const json::object body{{"error", why}};
    return example::page(status, json::serialize(body));
}

/// Who is signed in, by the token, and what the service knows of that user.
asio::awaitable<example::page> me(const application& own, const example::request& asked)
{
    const usher::token::request_headers headers(example::header_of(asked, example::http::field::authorization),
                                                example::header_of(asked, example::http::field::cookie));
    // Keys are fetched once and kept; a token costs microseconds.
    const auto who = co_await usher::token::authenticate_online(headers, own.verifier, own.accepted);
    const auto* session = who.session();
    if (!who.is_signed_in()) {
        auto refused = refuse(401, to_string(who.why().reason));
        refused.headers.emplace_back("WWW-Authenticate", "Bearer");
        co_return refused;
    }
    usher::call_options options;
    options.deadline = std::chrono::seconds(5);
    // A coroutine of the server's that ends, ends this call with it.
    const auto user = co_await own.clerk.users().get(session->subject, options);
    if (!user) {
        std::cerr << user.error().message() << '\n';
        co_return refuse(user.error().is_not_found() ? 404 : 502, "the user could not be looked up");
    }
    json::object body{{"id", user->id}, {"session", session->session_id}};
    if (user->first_name.has_value())
        body["first_name"] = *user->first_name;
    if (session->organization)
        body["organization"] = session->organization->slug;
    co_return example::page(200, json::serialize(body));
}

asio::awaitable<example::page> route(const application& own, const example::request& asked)
{
    if (asked.method() != example::http::verb::get || example::target_of(asked) != "/me")
        co_return refuse(404, "not found");
    auto page = co_await me(own, asked);
    co_return page;
}

} // namespace

int main(int count, char** texts)
{
    try {
        asio::io_context io(1);
        usher::engine_options shared;
        shared.ca_file = example::setting("USHER_CA_FILE");
        usher::engine engine(io.get_executor(), shared);
        usher::client_options options;
        options.base_url = example::setting("USHER_BASE_URL");
        const auto key = usher::secret::from_env("CLERK_SECRET_KEY");
        const usher::token::key_cache keys(engine);
        usher::token::verify_options wanted;
        wanted.cache = usher::token::verified_cache(10'000);
        usher::token::authenticate_options accepted;
        const auto party = example::setting("AUTHORIZED_PARTY");
        accepted.accept_cookie = !party.empty();
        if (!party.empty())
            wanted.authorized_parties = {party};
        const application own{usher::clerk::client(engine, key, options),
                              usher::token::verifier(keys.clerk_secret_key(key, "", options.base_url), wanted),
                              accepted};
        auto acceptor = example::listen(io, count > 1 ? std::stoi(texts[1]) : 0);
        example::serve(io, acceptor, [&own](const example::request& asked) { return route(own, asked); });
        return 0;
    } catch (const std::exception& problem) {
        std::cerr << problem.what() << '\n';
        return 3;
    }
}
