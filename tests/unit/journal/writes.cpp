// How a journal writes: together, bounded, and nothing after a failure.
#include "job.hpp"

#include "bulk/journal/file_journal.hpp"

#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>
#include <fstream>

namespace asio = boost::asio;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
constexpr bool is_sanitized = true;
#else
constexpr bool is_sanitized = false;
#endif
#else
constexpr bool is_sanitized = false;
#endif

asio::awaitable<void> begin_and_end(bulk::journal& book, std::string id, int& done)
{
    auto intent = job::intent(id, 1);
    auto begun = co_await book.begin_record(std::move(intent));
    bulk::step_outcome outcome;
    outcome.number = begun.number;
    outcome.id = "user_" + id;
    outcome.made = true;
    outcome.finished = bulk::record_state::created;
    book.end_step(std::move(outcome));
    ++done;
}

/// Looks for earlier ones in between, too early to be held for any other reason than that their names are.
asio::awaitable<void> begin_many(bulk::journal& book, int first, int step, int end, int& done, int& missed)
{
    for (int i = first; i < end; i += step) {
        auto one = begin_and_end(book, "id" + std::to_string(i), done);
        co_await std::move(one);
        if (i >= 12'000 && i % 16 == 0 && !book.find(bulk::entity_kind::user, "id" + std::to_string(i - 10'000)))
            ++missed;
    }
}

std::size_t resident_pages()
{
    std::size_t whole = 0;
    std::size_t resident = 0;
    std::ifstream("/proc/self/statm") >> whole >> resident;
    return resident;
}

} // namespace

BOOST_AUTO_TEST_SUITE(writes)

BOOST_AUTO_TEST_CASE(records_that_begin_together_share_commits)
{
    temporary_folder folder;
    asio::io_context io(1);
    int done = 0;
    bulk::detail::file_journal book(io.get_executor(), folder.file("job"), bulk::journal_options());
    for (int i = 0; i < 400; ++i)
        asio::co_spawn(io, begin_and_end(book, "id" + std::to_string(i), done), asio::detached);
    io.run();
    BOOST_TEST(done == 400);
    BOOST_TEST(book.commits() >= 1);
    BOOST_TEST(book.commits() <= 20);
}

BOOST_AUTO_TEST_CASE(who_is_alone_does_not_wait_for_company)
{
    temporary_folder folder;
    asio::io_context io(1);
    bulk::journal_options options;
    options.gather = std::chrono::hours(1);
    const auto book = bulk::open_journal(io.get_executor(), folder.file("job"), options);
    int done = 0;
    for (int i = 0; i < 20; ++i)
        await(io, begin_and_end(*book, "id" + std::to_string(i), done));
    await(io, book->flush());
    BOOST_TEST(done == 20);
}

BOOST_AUTO_TEST_CASE(a_flood_without_waiting_is_bounded_and_nothing_of_it_is_lost)
{
    temporary_folder folder;
    job all(folder.file("job"));
    for (int i = 0; i < 40'000; ++i)
        all.book->bury(0, bulk::entity_kind::user, bulk::source_record(), [&] {
            bulk::import_failure failure(bulk::import_step::map, bulk::refusal("bad", "", ""));
            failure.source_id = "id" + std::to_string(i);
            return failure;
        }());
    all.flush();
    BOOST_TEST(bulk::journal_reader(all.path).totals().dead_letters == 40'000U);
}

BOOST_AUTO_TEST_CASE(what_was_said_is_seen_while_others_are_being_written)
{
    temporary_folder folder;
    job all(folder.file("job"));
    int missed = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto id = "id" + std::to_string(i);
        all.bury(0, id, static_cast<std::uint64_t>(i) + 1, "code");
        if (i % 64 == 0) {
            all.io.restart();
            all.io.poll(); // it learns of what was written meanwhile
        }
        missed += all.find(id) ? 0 : 1;
    }
    BOOST_TEST(missed == 0);
}

/// More records than a run of names has, so that runs are written; all are found by either way.
BOOST_AUTO_TEST_CASE(names_are_found_in_memory_and_in_the_file_and_memory_stays)
{
    temporary_folder folder;
    job all(folder.file("job"));
    int done = 0;
    int missed = 0;
    std::size_t early = 0;
    int before = 0;
    for (const int until : {10'000, 80'000}) {
        for (int i = 0; i < 512; ++i)
            asio::co_spawn(all.io, begin_many(*all.book, before + i, 512, until, done, missed), asio::detached);
        all.io.restart();
        all.io.run();
        BOOST_REQUIRE_EQUAL(done, until);
        BOOST_TEST(missed == 0);
        before = until;
        if (early == 0)
            early = resident_pages();
    }
    // A sieve of 2 MB that fills, two runs of 1 MB, caches of 4 and 2 MB.
    if (!is_sanitized)
        BOOST_TEST(static_cast<double>(resident_pages()) - static_cast<double>(early) < 16.0 * 256);
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 80'000; i += 37) {
            const auto entry = all.find("id" + std::to_string(i));
            BOOST_REQUIRE(entry);
            BOOST_REQUIRE_EQUAL(entry->target_id, "user_id" + std::to_string(i));
        }
        BOOST_TEST(!all.find("id80000"));
        all.reopen();
    }
}

BOOST_AUTO_TEST_CASE(after_a_failed_commit_everybody_is_told_and_nothing_is_acknowledged)
{
    temporary_folder folder;
    const auto path = folder.file("job");
    {
        job first(path);
        first.end(first.begin("before").number, "user_0");
    }
    const auto child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        // A disk that is full: files can't grow beyond this.
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit most{200'000, 200'000};
        ::setrlimit(RLIMIT_FSIZE, &most);
        int begun = 0;
        bool refused = false;
        bool said = false;
        bool later = false;
        {
            job all(path);
            said = !trouble_of([&] {
                        for (; begun < 100'000; ++begun)
                            all.end(all.begin("id" + std::to_string(begun)).number, "user");
                    }).empty();
            refused = trouble_of([&] { all.begin("afterwards"); }).find("job") != std::string::npos;
            later = !trouble_of([&] { all.flush(); }).empty();
        }
        ::_exit(said && refused && later && begun > 10 && begun < 100'000 ? begun % 100 + 100 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_REQUIRE(WIFEXITED(status));
    BOOST_TEST(WEXITSTATUS(status) >= 100);
    // All that was acknowledged is there.
    job again(path);
    std::uint64_t entries = 0;
    bulk::journal_reader(path).each_entry([&](const bulk::journal_entry&) { return ++entries > 0; });
    const auto begun = static_cast<std::uint64_t>(WEXITSTATUS(status) - 100);
    BOOST_TEST(entries >= begun + 1);
    BOOST_TEST(((entries - 1 - begun) % 100 <= 1));
    BOOST_TEST(!again.find("afterwards"));
    BOOST_TEST(again.find("before").value().target_id == "user_0");
}

BOOST_AUTO_TEST_SUITE_END()
