// Reads every user of an instance, page by page and one page ahead, oldest first.
//
//     CLERK_SECRET_KEY=sk_test_… ./example_02_list_everything
//
// USHER_BASE_URL and USHER_CA_FILE, if set, lead to another service, such as `usher sandbox`.
#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

namespace asio = boost::asio;

namespace {

std::string from_environment(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : "";
}

asio::awaitable<int> list_everything(usher::clerk::client clerk)
{
    usher::clerk::get_user_list_params filter;
    filter.limit = 100;
    auto users = clerk.users().list_pages(filter);

    std::size_t count = 0;
    for (;;) {
        auto user = co_await users.next_item();
        if (!user) {
            std::cerr << user.error().message() << '\n';
            co_return 1;
        }
        if (!*user)
            break;
        count += 1;
        std::cout << (*user)->id << ' ' << (*user)->external_id.value_or("-") << '\n';
    }
    std::cout << count << " users\n";
    co_return 0;
}

} // namespace

int main()
{
    try {
        usher::engine_options shared;
        shared.ca_file = from_environment("USHER_CA_FILE");
        usher::client_options options;
        options.base_url = from_environment("USHER_BASE_URL");

        asio::io_context io(1);
        usher::engine engine(io.get_executor(), shared);
        usher::clerk::client clerk(engine, usher::secret::from_env("CLERK_SECRET_KEY"), options);
        int status = 1;
        asio::co_spawn(io, list_everything(clerk), [&](std::exception_ptr thrown, int ended) {
            if (thrown)
                std::rethrow_exception(thrown);
            status = ended;
        });
        io.run();
        return status;
    } catch (const std::exception& problem) {
        std::cerr << problem.what() << '\n';
        return 3;
    }
}
