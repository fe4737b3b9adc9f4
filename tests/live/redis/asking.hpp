// Orders to a budget, one at a time.
#ifndef USHER_TESTS_LIVE_REDIS_ASKING_HPP
#define USHER_TESTS_LIVE_REDIS_ASKING_HPP

#include "server.hpp"
#include "unit/budget/orders.hpp"

#include <usher/redis_budget.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace redis_tests {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

using budget_tests::paced;
using budget_tests::unpaced;

/// One that has known the instance for long.
struct known_server : usher::tests::redis_server {
    known_server() { know(); }
    void know() const { tell("SET 'usher:{instance}:born' 1"); }
};

struct client {
    boost::asio::io_context io{1};
    std::string trouble;
    std::shared_ptr<usher::budget> budget;
    clock::time_point failed_at;

    explicit client(const std::string& url, std::chrono::milliseconds timeout = 1s)
    {
        usher::redis_budget_options options;
        options.timeout = timeout;
        options.on_trouble = [this](std::string_view text) { trouble = text; };
        budget = usher::redis_budget(io.get_executor(), url, options);
    }

    /// Runs until nothing is pending: a budget that holds work after its answer would fail here.
    void settle()
    {
        io.restart();
        io.run_for(10s);
        BOOST_TEST(io.stopped());
    }
    usher::lease_grant ask(const usher::lease_request& request)
    {
        std::optional<usher::lease_grant> answer;
        budget->lease(request, [&](const usher::lease_grant& grant) {
            BOOST_TEST(!answer);
            answer = grant;
        });
        settle();
        BOOST_TEST_REQUIRE(answer.has_value());
        if (!answer->is_reachable)
            failed_at = clock::now();
        return *answer;
    }
    /// Whether an order after one that failed is refused without another look at the store. That holds for a tenth of
    /// a second: when the machine takes longer for it, it is tried again.
    bool refuses_at_once(const usher::lease_request& request)
    {
        for (int tries = 0; tries != 20; ++tries) {
            const auto failed = failed_at; // not before the store did
            std::optional<usher::lease_grant> answer;
            budget->lease(request, [&](const usher::lease_grant& grant) {
                answer = grant;
                failed_at = clock::now();
            });
            const bool at_once = answer && !answer->is_reachable; // nothing has run
            const bool was_early = clock::now() - failed < 50ms;
            settle();
            if (at_once || was_early)
                return at_once;
        }
        return false;
    }
    /// Until the store is reached, for half a minute at most.
    usher::lease_grant ask_until_reached(const usher::lease_request& request)
    {
        const auto end = clock::now() + 30s;
        auto grant = ask(request);
        while (!grant.is_reachable && clock::now() < end)
            grant = ask(request);
        return grant;
    }
};

} // namespace redis_tests

#endif
