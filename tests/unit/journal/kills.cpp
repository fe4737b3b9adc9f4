// A process that writes a journal and is killed at any moment.
#include "job.hpp"

#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <sys/wait.h>

#include <csignal>
#include <map>
#include <random>

namespace asio = boost::asio;

namespace {

/// What the child has told of a record: that its intent is on disk, and before it says the outcome that it will.
enum class word : std::uint32_t { begun, ending };

struct told {
    word what;
    std::uint32_t id;
};

void tell(int pipe, word what, std::uint32_t id)
{
    const told now{what, id};
    if (::write(pipe, &now, sizeof now) != sizeof now)
        ::_exit(1);
}

asio::awaitable<void> write_records(bulk::journal& book, int pipe, std::uint32_t& next)
{
    for (;;) {
        const auto id = next++;
        auto intent = job::intent("id" + std::to_string(id), id + 1);
        auto begun = co_await book.begin_record(std::move(intent));
        tell(pipe, word::begun, id);
        if (id % 7 == 0)
            continue; // stays open
        tell(pipe, word::ending, id);
        bulk::step_outcome outcome;
        outcome.number = begun.number;
        outcome.id = "user_" + std::to_string(id);
        outcome.made = true;
        outcome.finished = bulk::record_state::created;
        book.end_step(std::move(outcome));
    }
}

[[noreturn]] void be_the_child(const std::string& path, int pipe, std::uint32_t next)
{
    job all(path);
    for (int i = 0; i < 24; ++i)
        asio::co_spawn(all.io, write_records(*all.book, pipe, next), asio::detached);
    all.io.run();
    ::_exit(1);
}

/// Starts a child, and kills it when it has told so much.
std::map<std::uint32_t, bool> killed_after(std::size_t words, const std::string& path, std::uint32_t next)
{
    int ends[2];
    BOOST_REQUIRE(::pipe(ends) == 0);
    const auto child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        ::close(ends[0]);
        be_the_child(path, ends[1], next);
    }
    ::close(ends[1]);
    std::map<std::uint32_t, bool> known; // → whether its outcome may have been said
    told now{};
    for (std::size_t i = 0; ::read(ends[0], &now, sizeof now) == sizeof now; ++i) {
        known[now.id] = now.what == word::ending;
        if (i == words)
            ::kill(child, SIGKILL); // the rest of what it told is read below, until the pipe ends
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_REQUIRE(WIFSIGNALED(status));
    return known;
}

} // namespace

BOOST_AUTO_TEST_SUITE(kills)

BOOST_AUTO_TEST_CASE(every_acknowledged_intent_is_there_after_a_kill_and_no_outcome_that_was_not_said)
{
    temporary_folder folder;
    const auto path = folder.file("job");
    std::mt19937 random(11);
    std::map<std::uint32_t, bool> known;
    std::uint32_t next = 0;
    std::size_t finished = 0;
    std::size_t in_doubt = 0;
    for (int round = 0; round < 30; ++round) {
        BOOST_TEST_CONTEXT("kill " << round)
        {
            const auto told = killed_after(random() % 200, path, next);
            BOOST_REQUIRE(!told.empty());
            for (const auto& [id, ending] : told)
                known[id] = ending;
            next = known.rbegin()->first + 1000; // far from what was begun and not told
            job again(path);
            for (const auto& [id, ending] : known) {
                const auto entry = again.find("id" + std::to_string(id));
                BOOST_REQUIRE_MESSAGE(entry, "the intent of record " << id << " is lost");
                BOOST_REQUIRE_EQUAL(entry->line, id + 1);
                const bool is_finished = entry->state == bulk::record_state::created;
                BOOST_REQUIRE(!is_finished || ending);
                BOOST_REQUIRE_EQUAL(entry->in_doubt, !is_finished);
                BOOST_REQUIRE_EQUAL(entry->target_id, is_finished ? "user_" + std::to_string(id) : "");
            }
        }
    }
    const bulk::journal_reader read(path);
    std::map<std::string, int> ids;
    read.each_entry([&](const bulk::journal_entry& entry) {
        ids[entry.source_id] += 1;
        (entry.in_doubt ? in_doubt : finished) += 1;
        return true;
    });
    for (const auto& [id, count] : ids)
        BOOST_TEST(count == 1);
    BOOST_TEST(finished > 100);
    BOOST_TEST(in_doubt > 30);
    const auto totals = read.totals();
    BOOST_TEST(totals.in_doubt == in_doubt);
}

BOOST_AUTO_TEST_SUITE_END()
