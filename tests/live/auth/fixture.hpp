// Scalekit's sandbox, an engine that trusts it, and a client of it by client credentials.
#ifndef USHER_TESTS_LIVE_AUTH_FIXTURE_HPP
#define USHER_TESTS_LIVE_AUTH_FIXTURE_HPP

#include <usher/sandbox.hpp>
#include <usher/scalekit/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <utility>

namespace auth_tests {

namespace asio = boost::asio;
using namespace std::chrono_literals;

inline const std::string client_id = "skc_1";
inline const std::string client_secret = "canary-secret-of-a-client";

class fixture {
public:
    explicit fixture(usher::sandbox::options how = options()) : served(std::move(how)), engine(make_engine()) {}

    static usher::sandbox::options options()
    {
        usher::sandbox::options own;
        own.services = {usher::sandbox::service::scalekit};
        own.clients = {{client_id, client_secret}};
        return own;
    }
    std::string environment() const { return served.origin(); }
    usher::scalekit::client client(const std::string& secret = client_secret)
    {
        usher::client_options own;
        own.quota = usher::quota::unlimited();
        own.retry.initial_backoff = 1ms;
        return usher::scalekit::client(engine, environment(), client_id, usher::secret(secret), own);
    }

    /// Runs a coroutine to its end; what it throws is thrown here.
    template <class Body>
    void run(Body body)
    {
        asio::co_spawn(io, std::move(body), [](std::exception_ptr failed) {
            if (failed)
                std::rethrow_exception(failed);
        });
        run();
    }
    void run()
    {
        io.restart();
        io.run();
    }
    /// Starts one that ends some time.
    template <class Body>
    void spawn(Body body)
    {
        asio::co_spawn(io, std::move(body), [](std::exception_ptr failed) {
            if (failed)
                std::rethrow_exception(failed);
        });
    }

    usher::sandbox::server served;
    asio::io_context io{1};
    usher::engine engine;

private:
    usher::engine make_engine()
    {
        usher::engine_options trusting;
        trusting.ca_pem = served.ca_pem();
        trusting.seed = 11;
        return usher::engine(io.get_executor(), trusting);
    }
};

} // namespace auth_tests

#endif
