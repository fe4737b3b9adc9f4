// Creates a user, reads it back, and looks at the errors on the way.
//
//     CLERK_SECRET_KEY=sk_test_… ./example_01_call
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

asio::awaitable<int> greet(usher::clerk::client clerk)
{
    usher::clerk::create_user_params ada; // named first: a temporary inside co_await is no good on GCC 12
    ada.external_id = "ada";
    ada.email_address = {"ada@example.com"};
    ada.first_name = "Ada";
    ada.last_name = usher::null; // absent, null and a value are three different things
    ada.skip_password_requirement = true;

    auto created = co_await clerk.users().create(ada);
    if (!created && created.error().is_already_exists()) {
        std::cout << "Ada is there already\n";
        co_return 0;
    }
    if (!created) {
        std::cerr << created.error().message() << '\n';
        co_return 1;
    }
    std::cout << "created " << created->id << '\n';

    auto found = co_await clerk.users().get(created->id);
    if (!found) {
        std::cerr << found.error().message() << '\n';
        co_return 1;
    }
    std::cout << "found " << found->email_addresses.at(0).email_address << '\n';

    auto nobody = co_await clerk.users().get("user_nobody");
    if (nobody || !nobody.error().is_not_found()) {
        std::cerr << "user_nobody should not exist\n";
        co_return 1;
    }
    std::cout << "nobody: " << nobody.error().message() << '\n';
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
        asio::co_spawn(io, greet(clerk), [&](std::exception_ptr thrown, int ended) {
            if (thrown)
                std::rethrow_exception(thrown);
            status = ended;
        });
        io.run(); // returns when the last call has ended: idle connections hold no work
        return status;
    } catch (const std::exception& problem) {
        std::cerr << problem.what() << '\n';
        return 3;
    }
}
