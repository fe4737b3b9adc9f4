// A sandbox, an engine that trusts it, and what the tests of the line do with both.
#ifndef USHER_TESTS_LIVE_LINE_SANDBOX_FIXTURE_HPP
#define USHER_TESTS_LIVE_LINE_SANDBOX_FIXTURE_HPP

#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>
#include <usher/sandbox.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace usher::tests {

namespace asio = boost::asio;
using namespace std::chrono_literals;

inline const char* const key = "sk_live_usherusherusherusherusherusherusherusher";

struct noting_observer final : observer {
    void on_attempt(const attempt_event& event) noexcept override
    {
        events.push_back(event);
        texts +=
            std::string(event.operation) + ' ' + std::string(event.path) + ' ' + std::string(event.trace_id) + '\n';
    }
    std::vector<attempt_event> events;
    std::string texts;
};

struct sandbox_fixture {
    void start(sandbox::options how = sandbox::options())
    {
        served.emplace(std::move(how));
        engine_options trusting = engine_settings;
        trusting.ca_pem = served->ca_pem();
        on.emplace(io.get_executor(), trusting);
    }

    clerk::client client(client_options options = client_options())
    {
        options.base_url = served->url();
        options.retry.initial_backoff = 1ms;
        return clerk::client(*on, secret(key), options);
    }

    // Runs a coroutine to its end; what it throws is thrown here.
    template <class Body>
    void run(Body body)
    {
        asio::co_spawn(io, std::move(body), [](std::exception_ptr failed) {
            if (failed)
                std::rethrow_exception(failed);
        });
        io.restart();
        io.run();
    }

    asio::io_context io{1};
    engine_options engine_settings;
    std::optional<sandbox::server> served;
    std::optional<engine> on;
};

inline clerk::create_user_params numbered_user(int n)
{
    clerk::create_user_params params;
    params.external_id = "ext-" + std::to_string(n);
    params.email_address = {"user" + std::to_string(n) + "@example.com"};
    params.skip_password_requirement = true;
    return params;
}

inline asio::awaitable<void> create_users(clerk::client clerk, int from, int to, int& failed)
{
    for (int i = from; i < to; ++i) {
        const auto params = numbered_user(i);
        auto user = co_await clerk.users().create(params);
        if (!user) {
            ++failed;
            BOOST_TEST_MESSAGE(user.error().message());
        }
    }
}

inline asio::awaitable<void> one_create(clerk::client clerk, std::optional<result<clerk::user>>& done,
                                        call_options options = call_options())
{
    const auto params = numbered_user(1);
    done = co_await clerk.users().create(params, options);
}

inline asio::awaitable<void> get_with(clerk::client clerk, call_options options,
                                      std::optional<result<clerk::user>>& done)
{
    done = co_await clerk.users().get("user_1", options);
}

inline asio::awaitable<void> one_get(clerk::client clerk, std::string id, std::optional<result<clerk::user>>& done)
{
    done = co_await clerk.users().get(id);
}

} // namespace usher::tests

#endif
