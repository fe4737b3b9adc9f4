// One limit, used by all cores and by three customers at once: engines on threads of their own share the quota, an
// interactive call passes the bulk of the night, and what is left of each limit can be asked for.
//
//     CLERK_SECRET_KEY=sk_test_… ./example_07_one_limit
//
// USHER_BASE_URL and USHER_CA_FILE lead to another service than Clerk's own, such as `usher sandbox`. Only reads.
#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>
#include <usher/shards.hpp>

#include <boost/asio/co_spawn.hpp>

#include <atomic>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

namespace asio = boost::asio;

namespace {

constexpr int calls_each = 20;

struct counted {
    std::atomic<int> answered{0};
    std::atomic<int> failed{0};
};

std::string given(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : "";
}

usher::clerk::client client_of(usher::engine& engine, const std::string& customer, std::uint32_t weight)
{
    usher::client_options options;
    options.base_url = given("USHER_BASE_URL");
    options.tenant = customer;
    options.tenant_weight = weight;
    return usher::clerk::client(engine, usher::secret::from_env("CLERK_SECRET_KEY"), options);
}

/// State travels as parameters: a coroutine keeps those, but not what a lambda captured.
asio::awaitable<void> count(usher::clerk::client clerk, usher::lane priority, counted& into)
{
    usher::call_options options;
    options.priority = priority;
    usher::clerk::get_users_count_params everybody;
    for (int i = 0; i != calls_each; ++i) {
        auto total = co_await clerk.users().count(everybody, options);
        ++(total ? into.answered : into.failed);
        if (!total)
            std::cerr << total.error().message() << '\n';
    }
}

/// On every shard: two customers in bulk, one of them with twice the weight, and one who waits for an answer.
asio::awaitable<void> serve(usher::engine& engine, counted& into)
{
    const auto executor = engine.get_executor();
    const auto check = [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    };
    asio::co_spawn(executor, count(client_of(engine, "small", 1), usher::lane::bulk, into), check);
    asio::co_spawn(executor, count(client_of(engine, "large", 2), usher::lane::bulk, into), check);
    auto here = client_of(engine, "people", 1);
    co_await count(here, usher::lane::interactive, into);

    std::string text;
    for (const auto& limit : here.usage().limits)
        if (limit.admitted != 0)
            text += limit.rule + ": " + std::to_string(limit.requests) + " per " +
                    std::to_string(limit.window.count() / 1000) + " s, " + std::to_string(limit.admitted) +
                    " used here, " + std::to_string(limit.waiting) + " waiting, " + std::to_string(limit.refused) +
                    " refused\n";
    std::cout << text << std::flush;
}

} // namespace

int main()
{
    try {
        usher::engine_options options;
        options.ca_file = given("USHER_CA_FILE");
        counted all;
        usher::shards shards(2, options);
        shards.spawn_on_each([&all](usher::engine& engine) { return serve(engine, all); });
        shards.join();
        std::cout << all.answered << " answered, " << all.failed << " failed\n";
        return all.failed == 0 && all.answered == 2 * 3 * calls_each ? 0 : 1;
    } catch (const std::exception& problem) {
        std::cerr << problem.what() << '\n';
        return 3;
    }
}
