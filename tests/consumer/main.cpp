// Uses the installed library as a stranger would: a sandbox, a client, a user created and read back.
#include <usher/clerk.hpp>
#include <usher/redis_budget.hpp>
#include <usher/sandbox.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <stdexcept>

namespace asio = boost::asio;

namespace {

asio::awaitable<void> create_and_read(usher::clerk::client clerk)
{
    usher::clerk::create_user_params ada;
    ada.email_address = {"ada@example.com"};
    ada.first_name = "Ada";
    ada.last_name = usher::null;

    auto created = co_await clerk.users().create(ada);
    auto read = co_await clerk.users().get(created.value().id);
    if (read.value().first_name != "Ada")
        throw std::runtime_error("the user that was read is not the one that was created");
    std::cout << "created and read " << read->id << '\n';
}

} // namespace

int main()
{
    usher::sandbox::options service_options;
    usher::sandbox::server service(service_options);

    asio::io_context io(1);
    usher::engine_options options;
    options.ca_pem = service.ca_pem();
    usher::engine engine(io.get_executor(), options);
    try {
        usher::redis_budget(io.get_executor(), "http://127.0.0.1");
        std::cerr << "a budget in no Redis was made\n";
        return 1;
    } catch (const std::invalid_argument&) {
        // As it should be.
    }
    usher::client_options client_options;
    client_options.base_url = service.url();
    usher::clerk::client clerk(engine, usher::secret("sk_test_consumer0123456789"), client_options);

    std::exception_ptr failure;
    asio::co_spawn(io, create_and_read(clerk), [&](std::exception_ptr thrown) { failure = thrown; });
    io.run();
    try {
        if (failure)
            std::rethrow_exception(failure);
    } catch (const std::exception& thrown) {
        std::cerr << thrown.what() << '\n';
        return 1;
    }
    return 0;
}
