// Mixed load with faults for a while: does anything grow, leak, get lost or counted wrongly?
//   bench_soak [--quick] [--minutes N] [--virtual-hours N] [--seed N] [--workers N] [--list]
// The virtual hours come first, in a process of their own; 0 leaves them, or the minutes, out.
// --list: names every record of which nobody knows whether it was created or deleted.
// Ends with 1 when a promise is broken.
#include "soak/load.hpp"
#include "soak/resources.hpp"
#include "soak/virtual_day.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>

#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using clock_type = std::chrono::steady_clock;

struct arguments {
    double minutes = 20;
    double virtual_hours = 24;
    std::uint64_t seed = 1;
    int workers = 24;
    bool lists = false;
};

arguments read_arguments(int argc, char** argv)
{
    arguments read;
    for (int i = 1; i < argc; ++i) {
        const std::string_view name = argv[i];
        if (name == "--quick") {
            read.minutes = 0.3;
        } else if (name == "--list") {
            read.lists = true;
        } else if (i + 1 < argc && name == "--minutes") {
            read.minutes = std::strtod(argv[++i], nullptr);
        } else if (i + 1 < argc && name == "--virtual-hours") {
            read.virtual_hours = std::strtod(argv[++i], nullptr);
        } else if (i + 1 < argc && name == "--seed") {
            read.seed = std::strtoull(argv[++i], nullptr, 10);
        } else if (i + 1 < argc && name == "--workers") {
            read.workers = std::atoi(argv[++i]);
        } else {
            std::fprintf(stderr,
                         "usage: bench_soak [--quick] [--minutes N] [--virtual-hours N] [--seed N] [--workers N] "
                         "[--list]\n");
            std::exit(2);
        }
    }
    if (!(read.minutes >= 0) || !(read.virtual_hours >= 0) || read.workers < 1)
        std::exit(2);
    return read;
}

/// A tenth of what two busy cores make.
constexpr double least_calls_a_minute = 1000;

/// Descriptors come and go within a second: even a short run must see moments with none but those that stay.
constexpr int looks_a_second = 10;

struct watched {
    watched(std::size_t seconds) : memory(seconds), heap(seconds), descriptors(seconds * looks_a_second) {}
    soak::series memory;
    soak::series heap;
    soak::series descriptors; ///< beside those of connections
    std::size_t most_descriptors = 0;
};

void print_row(double minute, const usher::engine& engine, const soak::load& all, const soak::tally& seen)
{
    const auto now = engine.counters();
    std::printf(
        "| %.1f | %llu | %llu | %llu | %llu | %llu | %llu | %llu | %llu/%llu | %zu | %zu | %zu | %zu | %.2f | %.0f |\n",
        minute, static_cast<unsigned long long>(now.calls), static_cast<unsigned long long>(now.answers),
        static_cast<unsigned long long>(now.errors), static_cast<unsigned long long>(all.cancelled()),
        static_cast<unsigned long long>(now.retries), static_cast<unsigned long long>(now.reconciled),
        static_cast<unsigned long long>(seen.refused), static_cast<unsigned long long>(now.hedges),
        static_cast<unsigned long long>(now.hedges_won), all.known().live.size(), now.connections,
        soak::open_descriptors(), all.remembered(), soak::resident_bytes() / 1e6, soak::allocated_bytes() / 1e3);
    std::fflush(stdout);
}

/// Looks at descriptors ten times a second, at memory each second; a row each minute.
asio::awaitable<void> watch(const usher::engine& engine, soak::load& all, const soak::tally& seen, double minutes,
                            watched& into)
{
    asio::steady_timer timer(engine.get_executor());
    const auto begun = clock_type::now();
    const auto seconds = static_cast<int>(minutes * 60);
    const int row = seconds >= 120 ? 60 : 6;
    std::printf("| minute | calls | answers | errors | cancelled | retries | reconciled | 429 | hedges/won | records | "
                "connections | descriptors | limits remembered | MB resident | KB of heap "
                "|\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (int look = 1; look <= seconds * looks_a_second; ++look) {
        timer.expires_at(begun + look * std::chrono::milliseconds(1000 / looks_a_second));
        co_await timer.async_wait(asio::use_awaitable);
        const auto open = soak::open_descriptors();
        into.descriptors.add(static_cast<double>(open) - static_cast<double>(engine.counters().connections));
        into.most_descriptors = std::max(into.most_descriptors, open);
        if (look % looks_a_second != 0)
            continue;
        const int second = look / looks_a_second;
        into.memory.add(soak::resident_bytes());
        into.heap.add(soak::allocated_bytes());
        if (second % row == 0)
            print_row(second / 60.0, engine, all, seen);
    }
    all.stop();
}

/// In a process of its own, so that the memory that it has had does not hide what the minutes take.
bool virtual_hours_hold(const arguments& how)
{
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        soak::verdicts verdict;
        soak::run_virtual_hours(how.virtual_hours, how.seed, verdict);
        std::fflush(stdout);
        _exit(verdict.all_hold() ? 0 : 1);
    }
    int status = 1;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

void rethrow(std::exception_ptr thrown)
{
    if (thrown)
        std::rethrow_exception(thrown);
}

int soak_for(const arguments& how, soak::service& served, const std::string& file)
{
    asio::io_context io(1);
    usher::engine_options options;
    options.ca_pem = served.ca_pem();
    options.seed = how.seed;
    options.max_connections_per_origin = 32;
    usher::engine engine(io.get_executor(), options);
    const auto seen = std::make_shared<soak::tally>();
    soak::load all(engine, served, seen, file, how.seed);
    if (how.lists)
        all.list_unknown();
    {
        // What the context needs of descriptors, it takes with its first timer.
        asio::steady_timer first(io, 1ms);
        first.async_wait([](boost::system::error_code) {});
        io.run();
        io.restart();
    }
    const auto at_rest = soak::open_descriptors();

    watched sampled(static_cast<std::size_t>(how.minutes * 60) + 1);
    all.start(how.workers);
    asio::co_spawn(io, watch(engine, all, *seen, how.minutes, sampled), rethrow);
    io.run();
    const auto calls = engine.counters().calls;
    const auto errors = engine.counters().errors;

    served.calm();
    soak::verdicts verdict;
    verdict.check(all.working() == 0, "the context ran out of work when the callers had ended");
    io.restart();
    asio::co_spawn(io, all.check_records(served.figures().users, verdict), rethrow);
    io.run();
    soak::check_figures(verdict, engine.counters(), *seen, served.figures());
    engine.close_idle();
    verdict.check(soak::open_descriptors() == at_rest, "descriptors: " + std::to_string(at_rest) + " before, " +
                                                           std::to_string(soak::open_descriptors()) + " afterwards, " +
                                                           std::to_string(sampled.most_descriptors) + " at most");
    // Beside connections there are only those that a moment needs: a file to upload, a connection that loses a race.
    const double beside = sampled.descriptors.least(80, 100) - sampled.descriptors.least(40, 60);
    verdict.check(beside < 2 && beside > -2, "descriptors beside connections stay: " + std::to_string(beside));
    const double before = sampled.memory.mean(40, 60);
    const double drift = (sampled.memory.mean(80, 100) / before - 1) * 100;
    // A short run is still growing into its buffers.
    const double most = how.minutes >= 5 ? 1 : 15;
    char text[160];
    std::snprintf(text, sizeof text, "resident memory: %.2f MB, %+.2f %% later (below %.0f %%)", before / 1e6, drift,
                  most);
    verdict.check(drift < most, text);
    std::printf("heap: %.0f KB allocated, %+.1f KB later\n", sampled.heap.mean(40, 60) / 1e3,
                (sampled.heap.mean(80, 100) - sampled.heap.mean(40, 60)) / 1e3);
    const auto service = served.figures();
    // Nothing kept is worth anything if nothing went wrong. What is rare may not come in a short run.
    const auto engine_saw = engine.counters();
    const auto came = [&verdict](std::uint64_t times, std::uint64_t least, const char* what) {
        verdict.check(times >= least,
                      std::string(what) + ": " + std::to_string(times) + ", at least " + std::to_string(least));
    };
    const auto in_proportion = [&how](double a_minute) {
        return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(a_minute * how.minutes));
    };
    if (how.minutes >= 0.25) {
        came(calls, in_proportion(least_calls_a_minute), "calls");
        came(service.faults, in_proportion(least_calls_a_minute / 100), "faults of the service");
        if (how.minutes >= 1) // one fault in 2003 requests, and rushes
            came(seen->refused, 1, "answers with 429");
        came(engine_saw.retries, in_proportion(least_calls_a_minute / 200), "retries");
        came(engine_saw.reconciled, 1, "outcomes found out afterwards");
        came(all.cancelled(), in_proportion(least_calls_a_minute / 200), "cancelled calls");
        came(service.resumed, 1, "resumed sessions");
    }
    std::printf("service: %llu requests, %llu refused by its limits, %llu faults, %llu connections, %llu resumed\n",
                static_cast<unsigned long long>(service.requests), static_cast<unsigned long long>(service.refused),
                static_cast<unsigned long long>(service.faults), static_cast<unsigned long long>(service.connections),
                static_cast<unsigned long long>(service.resumed));
    std::printf("soak: %.1f minutes, %llu calls, %llu errors, %llu cancelled; %d promises, %d broken\n", how.minutes,
                static_cast<unsigned long long>(calls), static_cast<unsigned long long>(errors),
                static_cast<unsigned long long>(all.cancelled()), verdict.checked(), verdict.broken());
    return verdict.all_hold() ? 0 : 1;
}

} // namespace

int main(int argc, char** argv)
{
    const auto how = read_arguments(argc, argv);
    const auto file = std::filesystem::temp_directory_path() / ("usher-soak-" + std::to_string(getpid()));
    int status = 1;
    try {
        const bool held = how.virtual_hours == 0 || virtual_hours_hold(how);
        if (how.minutes == 0)
            return held ? 0 : 1;
        soak::service served(how.seed);
        std::ofstream(file) << std::string(100'000, 'f');
        status = soak_for(how, served, file.string());
        if (!held)
            status = 1;
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "soak: %s\n", problem.what());
    }
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    return status;
}
