#include "temporary_folder.hpp"

#include <usher/quota_store.hpp>

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace fs = std::filesystem;
using usher::quota_store_in;

namespace {

struct folder {
    usher::tests::temporary_folder around;
    std::string path = around.file("a/b/state");

    static std::string contents(std::ifstream& file) { return {std::istreambuf_iterator<char>(file), {}}; }
    static int mode(const std::string& name)
    {
        struct stat info {};
        BOOST_REQUIRE_EQUAL(::stat(name.c_str(), &info), 0);
        return static_cast<int>(info.st_mode & 07777U);
    }
};

template <class Action>
std::string complaint(Action action)
{
    try {
        action();
    } catch (const std::runtime_error& failed) {
        return failed.what();
    }
    return "nothing";
}

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(quota_store, folder)

BOOST_AUTO_TEST_CASE(the_last_text_of_each_instance_is_kept)
{
    const auto store = quota_store_in(path);
    BOOST_TEST(store->load("0a1b") == "");
    store->save("0a1b", "first");
    store->save("ffff", std::string(100'000, 'x'));
    store->save("0a1b", std::string("sec\0nd", 6));
    BOOST_TEST(store->load("0a1b") == std::string("sec\0nd", 6));
    BOOST_TEST(store->load("ffff") == std::string(100'000, 'x'));
    store->save("ffff", "");
    const auto later = quota_store_in(path + "/");
    BOOST_TEST(later->load("0a1b") == std::string("sec\0nd", 6));
    BOOST_TEST(later->load("ffff") == "");
}

BOOST_AUTO_TEST_CASE(only_their_owner_may_read_folder_and_files)
{
    const auto before = ::umask(0);
    const auto store = quota_store_in(path + "/");
    store->save("0a1b", "text");
    ::umask(before);
    BOOST_TEST(mode(path) == 0700);
    BOOST_TEST(mode(path + "/0a1b") == 0600);
}

BOOST_AUTO_TEST_CASE(a_folder_that_others_may_write_is_refused)
{
    fs::create_directories(path);
    for (const auto others : {fs::perms::group_write, fs::perms::others_write}) {
        fs::permissions(path, fs::perms::owner_all | others);
        BOOST_TEST(contains(complaint([&] { quota_store_in(path); }), "written by others"));
    }
    fs::permissions(path, fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec);
    BOOST_TEST(quota_store_in(path)->load("0a1b") == "");
    if (::geteuid() == 0 && ::chown(path.c_str(), 65534, 65534) == 0)
        BOOST_TEST(contains(complaint([&] { quota_store_in(path); }), "somebody else"));
}

BOOST_AUTO_TEST_CASE(a_file_is_replaced_as_a_whole_and_nothing_else_stays)
{
    const auto store = quota_store_in(path);
    store->save("0a1b", "the old text");
    std::ifstream reader(path + "/0a1b");
    store->save("0a1b", "new");
    BOOST_TEST(contents(reader) == "the old text");
    BOOST_TEST(store->load("0a1b") == "new");
    BOOST_TEST(std::distance(fs::directory_iterator(path), fs::directory_iterator()) == 1);
}

BOOST_AUTO_TEST_CASE(what_can_not_be_kept_is_an_error_that_names_the_file_and_leaves_nothing)
{
    const auto store = quota_store_in(path);
    fs::create_directory(path + "/0a1b");
    BOOST_TEST(contains(complaint([&] { store->save("0a1b", "text"); }), path + "/0a1b: "));
    BOOST_TEST(contains(complaint([&] { store->load("0a1b"); }), path + "/0a1b: "));
    BOOST_TEST(std::distance(fs::directory_iterator(path), fs::directory_iterator()) == 1);
    fs::remove_all(path);
    BOOST_TEST(contains(complaint([&] { store->save("0a1b", "text"); }), path));
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_none_is_refused_at_once)
{
    around.write("file", "text");
    BOOST_TEST(contains(complaint([&] { quota_store_in(around.file("file")); }), around.file("file")));
    BOOST_TEST(contains(complaint([&] { quota_store_in(around.file("file/below")); }), around.file("file/below")));
    BOOST_TEST(complaint([] { quota_store_in(""); }) == "quota store: no folder is named");
}

BOOST_AUTO_TEST_CASE(no_name_leads_out_of_the_folder)
{
    const auto store = quota_store_in(path);
    for (const std::string name : {"", ".", "..", "../x", "a/b", "/etc/passwd", ".hidden", "a b", "a\nb", "\xc3\xa4"}) {
        BOOST_TEST(complaint([&] { store->save(name, "text"); }) ==
                   "quota store: the name of an instance can't be that of a file");
        BOOST_TEST(complaint([&] { store->load(name); }) ==
                   "quota store: the name of an instance can't be that of a file");
    }
    store->save("Az09._-", "text");
    BOOST_TEST(store->load("Az09._-") == "text");
    fs::create_symlink("/etc/passwd", path + "/linked");
    BOOST_TEST(contains(complaint([&] { store->load("linked"); }), path + "/linked: "));
}

BOOST_AUTO_TEST_SUITE_END()
