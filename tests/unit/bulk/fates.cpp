// Every row of every fixture: what becomes of it stands in the file beside it, looked at row by row.
#include "unit/bulk/drain.hpp"
#include "unit/bulk/fate.hpp"
#include "unit/bulk/read_all.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

namespace bulk = usher::bulk;

namespace {

const std::string folder = std::string(USHER_FIXTURES) + "/";

struct fixture {
    const char* name;
    bulk::source_format format;
    const char* joined;
    std::size_t mapped;
    std::size_t refused;
};

constexpr fixture fixtures[] = {
    {"auth0.ndjson", bulk::source_format::auth0, "auth0_hashes.ndjson", 8, 8},
    {"better_auth.csv", bulk::source_format::better_auth, "better_auth_account.csv", 3, 1},
    {"clerk.csv", bulk::source_format::clerk_csv, "", 9, 8},
    {"failures.ndjson", bulk::source_format::failures, "", 8, 7},
    {"firebase.csv", bulk::source_format::firebase, "", 8, 6},
    {"firebase.json", bulk::source_format::firebase, "", 9, 5},
    {"supabase.csv", bulk::source_format::supabase, "", 12, 4},
    {"supabase.json", bulk::source_format::supabase, "", 7, 1},
    {"supabase_torn.json", bulk::source_format::supabase, "", 2, 1},
    {"usher.ndjson", bulk::source_format::usher, "", 5, 5},
};

std::ostream& operator<<(std::ostream& to, const fixture& of)
{
    return to << of.name;
}

std::string contents(const std::string& name)
{
    std::ifstream file(folder + name, std::ios::binary);
    BOOST_TEST_REQUIRE(file.good(), name);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> lines_of(const std::string& name)
{
    std::vector<std::string> lines;
    std::istringstream text(contents(name));
    for (std::string line; std::getline(text, line);)
        lines.push_back(line);
    return lines;
}

bulk::mapping_options options()
{
    bulk::mapping_options made;
    auto& hash = made.firebase.emplace();
    hash.signer_key = "pU3KGCUwux1tEyze1iN7LtkeP3IfyxlxF0SU1kk8nVw0YL4xIB5p/tqg7ui5mX9cfCmZ/a/lkyU81lSvTfrXFA==";
    hash.salt_separator = "Bw==";
    hash.rounds = 8;
    hash.memory_cost = 14;
    return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(fates)

BOOST_DATA_TEST_CASE(every_row_becomes_what_is_written_beside_it, fixtures, one)
{
    const std::string joined = one.joined;
    const auto got = drain(folder + one.name, one.format, joined.empty() ? "" : folder + joined);
    BOOST_TEST(got.failure == "");
    const auto expected = lines_of(std::string(one.name) + ".fates");
    BOOST_TEST(got.records.size() == expected.size());
    std::size_t refused = 0;
    for (std::size_t i = 0; i < std::min(got.records.size(), expected.size()); ++i) {
        auto fate = fate_of(got.records[i], options());
        if (const auto at = fate.find(folder); at != std::string::npos)
            fate.erase(at, folder.size());
        BOOST_TEST(fate == expected[i]);
        refused += fate.find(" refused ") == std::string::npos ? 0U : 1U;
    }
    BOOST_TEST(refused == one.refused);
    BOOST_TEST(got.records.size() - refused == one.mapped);
}

BOOST_DATA_TEST_CASE(rows_do_not_depend_on_how_a_file_is_cut, fixtures, one)
{
    const auto text = contents(one.name);
    const auto whole = read_all(one.format, text);
    for (const std::size_t piece : {1U, 7U, 100U}) {
        const auto other = read_all(one.format, text, piece);
        BOOST_TEST_REQUIRE(other.size() == whole.size());
        for (std::size_t i = 0; i < whole.size(); ++i) {
            BOOST_TEST(fate_of(other[i], options()) == fate_of(whole[i], options()));
            BOOST_TEST(other[i].end_offset == whole[i].end_offset);
        }
    }
    BOOST_TEST(whole.back().end_offset <= text.size());
}

BOOST_AUTO_TEST_CASE(no_fixture_is_forgotten)
{
    std::set<std::string> there;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        there.insert(entry.path().filename().string());
    there.erase(".gitattributes");
    for (const auto& one : fixtures) {
        const std::vector<std::string> files = {one.name, std::string(one.name) + ".fates", one.joined};
        for (const auto& name : files)
            BOOST_TEST((name.empty() || there.erase(name) == 1U), name);
    }
    BOOST_TEST(there.empty(), (there.empty() ? std::string() : *there.begin()));
}

BOOST_AUTO_TEST_SUITE_END()
