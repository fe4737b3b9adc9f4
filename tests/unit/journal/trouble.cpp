// Journals that can't be opened, and why.
#include "job.hpp"

#include <boost/test/unit_test.hpp>

#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fstream>

namespace {

std::string open_trouble(const std::string& path, bulk::journal_options::file how = bulk::journal_options::file::either)
{
    return trouble_of([&] {
        boost::asio::io_context io;
        bulk::journal_options options;
        options.how = how;
        bulk::open_journal(io.get_executor(), path, options);
    });
}

bool says(const std::string& text, const std::string& what)
{
    return text.find(what) != std::string::npos;
}

unsigned mode_of(const std::string& path)
{
    struct stat facts {};
    return ::stat(path.c_str(), &facts) == 0 ? facts.st_mode & 0777U : 0U;
}

void run_sql(const std::string& path, const char* sql)
{
    sqlite3* file = nullptr;
    BOOST_REQUIRE(sqlite3_open(path.c_str(), &file) == SQLITE_OK);
    BOOST_REQUIRE(sqlite3_exec(file, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(file);
}

} // namespace

BOOST_AUTO_TEST_SUITE(trouble)

BOOST_AUTO_TEST_CASE(only_one_at_a_time_works_on_a_journal)
{
    temporary_folder folder;
    const auto path = folder.file("job");
    job first(path);
    const auto here = open_trouble(path);
    BOOST_TEST(says(here, path));
    BOOST_TEST(says(here, "in use by process " + std::to_string(::getpid())));
    const auto child = ::fork();
    if (child == 0)
        ::_exit(says(open_trouble(path), "in use") ? 7 : 1);
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_TEST(WEXITSTATUS(status) == 7);
    {
        const bulk::journal_reader reader(path);
        BOOST_TEST(reader.is_in_use());
        first.book.reset();
        BOOST_TEST(!reader.is_in_use());
    }
    BOOST_TEST(open_trouble(path) == "");
}

BOOST_AUTO_TEST_CASE(a_journal_is_made_or_reopened_as_asked)
{
    temporary_folder folder;
    const auto path = folder.file("job");
    using file = bulk::journal_options::file;
    BOOST_TEST(says(open_trouble(path, file::reopen), path + ": there is no such journal"));
    BOOST_TEST(!std::filesystem::exists(path));
    BOOST_TEST(open_trouble(path, file::make) == "");
    BOOST_TEST(says(open_trouble(path, file::make), path + ": there is a journal already"));
    BOOST_TEST(open_trouble(path, file::reopen) == "");
    BOOST_TEST(says(trouble_of([&] { bulk::journal_reader(folder.file("none")); }), "no such journal"));
    BOOST_TEST(says(open_trouble(folder.file("no/folder/job")), "no/folder/job"));
}

BOOST_AUTO_TEST_CASE(a_journal_that_was_closed_is_one_file)
{
    temporary_folder folder;
    const auto path = folder.file("job");
    {
        job all(path);
        all.begin("a");
        BOOST_TEST(std::filesystem::exists(path + "-wal"));
    }
    BOOST_TEST(!std::filesystem::exists(path + "-wal"));
    BOOST_TEST(!std::filesystem::exists(path + "-shm"));
    BOOST_TEST(std::filesystem::file_size(path + "-lock") == 0U);
}

BOOST_AUTO_TEST_CASE(a_journal_and_the_files_beside_it_are_for_their_owner_alone)
{
    temporary_folder folder;
    const auto before = ::umask(0);
    const auto path = folder.file("job");
    {
        job all(path);
        all.bury(all.begin("a").number, "a", 1, "code");
        all.flush();
        for (const char* end : {"", "-wal", "-shm", "-lock"})
            BOOST_TEST(mode_of(path + end) == 0600U, path << end);
    }
    const auto merged = folder.file("merged");
    bulk::merge_journals({path}, merged);
    BOOST_TEST(mode_of(merged) == 0600U);
    BOOST_TEST(mode_of(merged + "-lock") == 0600U);
    // A mode that somebody chose stays.
    ::chmod(path.c_str(), 0640);
    {
        job all(path);
        all.begin("b");
        BOOST_TEST(mode_of(path) == 0640U);
        BOOST_TEST(mode_of(path + "-wal") == 0640U);
    }
    ::umask(before);
}

BOOST_AUTO_TEST_CASE(other_files_are_told_from_journals_and_left_alone)
{
    temporary_folder folder;
    const auto text = folder.file("text");
    std::ofstream(text) << std::string(5000, 'x');
    BOOST_TEST(says(open_trouble(text), text + ": this is no journal"));
    BOOST_TEST(says(trouble_of([&] { bulk::journal_reader{text}; }), "this is no journal"));
    BOOST_TEST(std::filesystem::file_size(text) == 5000U);

    const auto other = folder.file("other");
    run_sql(other, "CREATE TABLE theirs(x); INSERT INTO theirs VALUES(1)");
    BOOST_TEST(says(open_trouble(other), "another program"));
    run_sql(other, "PRAGMA application_id=5");
    BOOST_TEST(says(trouble_of([&] { bulk::journal_reader{other}; }), "another program"));

    const auto newer = folder.file("newer");
    BOOST_TEST(open_trouble(newer) == "");
    run_sql(newer, "PRAGMA user_version=2");
    BOOST_TEST(says(open_trouble(newer), newer + ": this journal has format 2; this program knows up to 1"));

    std::filesystem::create_directory(folder.file("folder"));
    BOOST_TEST(says(open_trouble(folder.file("folder")), folder.file("folder")));
}

BOOST_AUTO_TEST_CASE(a_read_only_folder_is_named_and_can_be_read)
{
    temporary_folder folder;
    std::filesystem::permissions(std::filesystem::path(folder.file(".")), std::filesystem::perms(0755));
    const auto inside = folder.file("inside");
    std::filesystem::create_directory(inside);
    const auto path = inside + "/job";
    {
        job all(path);
        all.end(all.begin("a").number, "user_1");
    }
    ::chmod(path.c_str(), 0444);
    ::chmod((path + "-lock").c_str(), 0444);
    ::chmod(inside.c_str(), 0555);
    // For root nothing is read-only, so another user looks.
    const auto child = ::fork();
    if (child == 0) {
        if (::geteuid() == 0 && ::setuid(65534) != 0)
            ::_exit(2);
        const bool refused = says(open_trouble(path), path + ": the journal can't");
        const bool refused_new = says(open_trouble(inside + "/new"), inside + "/new: the journal can't");
        bool read = false;
        const auto trouble = trouble_of([&] {
            read = bulk::journal_reader(path).find(bulk::entity_kind::user, "a").value().target_id == "user_1";
        });
        ::_exit(refused && refused_new && read && trouble.empty() ? 7 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ::chmod(inside.c_str(), 0755);
    BOOST_TEST(WEXITSTATUS(status) == 7);
}

BOOST_AUTO_TEST_SUITE_END()
