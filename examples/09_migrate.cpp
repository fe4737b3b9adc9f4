// Moves the users of an Auth0 export to Clerk, exactly once, whatever interrupts it: started again with the same
// journal, it goes on where it was ended.
//
//     CLERK_SECRET_KEY=sk_test_… ./example_09_migrate users.json users.journal [FORMAT]
//
// USHER_BASE_URL and USHER_CA_FILE lead to another service than Clerk's own, such as `usher sandbox`.
#include <usher/bulk/import.hpp>
#include <usher/clerk/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <exception>
#include <iostream>

namespace bulk = usher::bulk;

int main(int count, char** texts)
{
    if (count < 3)
        return std::cerr << "usage: example_09_migrate EXPORT JOURNAL [FORMAT]\n", 2;
    try {
        boost::asio::io_context io(1);
        const auto given = [](const char* name) { return std::getenv(name) ? std::getenv(name) : ""; };
        usher::engine_options trusted;
        trusted.ca_file = given("USHER_CA_FILE");
        usher::engine engine(io.get_executor(), trusted);
        usher::client_options there;
        there.base_url = given("USHER_BASE_URL");
        const usher::clerk::client clerk(engine, usher::secret::from_env("CLERK_SECRET_KEY"), there);

        bulk::file_source_options how;
        how.format = bulk::parse_source_format(count > 3 ? texts[3] : "auth0").value();
        const auto source = bulk::open_file(io.get_executor(), texts[1], how);
        const auto target = bulk::make_clerk_target(io.get_executor(), clerk);
        const auto journal = bulk::open_journal(io.get_executor(), texts[2]);
        bulk::import_listener quiet; // dead letters and notes are in the journal
        bulk::importer job(io.get_executor(), *source, *target, *journal, quiet, bulk::import_options());
        boost::asio::co_spawn(io, job.run(), [&job](std::exception_ptr thrown, bulk::import_end end) {
            if (thrown)
                std::rethrow_exception(thrown);
            if (end == bulk::import_end::given_up)
                std::cerr << "given up: " << job.reason().message() << '\n';
        });
        io.run();
        const auto& done = job.counters();
        std::cout << done.created << " created, " << done.already_there << " were there, " << done.skipped
                  << " done before, " << done.failed << " failed\n";
        return done.failed == 0 && done.left_open == 0 ? 0 : 1;
    } catch (const std::exception& problem) {
        std::cerr << problem.what() << '\n';
        return 3;
    }
}
