// A migration, or its undoing, that is killed: worker import|undo clerk|scalekit SOURCE JOURNAL. Address, authority and
// key are in the environment. Ends with 0 when nothing is left to do.
#include <usher/bulk/import.hpp>
#include <usher/bulk/verify.hpp>
#include <usher/clerk/client.hpp>
#include <usher/scalekit/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <optional>
#include <string>

namespace bulk = usher::bulk;
namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

std::string variable(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : "";
}

std::unique_ptr<bulk::target> open_target(asio::io_context& io, const usher::engine& engine, const std::string& service)
{
    usher::client_options there;
    there.base_url = variable("USHER_BASE_URL");
    there.quota = usher::quota::unlimited();
    there.retry.initial_backoff = 5ms;
    bulk::target_options patience;
    patience.pause = 40ms;
    patience.longest_lag = 200ms;
    patience.default_organization = variable("MIGRATE_HOME");
    if (service == "clerk")
        return bulk::make_clerk_target(io.get_executor(),
                                       usher::clerk::client(engine, usher::secret::from_env("CLERK_SECRET_KEY"), there),
                                       patience);
    return bulk::make_scalekit_target(
        io.get_executor(), usher::scalekit::client(engine, usher::secret::from_env("SCALEKIT_ACCESS_TOKEN"), there),
        patience);
}

/// Runs it to its end; what it throws is thrown here.
template <class T>
T run(asio::io_context& io, asio::awaitable<T> work)
{
    std::optional<T> result;
    asio::co_spawn(io, std::move(work), [&result](std::exception_ptr thrown, T end) {
        if (thrown)
            std::rethrow_exception(thrown);
        result.emplace(std::move(end));
    });
    io.restart();
    io.run();
    return std::move(result.value());
}

bool import(asio::io_context& io, bulk::target& to, const char* source, const char* journal)
{
    bulk::file_source_options how;
    how.format = bulk::source_format::usher;
    bulk::import_options options;
    options.concurrency = 16;
    const auto from = bulk::open_file(io.get_executor(), source, how);
    const auto book = bulk::open_journal(io.get_executor(), journal);
    bulk::import_listener quiet;
    bulk::importer job(io.get_executor(), *from, to, *book, quiet, options);
    const auto ended = run(io, job.run());
    if (ended == bulk::import_end::given_up)
        std::cerr << job.reason().message() << '\n';
    return ended == bulk::import_end::finished && job.counters().failed == 0;
}

bool undo(asio::io_context& io, bulk::target& from, const char* journal)
{
    bulk::undo_options options;
    options.concurrency = 16;
    const auto book = bulk::open_journal(io.get_executor(), journal);
    const bulk::journal_reader made(journal);
    const auto tell = [](const bulk::made_thing& what, const usher::error& why) {
        std::cerr << what.entity_id << ": " << why.message() << '\n';
    };
    const auto ended = run(io, bulk::undo(io.get_executor(), from, *book, made, options, tell));
    if (ended.in_use > 0)
        std::cerr << ended.in_use << " are in use\n";
    return ended.failed == 0 && ended.in_use == 0;
}

} // namespace

int main(int count, char** texts)
{
    if (count != 5)
        return 2;
    try {
        asio::io_context io(1);
        usher::engine_options trusted;
        trusted.ca_file = variable("USHER_CA_FILE");
        const usher::engine engine(io.get_executor(), trusted);
        const auto target = open_target(io, engine, texts[2]);
        const auto ready = run(io, target->prepare());
        if (!ready) {
            std::cerr << ready.error().message() << '\n';
            return 4;
        }
        const bool done =
            std::string(texts[1]) == "undo" ? undo(io, *target, texts[4]) : import(io, *target, texts[3], texts[4]);
        return done ? 0 : 1;
    } catch (const std::exception& problem) {
        std::cerr << problem.what() << '\n';
        return 3;
    }
}
