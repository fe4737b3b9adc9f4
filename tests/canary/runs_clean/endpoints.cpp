// Typed calls in every form that the examples use, each ending in a refused connection: what counts is that the
// parameters, texts and options that the calls were given are destroyed once.
#include <usher/clerk.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <exception>
#include <iostream>
#include <string>

namespace asio = boost::asio;

namespace {

usher::clerk::create_user_params ada()
{
    usher::clerk::create_user_params params;
    params.email_address = {"ada.lovelace.of.the.analytical.engine@example.com"};
    params.first_name = "Augusta Ada King, Countess of Lovelace";
    params.last_name = usher::null;
    return params;
}

usher::call_options once()
{
    usher::call_options options;
    options.retry = usher::retry_policy::none();
    return options;
}

asio::awaitable<void> every_form(usher::clerk::client clerk, int& refused)
{
    const std::string id(40, 'x');
    auto options = once();

    auto named = co_await clerk.users().create(ada(), options);
    refused += named.has_error() && named.error().kind() == usher::error_kind::connect;
    auto temporary = co_await clerk.users().create(ada(), once());
    refused += temporary.has_error() && temporary.error().kind() == usher::error_kind::connect;
    auto text = co_await clerk.users().get(std::string("user_") + id, once());
    refused += text.has_error() && text.error().kind() == usher::error_kind::connect;
    auto listed = co_await clerk.users().list(usher::clerk::get_user_list_params(), once());
    refused += listed.has_error() && listed.error().kind() == usher::error_kind::connect;
}

/// A port of the loopback interface where nobody listens.
unsigned short closed_port(asio::io_context& io)
{
    asio::ip::tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
    return acceptor.local_endpoint().port();
}

} // namespace

int main()
{
    asio::io_context io(1);
    usher::engine engine(io.get_executor());
    usher::client_options options;
    options.base_url = "http://127.0.0.1:" + std::to_string(closed_port(io)) + "/v1";
    options.quota = usher::quota::unlimited();
    usher::clerk::client clerk(engine, usher::secret("sk_test_canary0123456789"), options);

    int refused = 0;
    asio::co_spawn(io, every_form(clerk, refused), [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    });
    io.run();
    std::cout << (refused == 4 ? "every form ran\n" : "a call did not end as expected\n");
    return refused == 4 ? 0 : 1;
}
