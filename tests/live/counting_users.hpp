// Calls of one small operation on one thread, with the servers of a test beside them.
#ifndef USHER_TESTS_LIVE_COUNTING_USERS_HPP
#define USHER_TESTS_LIVE_COUNTING_USERS_HPP

#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <vector>

namespace usher::tests {

using count_result = result<clerk::total_count>;

struct counting_users {
    /// An engine that trusts `authority` and looks at no environment.
    static engine_options trusting(const std::string& authority)
    {
        engine_options options;
        options.ca_pem = authority;
        options.proxy_from_environment = false;
        return options;
    }

    static clerk::client client_of(const engine& on, const std::string& url,
                                   const retry_policy& policy = retry_policy())
    {
        client_options options;
        options.base_url = url;
        options.quota = quota::unlimited();
        options.retry = policy;
        return clerk::client(on, secret("sk_live_canarycanarycanarycanary"), options);
    }

    static boost::asio::awaitable<void> one(clerk::client clerk, call_options how, std::vector<count_result>* done)
    {
        const clerk::get_users_count_params all;
        done->push_back(co_await clerk.users().count(all, how));
    }

    /// Calls at once; returns when all have ended.
    std::vector<count_result> call(const clerk::client& clerk, std::size_t calls, const call_options& how)
    {
        std::vector<count_result> done;
        for (std::size_t i = 0; i < calls; ++i)
            boost::asio::co_spawn(io, one(clerk, how, &done), [](std::exception_ptr thrown) { BOOST_TEST(!thrown); });
        io.restart();
        while (done.size() < calls && !io.stopped())
            io.run_one();
        BOOST_TEST_REQUIRE(done.size() == calls);
        return done;
    }
    count_result call(const clerk::client& clerk, const call_options& how = call_options())
    {
        return call(clerk, 1, how).front();
    }
    /// What has already happened elsewhere is taken in.
    void settle()
    {
        io.restart();
        for (int i = 0; i < 50; ++i)
            io.poll();
    }

    boost::asio::io_context io{1};
};

} // namespace usher::tests

#endif
