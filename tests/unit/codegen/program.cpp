// The program as people run it.
#include "codegen/output.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

namespace fs = std::filesystem;
using usher::codegen::read_file;
using usher::codegen::replace_file;

namespace {

struct folder {
    folder() : path(fs::temp_directory_path() / ("usher-codegen-" + std::to_string(::getpid())))
    {
        fs::create_directories(path);
    }
    ~folder() { fs::remove_all(path); }

    int run(const std::string& arguments) const
    {
        const std::string line = std::string(USHER_CODEGEN) + " " + arguments + " >" + (path / "out").string() + " 2>" +
                                 (path / "err").string();
        const int status = std::system(line.c_str());
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    std::string text(const std::string& name) const { return read_file(path / name); }
    std::string at(const std::string& name) const { return (path / name).string(); }

    fs::path path;
};

const std::string good =
    R"({"openapi":"3.0.0","info":{"version":"1"},"paths":{"/x":{"get":{"operationId":"getX","tags":["xs"],
    "responses":{"200":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/X"}}}}}}}},
    "components":{"schemas":{"X":{"type":"object","properties":{"id":{"type":"string"}}}}}})";

} // namespace

BOOST_FIXTURE_TEST_SUITE(program, folder)

BOOST_AUTO_TEST_CASE(writes_headers_and_sources_and_touches_only_what_changes)
{
    replace_file(at("good.json"), good);
    const std::string call = at("good.json") + " --namespace acme --out " + at("gen");
    BOOST_REQUIRE_EQUAL(run(call), 0);
    const std::string header = "gen/include/acme/types/x.hpp";
    BOOST_TEST(text(header).find("struct x {") != std::string::npos);
    const auto before = fs::last_write_time(at(header)) - std::chrono::hours(1);
    fs::last_write_time(at(header), before);
    BOOST_REQUIRE_EQUAL(run(call), 0);
    BOOST_CHECK(fs::last_write_time(at(header)) == before);
    replace_file(at(header), "spoilt");
    replace_file(at("gen/include/acme/types/gone.hpp"), "of an older document");
    BOOST_REQUIRE_EQUAL(run(call), 0);
    BOOST_TEST(text(header).find("struct x {") != std::string::npos);
    BOOST_TEST(!fs::exists(at("gen/include/acme/types/gone.hpp")));
}

BOOST_AUTO_TEST_CASE(a_refused_document_writes_nothing_and_names_the_pointer)
{
    std::string bad = good;
    bad.replace(bad.find(R"({"type":"string"})"), 17, R"({"type":"strange"})");
    replace_file(at("bad.json"), bad);
    BOOST_TEST(run(at("bad.json") + " --namespace acme --out " + at("gen")) == 2);
    BOOST_TEST(text("err").find("bad.json#/components/schemas/X/properties/id/type") != std::string::npos);
    BOOST_TEST(!fs::exists(at("gen")));
}

BOOST_AUTO_TEST_CASE(lists_what_it_would_write)
{
    replace_file(at("good.json"), good);
    BOOST_REQUIRE_EQUAL(run(at("good.json") + " --namespace acme --list-outputs"), 0);
    for (const char* name :
         {"include/acme.hpp\n", "include/acme/xs.hpp\n", "include/acme/types/x.hpp\n", "src/acme_calls_1.cpp\n"})
        BOOST_TEST(text("out").find(name) != std::string::npos, name);
    BOOST_TEST(!fs::exists(at("gen")));
}

BOOST_AUTO_TEST_CASE(events_come_from_their_examples_and_a_wrong_one_is_named_with_its_file)
{
    replace_file(at("good.json"), good);
    const std::string call = at("good.json") + " --namespace acme --out " + at("gen") + " --events " +
                             at("events.json") + " --events-index " + at("EVENTS.md");
    replace_file(at("events.json"), R"({"x.made":{"type":"x.lost","object":"X","data":{"id":"a"}}})");
    BOOST_TEST(run(call) == 2);
    BOOST_TEST(text("err").find("#/x.made/type") != std::string::npos);
    BOOST_TEST(text("err").find("events.json") != std::string::npos);
    BOOST_TEST(!fs::exists(at("gen")));
    replace_file(at("events.json"), R"({"x.made":{"type":"x.made","object":"X","data":{"id":"a"}}})");
    // Twice: the headers of the service are kept beside those of its events, and the other way round.
    BOOST_REQUIRE_EQUAL(run(call), 0);
    BOOST_REQUIRE_EQUAL(run(call), 0);
    BOOST_TEST(text("gen/include/acme/events.hpp").find("struct x_made {") != std::string::npos);
    BOOST_TEST(fs::exists(at("gen/include/acme/types/x.hpp")));
    BOOST_TEST(fs::exists(at("gen/src/acme_events_tables_1.cpp")));
    BOOST_TEST(text("EVENTS.md").find("| `x.made` | `x_made` | `x` |") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(wrong_arguments_and_files_that_are_not_there_have_their_own_codes)
{
    BOOST_TEST(run("") == 2);
    BOOST_TEST(run("a.json --namespace Acme --out x") == 2);
    BOOST_TEST(run("a.json --namespace class --out x") == 2);
    BOOST_TEST(run("a.json --nonsense") == 2);
    BOOST_TEST(run("a.json --namespace acme --out x --events-index y") == 2);
    BOOST_TEST(run("a.json --namespace acme --out x --sources many") == 2);
    BOOST_TEST(run(at("absent.json") + " --namespace acme --out " + at("gen")) == 1);
    BOOST_TEST(run("--help") == 0);
}

BOOST_AUTO_TEST_SUITE_END()
