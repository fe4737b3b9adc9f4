// What it costs to write down a record of an import: its question, its intent and its outcome.
//
//   bench_journal [--quick] [FOLDER]     FOLDER: where the journals are made, which decides how fast they are synced
#include "bare_sqlite.hpp"

#include <usher/bulk/journal.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace asio = boost::asio;
namespace bulk = usher::bulk;
namespace fs = std::filesystem;
using steady = std::chrono::steady_clock;

namespace {

/// Of all threads.
double cpu_seconds()
{
    rusage now{};
    ::getrusage(RUSAGE_SELF, &now);
    return static_cast<double>(now.ru_utime.tv_sec + now.ru_stime.tv_sec) +
           static_cast<double>(now.ru_utime.tv_usec + now.ru_stime.tv_usec) / 1e6;
}

struct load {
    int records;
    int begun = 0;
    int ended = 0;
    std::mt19937_64 random{7};
};

/// As an import does it. `answer`: how long its request takes; 0: none is waited for.
asio::awaitable<void> one_record(bulk::journal& book, load& all, std::chrono::milliseconds answer)
{
    char id[40];
    std::snprintf(id, sizeof id, "%016llx-%016llx", static_cast<unsigned long long>(all.random()),
                  static_cast<unsigned long long>(all.random()));
    bulk::record_intent intent;
    intent.kind = bulk::entity_kind::user;
    intent.source_id = id;
    intent.line = static_cast<std::uint64_t>(++all.begun);
    if (book.find(intent.kind, intent.source_id))
        std::abort();
    auto begun = co_await book.begin_record(std::move(intent));
    if (answer.count() > 0) {
        asio::steady_timer request(co_await asio::this_coro::executor, answer);
        co_await request.async_wait(asio::use_awaitable);
    }
    std::snprintf(id, sizeof id, "user_%027d", ++all.ended);
    bulk::step_outcome outcome;
    outcome.number = begun.number;
    outcome.id = id;
    outcome.made = true;
    outcome.finished = bulk::record_state::created;
    book.end_step(std::move(outcome));
}

/// So many records at once, each followed by the next.
asio::awaitable<void> in_turn(bulk::journal& book, load& all)
{
    while (all.begun < all.records) {
        auto one = one_record(book, all, std::chrono::milliseconds(0));
        co_await std::move(one);
    }
}

/// So many records a second, whose requests take 30 ms.
asio::awaitable<void> paced(bulk::journal& book, load& all, int per_second)
{
    auto executor = co_await asio::this_coro::executor;
    asio::steady_timer tick(executor);
    const auto start = steady::now();
    for (int sent = 0; sent < all.records;) {
        const auto due = static_cast<int>(std::chrono::duration<double>(steady::now() - start).count() * per_second);
        for (; sent < std::min(due, all.records); ++sent)
            asio::co_spawn(executor, one_record(book, all, std::chrono::milliseconds(30)), asio::detached);
        tick.expires_after(std::chrono::milliseconds(1));
        co_await tick.async_wait(asio::use_awaitable);
    }
}

asio::awaitable<void> flushed(bulk::journal& book)
{
    co_await book.flush();
}

void drive(asio::io_context& io, bulk::journal& book, int records, int at_once, int per_second)
{
    load all{records};
    if (per_second > 0)
        asio::co_spawn(io, paced(book, all, per_second), asio::detached);
    for (int i = 0; per_second == 0 && i < at_once; ++i)
        asio::co_spawn(io, in_turn(book, all), asio::detached);
    io.run();
    io.restart();
    asio::co_spawn(io, flushed(book), asio::detached);
    io.run();
    if (all.ended != records)
        std::abort();
}

struct way {
    std::string name;
    int records;
    std::function<void()> once;
    std::vector<double> cpu{};
    std::vector<double> rate{};

    void measure()
    {
        const auto start = steady::now();
        const auto cpu_start = cpu_seconds();
        once();
        cpu.push_back((cpu_seconds() - cpu_start) * 1e6 / records);
        rate.push_back(records / std::chrono::duration<double>(steady::now() - start).count());
    }
};

double median(std::vector<double> of)
{
    std::sort(of.begin(), of.end());
    return of[of.size() / 2];
}

} // namespace

int main(int argc, char** argv)
{
    bool quick = false;
    fs::path folder = fs::temp_directory_path();
    for (int i = 1; i < argc; ++i) {
        if (std::string_view(argv[i]) == "--quick") {
            quick = true;
        } else if (fs::is_directory(argv[i])) {
            folder = argv[i];
        } else {
            std::fprintf(stderr, "%s: no such folder\nusage: bench_journal [--quick] [FOLDER]\n", argv[i]);
            return 2;
        }
    }
    const auto path = (folder / ("bench-journal-" + std::to_string(::getpid()))).string();
    const auto clean = [&] {
        for (const char* end : {"", "-wal", "-shm", "-lock"})
            fs::remove(path + end);
    };
    const auto with_file = [&](int records, int at_once, int per_second) {
        clean();
        asio::io_context io(1);
        const auto book = bulk::open_journal(io.get_executor(), path);
        drive(io, *book, records, at_once, per_second);
    };
    const int many = quick ? 2'000 : 40'000;
    const int few = quick ? 500 : 6'000;
    const int rounds = quick ? 1 : 3;
    std::vector<way> ways;
    ways.push_back({"in memory (the loop itself)", many, [&] {
                        asio::io_context io(1);
                        const auto book = bulk::make_memory_journal();
                        drive(io, *book, many, 64, 0);
                    }});
    for (const int at_once : {64, 256, 1024})
        ways.push_back({"journal, " + std::to_string(at_once) + " records under way, as fast as it can", many,
                        [&, at_once] { with_file(many, at_once, 0); }});
    for (const int per_second : {2'000, 5'000})
        ways.push_back({"in memory, " + std::to_string(per_second) + " records/s", few, [&, per_second] {
                            asio::io_context io(1);
                            const auto book = bulk::make_memory_journal();
                            drive(io, *book, few, 0, per_second);
                        }});
    for (const int per_second : {2'000, 5'000})
        ways.push_back({"journal, " + std::to_string(per_second) + " records/s", few,
                        [&, per_second] { with_file(few, 0, per_second); }});
    for (const bool is_indexed : {false, true})
        ways.push_back(
            {is_indexed ? "bare SQLite with an index, 16 records a commit" : "bare SQLite, 16 records a commit", many,
             [&, is_indexed] {
                 clean();
                 write_bare(path, many, 16, is_indexed);
             }});
    for (int round = 0; round < rounds; ++round)
        for (auto& each : ways)
            each.measure();
    clean();
    std::printf("%d records, or %d where the rate is given; medians of %d rounds; CPU of all threads\n\n"
                "| way | CPU µs per record | durable records/s |\n|---|---|---|\n",
                many, few, rounds);
    for (const auto& each : ways)
        std::printf("| %s | %.1f | %.0f |\n", each.name.c_str(), median(each.cpu), median(each.rate));
}
