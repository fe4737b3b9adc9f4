// One typed call for each method, and what a server answers to it.
#ifndef USHER_TESTS_IO_FAULTS_TYPED_CALLS_HPP
#define USHER_TESTS_IO_FAULTS_TYPED_CALLS_HPP

#include <usher/clerk/client.hpp>
#include <usher/clerk/instance.hpp>
#include <usher/clerk/users.hpp>

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>

namespace usher::tests {

namespace asio = boost::asio;

enum class method { get, put, remove, post, patch };
inline constexpr method methods[] = {method::get, method::put, method::remove, method::post, method::patch};
inline constexpr const char* names[] = {"GET", "PUT", "DELETE", "POST", "PATCH"};

/// RFC 9110 §9.2.2.
inline bool may_be_repeated(method m)
{
    return m == method::get || m == method::put || m == method::remove;
}

inline std::string answer_to(const std::string& request)
{
    const auto with = [](const std::string& body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\n\r\n" + body;
    };
    if (request.starts_with("GET"))
        return with(R"({"object":"total_count","total_count":42})");
    if (request.starts_with("DELETE"))
        return with(R"({"object":"user","id":"user_1","deleted":true})");
    if (request.starts_with("POST"))
        return with(R"({"verified":true})");
    return "HTTP/1.1 204 No Content\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n";
}

using ended = std::optional<error>; // a default error: it ended with a value

template <class T>
error how(const result<T>& done)
{
    return done ? error() : done.error();
}

inline asio::awaitable<void> call(clerk::client clerk, method m, ended& end)
{
    switch (m) {
    case method::get: {
        const auto counted = co_await clerk.users().count();
        if (counted)
            BOOST_TEST(counted->total_count == 42);
        end = how(counted);
        break;
    }
    case method::remove: {
        const auto removed = co_await clerk.users().remove("user_1");
        end = how(removed);
        break;
    }
    case method::post: {
        const clerk::verify_password_params params("correct horse");
        const auto verified = co_await clerk.users().verify_password("user_1", params);
        if (verified)
            BOOST_TEST(verified->verified.value_or(false));
        end = how(verified);
        break;
    }
    case method::put: {
        const auto done = co_await clerk.instance().update_production_domain();
        end = how(done);
        break;
    }
    case method::patch: {
        const auto done = co_await clerk.instance().update();
        end = how(done);
        break;
    }
    }
}

} // namespace usher::tests

#endif
