// The command itself is killed: a job whole, and one that is divided.
#include "live/migrate/job_command.hpp"

#include "bulk/journal/sqlite.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <csignal>
#include <filesystem>
#include <memory>

using namespace usher;
using namespace usher::tests;
using sandbox::service;

namespace {

constexpr int kills_of_parts = 25;
constexpr int kills_of_undo = 8;
constexpr int kills_of_each_kind = 13;
const people everybody(300, 20);
const people users_alone(300, 0);

/// What the undisturbed job leaves, and how long it takes.
struct undisturbed_job {
    explicit undisturbed_job(const people& all)
    {
        place here(service::clerk, all);
        const job_command job(here);
        took = here.run_whole(job.next());
        state = here.state();
        BOOST_TEST_REQUIRE(state.lines.size() >= static_cast<std::size_t>(all.users + all.organizations));
        check_journal(job.journal(), all, state);
    }
    std::chrono::steady_clock::duration took;
    instance_state state;
};

void check(place& here, const std::string& journal, const instance_state& expected, const moments& when)
{
    const auto state = here.state();
    const auto differences = first_differences(expected, state);
    BOOST_TEST(differences.empty(), when.seed() << ":\n" << differences);
    BOOST_TEST(here.service.mails() == 0U);
    BOOST_TEST_INFO(when.seed());
    check_journal(journal, here.all, state);
}

/// Of an instance where nothing was ever made nobody knows whether its organizations have slugs: a creation there whose
/// outcome is not known is looked for longer than a test may take. So the first kill comes when one is there.
void wait_for_organization(const place& here)
{
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (here.service.count("organizations") == 0 && std::chrono::steady_clock::now() < limit)
        wait_for(std::chrono::milliseconds(1));
}

/// Kills the whole job; returns how often.
int kill_whole(const place& here, job_command& job, moments& when, int at_most)
{
    for (int kills = 0; kills < at_most;) {
        process work(job.next(), here.environment());
        if (here.all.organizations > 0)
            wait_for_organization(here);
        wait_for(when.next());
        work.send(SIGKILL);
        kills += job.ended(work.wait(), when) ? 1 : 0;
        if (job.done())
            return kills;
    }
    return at_most;
}

/// Kills now one part, now the other, while the other one goes on; returns how often.
int kill_parts(const place& here, std::array<job_command, 2>& jobs, moments& when, int at_most)
{
    std::array<std::unique_ptr<process>, 2> running;
    int kills = 0;
    while (kills < at_most && !(jobs[0].done() && jobs[1].done())) {
        for (std::size_t i = 0; i < jobs.size(); ++i)
            if (!jobs[i].done() && !running[i])
                running[i] = std::make_unique<process>(jobs[i].next(), here.environment());
        wait_for_organization(here);
        wait_for(when.next());
        auto i = when.one_of(jobs.size());
        i = jobs[i].done() ? 1 - i : i;
        running[i]->send(SIGKILL);
        kills += jobs[i].ended(running[i]->wait(), when) ? 1 : 0;
        running[i].reset();
    }
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        if (running[i])
            jobs[i].ended(running[i]->wait(), when);
        jobs[i].finish(here, when);
    }
    return kills;
}

} // namespace

BOOST_AUTO_TEST_SUITE(killed_command)

BOOST_AUTO_TEST_CASE(import_and_resume_lose_nothing_and_create_nothing_twice)
{
    for (const auto* all : {&everybody, &users_alone}) {
        const undisturbed_job undisturbed(*all);
        moments when(undisturbed.took, 0.4);
        int kills = 0;
        int jobs = 0;
        for (; kills < kills_of_each_kind; ++jobs) {
            place here(service::clerk, *all);
            here.trouble();
            job_command job(here);
            kills += kill_whole(here, job, when, kills_of_each_kind - kills);
            job.finish(here, when);
            check(here, job.journal(), undisturbed.state, when);
        }
        BOOST_TEST_MESSAGE(kills << " kills over " << jobs << " jobs");
        BOOST_TEST(kills == kills_of_each_kind);
    }
}

BOOST_AUTO_TEST_CASE(an_import_that_was_killed_while_it_made_its_journal_begins_anew)
{
    const people few(3, 0);
    place here(service::clerk, few);
    job_command job(here);
    bulk::detail::database(job.journal(), bulk::detail::database::access::write).text("PRAGMA journal_mode = WAL");
    BOOST_TEST_REQUIRE(std::filesystem::file_size(job.journal()) > 0U);
    const auto end = here.run(job.next());
    BOOST_TEST(end.status == 0, end.err);
    check_journal(job.journal(), few, here.state());
}

BOOST_AUTO_TEST_CASE(undo_goes_on_where_it_was_killed)
{
    const people some(150, 10);
    place undisturbed(service::clerk, some);
    const job_command whole(undisturbed);
    undisturbed.run_whole(whole.next());
    moments when(undisturbed.run_whole({USHER_COMMAND, "undo", whole.journal()}), 0.5);

    place here(service::clerk, some);
    const job_command job(here);
    here.run_whole(job.next());
    here.trouble();
    const words undo{USHER_COMMAND, "undo", job.journal()};
    const int kills = kill_until_done(here, undo, when, kills_of_undo);
    BOOST_TEST(kills > 0, when.seed());
    const auto last = here.run(undo);
    BOOST_TEST(last.status == 0, when.seed() << ": " << last.err);
    BOOST_TEST(here.state().lines.empty(), when.seed());
    const auto status = here.run({USHER_COMMAND, "status", job.journal()});
    BOOST_TEST(status.out.find("undo finished") != std::string::npos, when.seed() << ": " << status.out << status.err);
}

BOOST_AUTO_TEST_CASE(parts_at_work_at_once_come_to_what_the_whole_comes_to)
{
    const undisturbed_job undisturbed(everybody);
    moments when(undisturbed.took, 0.2);
    int kills = 0;
    int jobs = 0;
    for (; kills < kills_of_parts; ++jobs) {
        place here(service::clerk, everybody);
        here.trouble();
        std::array<job_command, 2> parts{job_command(here, "1/2"), job_command(here, "2/2")};
        kills += kill_parts(here, parts, when, kills_of_parts - kills);
        const auto whole = here.folder.file("joined.usher");
        const auto merged = here.run({USHER_COMMAND, "merge", parts[0].journal(), parts[1].journal(), "-o", whole});
        BOOST_TEST_REQUIRE(merged.status == 0, when.seed() << ": " << merged.err);
        check(here, whole, undisturbed.state, when);
    }
    BOOST_TEST_MESSAGE(kills << " kills over " << jobs << " jobs of two parts");
    BOOST_TEST(kills == kills_of_parts);
}

BOOST_AUTO_TEST_SUITE_END()
