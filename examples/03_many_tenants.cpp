// A hundred tenants, each with a key and a quota of its own, on one engine: they share connections and threads, never a
// limit.
//
//     ./example_03_many_tenants
//
// USHER_BASE_URL leads to the service and USHER_CA_FILE to its authority; both are needed, because the keys are made
// up.
#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

namespace asio = boost::asio;

namespace {

struct tenant_result {
    int created = 0;
    int failed = 0;
};

std::string needed(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : "";
}

/// State travels as parameters: a coroutine keeps those, but not what a lambda captured.
asio::awaitable<void> fill(usher::clerk::client clerk, std::string tenant, tenant_result& result)
{
    usher::call_options options;
    options.priority = usher::lane::bulk;
    for (int number = 0; number < 5; ++number) {
        usher::clerk::create_user_params user;
        user.external_id = tenant + "-" + std::to_string(number);
        user.username = tenant + "_user_" + std::to_string(number);
        user.skip_password_requirement = true;
        auto created = co_await clerk.users().create(user, options);
        if (created)
            result.created += 1;
        else
            result.failed += 1;
        if (!created)
            std::cerr << tenant << ": " << created.error().message() << '\n';
    }
}

} // namespace

int main()
{
    constexpr int tenants = 100;
    try {
        usher::engine_options shared;
        shared.ca_file = needed("USHER_CA_FILE");
        usher::client_options options;
        options.base_url = needed("USHER_BASE_URL");
        if (options.base_url.empty()) {
            std::cerr << "set USHER_BASE_URL and USHER_CA_FILE, as usher sandbox prints and writes them\n";
            return 2;
        }

        asio::io_context io(1);
        usher::engine engine(io.get_executor(), shared);
        std::vector<tenant_result> results(tenants);
        for (int number = 0; number < tenants; ++number) {
            const std::string name = "tenant" + std::to_string(number);
            const usher::secret key("sk_test_" + name + "_00000000000000000000000000000000");
            usher::clerk::client clerk(engine, key, options);
            asio::co_spawn(io, fill(clerk, name, results[static_cast<std::size_t>(number)]),
                           [](std::exception_ptr thrown) {
                               if (thrown)
                                   std::rethrow_exception(thrown);
                           });
        }
        io.run();

        int created = 0;
        int failed = 0;
        for (const auto& each : results) {
            created += each.created;
            failed += each.failed;
        }
        const auto counters = engine.counters();
        std::cout << created << " users for " << tenants << " tenants, " << failed << " failed, "
                  << counters.connections_opened << " connections, " << counters.rate_limited << " refused\n";
        return failed == 0 && created == 5 * tenants ? 0 : 1;
    } catch (const std::exception& problem) {
        std::cerr << problem.what() << '\n';
        return 3;
    }
}
