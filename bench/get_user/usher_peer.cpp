// usher: the typed call, with everything that it does beside the exchange (admission, pool, retry, decoding).
#include "peer.hpp"

#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>

namespace asio = boost::asio;

namespace {

asio::awaitable<void> work(const bench::settings& settings, usher::clerk::client clerk, bench::meter& meter)
{
    auto users = clerk.users();
    while (meter.take()) {
        auto user = co_await users.get(settings.user_id);
        if (!user)
            std::fprintf(stderr, "%s\n", user.error().message().c_str());
        meter.answered(user.has_value() && user->id == settings.user_id);
    }
}

} // namespace

int main(int argc, char** argv)
{
    const auto settings = bench::read_arguments(argc, argv);
    bench::meter meter(settings);
    asio::io_context io(1);

    usher::engine_options engine_options;
    engine_options.ca_file = settings.ca_file;
    engine_options.max_connections_per_origin = static_cast<std::size_t>(settings.concurrency);
    usher::engine engine(io.get_executor(), engine_options);
    usher::client_options client_options;
    client_options.base_url = "https://localhost:" + settings.port + "/v1";
    client_options.quota = usher::quota::unlimited();
    usher::clerk::client clerk(engine, usher::secret(bench::secret_key), client_options);

    for (int i = 0; i < settings.concurrency; ++i)
        asio::co_spawn(io, work(settings, clerk, meter), [](std::exception_ptr thrown) {
            if (thrown)
                std::rethrow_exception(thrown);
        });
    io.run();
    return meter.report();
}
