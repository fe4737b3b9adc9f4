// Log in by Scalekit: the browser goes to /login, comes back to /callback, and /me says who it is.
//
//     SCALEKIT_ENVIRONMENT_URL=https://acme.scalekit.dev SCALEKIT_CLIENT_ID=… SCALEKIT_CLIENT_SECRET=…
//         ./example_06_scalekit_login [PORT]
#include "small_server.hpp"

#include <usher/scalekit/login.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <exception>
#include <iostream>
#include <map>
#include <string>

namespace {

namespace asio = boost::asio;
namespace json = boost::json;
namespace scalekit = usher::scalekit;

/// What this server knows of a browser, by the id in its cookie. A real one limits their number and their age.
struct visitor {
    visitor() = default;
    std::optional<scalekit::login_attempt> attempt;
    std::optional<scalekit::login_tokens> tokens;
};

struct application {
    scalekit::login login;
    std::string address;
    std::map<std::string, visitor, std::less<>> visitors;
};

std::string_view cookie_of(const example::request& asked)
{
    auto text = example::header_of(asked, example::http::field::cookie);
    constexpr std::string_view name = "visitor=";
    while (!text.empty()) {
        const auto one = text.substr(0, text.find(';'));
        text.remove_prefix(std::min(text.size(), one.size() + 1));
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
        if (one.starts_with(name))
            return one.substr(name.size());
    }
    return {};
}

example::page go_to(const std::string& url)
{
    example::page page(302);
    page.headers.emplace_back("Location", url);
    return page;
}

example::page refuse(unsigned status, const usher::error& why)
{
    std::cerr << why.message() << std::endl;
    const json::object body{{"error", why.message()}};
    return example::page(status, json::serialize(body));
}

/// A cookie with a random id. A real server adds `Secure`.
std::string give_cookie(example::page& page)
{
    const auto key = scalekit::proof_key::make(43);
    const std::string id(key.verifier().reveal());
    page.headers.emplace_back("Set-Cookie", "visitor=" + id + "; HttpOnly; SameSite=Lax; Path=/");
    return id;
}

example::page begin(application& own)
{
    scalekit::authorization_options options;
    options.redirect_uri = own.address + "/callback";
    auto attempt = own.login.begin(options);
    if (!attempt)
        return refuse(500, attempt.error());
    auto page = go_to(attempt->url);
    const auto id = give_cookie(page);
    own.visitors[id].attempt = std::move(*attempt);
    return page;
}

asio::awaitable<example::page> finish(application& own, const example::request& asked)
{
    const auto found = own.visitors.find(cookie_of(asked));
    if (found == own.visitors.end() || !found->second.attempt)
        co_return example::page(400, R"({"error":"no login has begun here"})");
    const auto attempt = std::move(*found->second.attempt);
    own.visitors.erase(found); // once, however it ends
    auto tokens = co_await own.login.complete(attempt, example::target_of(asked));
    if (!tokens)
        co_return refuse(401, tokens.error());
    auto page = go_to("/me");
    const auto id = give_cookie(page); // a new one: nobody who knew the first is logged in by it
    own.visitors[id].tokens = std::move(*tokens);
    co_return page;
}

example::page me(const application& own, const example::request& asked)
{
    const auto found = own.visitors.find(cookie_of(asked));
    if (found == own.visitors.end() || !found->second.tokens || !found->second.tokens->user)
        return example::page(401, R"({"error":"not logged in"})");
    const auto& user = *found->second.tokens->user;
    const json::object body{{"id", user.subject}, {"email", user.email}, {"organization", user.organization_id}};
    return example::page(200, json::serialize(body));
}

example::page leave(application& own, const example::request& asked)
{
    scalekit::logout_options options;
    options.post_logout_redirect_uri = own.address + "/bye";
    if (const auto found = own.visitors.find(cookie_of(asked)); found != own.visitors.end()) {
        if (found->second.tokens)
            options.id_token_hint = found->second.tokens->id_token;
        own.visitors.erase(found);
    }
    const auto url = own.login.logout_url(options);
    return url ? go_to(*url) : refuse(500, url.error());
}

asio::awaitable<example::page> route(application& own, const example::request& asked)
{
    const auto target = example::target_of(asked);
    const auto path = target.substr(0, target.find('?'));
    if (path == "/callback") {
        auto page = co_await finish(own, asked);
        co_return page;
    }
    if (path == "/login")
        co_return begin(own);
    if (path == "/me")
        co_return me(own, asked);
    if (path == "/logout")
        co_return leave(own, asked);
    co_return example::page(404, R"({"error":"not found"})");
}

} // namespace

int main(int count, char** texts)
{
    try {
        asio::io_context io(1);
        usher::engine_options shared;
        shared.ca_file = example::setting("USHER_CA_FILE");
        usher::engine engine(io.get_executor(), shared);
        auto acceptor = example::listen(io, count > 1 ? std::stoi(texts[1]) : 0);
        application own{scalekit::login(engine, example::setting("SCALEKIT_ENVIRONMENT_URL"),
                                        example::setting("SCALEKIT_CLIENT_ID"),
                                        usher::secret::from_env("SCALEKIT_CLIENT_SECRET")),
                        example::address_of(acceptor),
                        {}};
        example::serve(io, acceptor, [&own](const example::request& asked) { return route(own, asked); });
        return 0;
    } catch (const std::exception& problem) {
        std::cerr << problem.what() << '\n';
        return 3;
    }
}
