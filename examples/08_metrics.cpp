// Where does the time go? A server whose /metrics Prometheus can read, while calls run beside it, and the trace of the
// slowest of them.
//
//     ./example_08_metrics
//     curl http://127.0.0.1:PORT/metrics      how many calls, how long, what they waited for
//     curl http://127.0.0.1:PORT/slowest      the slowest call so far, step by step
//
// The service is a sandbox inside the program, with a limit of its own and a failure now and then. PORT=8080 fixes the
// port, else it is any free one. USHER_LOG=debug shows every attempt on standard error.
#include "small_server.hpp"

#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>
#include <usher/metrics.hpp>
#include <usher/sandbox.hpp>
#include <usher/trace.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <string>

namespace asio = boost::asio;

namespace {

usher::sandbox::options service()
{
    usher::sandbox::options how;
    how.delay = usher::sandbox::latency(std::chrono::milliseconds(2), std::chrono::milliseconds(2));
    usher::sandbox::fault now_and_then(usher::sandbox::fault::kind::answer, 20);
    now_and_then.status = 503;
    how.faults.push_back(now_and_then);
    return how;
}

asio::awaitable<void> keep_calling(usher::clerk::client clerk, usher::call_trace& slowest)
{
    const usher::clerk::get_users_count_params everybody;
    for (;;) {
        usher::call_trace trace;
        usher::call_options options;
        options.trace = &trace;
        [[maybe_unused]] const auto count = co_await clerk.users().count(everybody, options);
        if (trace.duration() > slowest.duration())
            slowest = trace;
    }
}

asio::awaitable<example::page> answer(const example::request& asked, usher::engine& engine, usher::clerk::client clerk,
                                      std::shared_ptr<usher::metrics> metrics, const usher::call_trace& slowest)
{
    example::page page;
    if (example::target_of(asked) == "/metrics") {
        metrics->look(engine);
        metrics->look(clerk, "main");
        metrics->write_prometheus(page.body);
        page.headers = {{"Content-Type", "text/plain; version=0.0.4"}};
    } else if (example::target_of(asked) == "/slowest") {
        page.body = slowest.to_string();
        page.headers = {{"Content-Type", "text/plain"}};
    } else {
        page.status = 404;
    }
    co_return page;
}

} // namespace

int main()
{
    try {
        usher::sandbox::server sandbox(service());
        asio::io_context io(1);
        usher::engine_options trusting;
        trusting.ca_pem = sandbox.ca_pem();
        usher::engine engine(io.get_executor(), trusting);

        const auto metrics = std::make_shared<usher::metrics>();
        usher::client_options options;
        options.base_url = sandbox.url();
        options.quota = usher::quota(200, std::chrono::seconds(2));
        options.retry.initial_backoff = std::chrono::milliseconds(20);
        options.watcher = metrics;
        const usher::clerk::client clerk(engine, usher::secret("sk_test_000000000000000000000000000000000000"),
                                         options);

        usher::call_trace slowest;
        for (int i = 0; i < 4; ++i)
            asio::co_spawn(io, keep_calling(clerk, slowest), asio::detached);

        const auto port = example::setting("PORT");
        auto acceptor = example::listen(io, port.empty() ? 0 : std::stoi(port));
        example::serve(io, acceptor,
                       [&](const example::request& asked) { return answer(asked, engine, clerk, metrics, slowest); });
        return 0;
    } catch (const std::exception& problem) {
        std::cerr << problem.what() << '\n';
        return 1;
    }
}
