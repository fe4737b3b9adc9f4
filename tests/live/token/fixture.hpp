// A sandbox that issues tokens, and an engine that trusts it.
#ifndef USHER_TESTS_LIVE_TOKEN_FIXTURE_HPP
#define USHER_TESTS_LIVE_TOKEN_FIXTURE_HPP

#include <usher/engine.hpp>
#include <usher/sandbox.hpp>
#include <usher/token.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <ostream>
#include <string>
#include <utility>

namespace usher::token {

/// For BOOST_TEST.
inline std::ostream& operator<<(std::ostream& out, reason one)
{
    return out << to_string(one);
}

} // namespace usher::token

namespace token_tests {

namespace asio = boost::asio;
using namespace usher::token;

inline const char* const secret_key = "sk_test_usherusherusherusherusherusherusherusher";

struct live_fixture {
    live_fixture()
    {
        usher::sandbox::options how;
        how.services = {usher::sandbox::service::clerk, usher::sandbox::service::scalekit};
        served.emplace(how);
        usher::engine_options trusting;
        trusting.ca_pem = served->ca_pem();
        on.emplace(io.get_executor(), trusting);
    }

    /// Runs an awaitable to its end and gives what it brings.
    template <class Value>
    Value wait_for(asio::awaitable<Value> work)
    {
        std::optional<Value> brought;
        std::exception_ptr failed;
        asio::co_spawn(io, keep(std::move(work), &brought), [&failed](std::exception_ptr thrown) { failed = thrown; });
        io.restart();
        io.run();
        if (failed)
            std::rethrow_exception(failed);
        return std::move(*brought);
    }

    template <class Value>
    static asio::awaitable<void> keep(asio::awaitable<Value> work, std::optional<Value>* out)
    {
        auto brought = co_await std::move(work);
        out->emplace(std::move(brought));
    }

    asio::io_context io{1};
    std::optional<usher::sandbox::server> served;
    std::optional<usher::engine> on;
};

} // namespace token_tests

#endif
