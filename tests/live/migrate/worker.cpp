// A migration that is killed: worker SOURCE JOURNAL. Address, authority and key are in the environment. Ends with 0
// when nothing is left to do.
#include <usher/bulk/import.hpp>
#include <usher/clerk/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <exception>
#include <iostream>

namespace bulk = usher::bulk;
using namespace std::chrono_literals;

int main(int count, char** texts)
{
    if (count != 3)
        return 2;
    try {
        boost::asio::io_context io(1);
        usher::engine_options trusted;
        trusted.ca_file = std::getenv("USHER_CA_FILE");
        usher::engine engine(io.get_executor(), trusted);
        usher::client_options there;
        there.base_url = std::getenv("USHER_BASE_URL");
        there.quota = usher::quota::unlimited();
        there.retry.initial_backoff = 5ms;
        const usher::clerk::client clerk(engine, usher::secret::from_env("CLERK_SECRET_KEY"), there);

        bulk::file_source_options how;
        how.format = bulk::source_format::usher;
        bulk::target_options patience;
        patience.pause = 40ms;
        bulk::import_options options;
        options.concurrency = 16;
        const auto source = bulk::open_file(io.get_executor(), texts[1], how);
        const auto target = bulk::make_clerk_target(io.get_executor(), clerk, patience);
        const auto journal = bulk::open_journal(io.get_executor(), texts[2]);
        bulk::import_listener quiet;
        bulk::importer job(io.get_executor(), *source, *target, *journal, quiet, options);
        auto ended = bulk::import_end::given_up;
        boost::asio::co_spawn(io, job.run(), [&ended](std::exception_ptr thrown, bulk::import_end end) {
            if (thrown)
                std::rethrow_exception(thrown);
            ended = end;
        });
        io.run();
        if (ended == bulk::import_end::given_up)
            std::cerr << job.reason().message() << '\n';
        return ended == bulk::import_end::finished && job.counters().failed == 0 ? 0 : 1;
    } catch (const std::exception& problem) {
        std::cerr << problem.what() << '\n';
        return 3;
    }
}
