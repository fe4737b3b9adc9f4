// Every kept input through its target, with any compiler: what fuzzing reached and what it found stay tests.
#define BOOST_TEST_MODULE fuzz
#include "fuzz/promise.hpp"
#include "fuzz/targets.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <set>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct target {
    const char* name;
    void (*run)(std::string_view);
};

constexpr target targets[] = {
#define USHER_FUZZ_ONE(name) {#name, usher::fuzz::name},
    USHER_FUZZ_TARGETS
#undef USHER_FUZZ_ONE
};

const std::set<std::string> left_out = {
#define USHER_FUZZ_ONE(name) #name,
    USHER_FUZZ_LEFT_OUT
#undef USHER_FUZZ_ONE
};

const fs::path home = fs::path(USHER_SOURCE_DIR) / "tests" / "fuzz";

std::string read(const fs::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> files_in(const fs::path& folder)
{
    std::vector<fs::path> files;
    if (fs::is_directory(folder))
        for (const auto& one : fs::directory_iterator(folder))
            files.push_back(one.path());
    std::sort(files.begin(), files.end());
    return files;
}

void run(const target& of, const std::string& bytes, const std::string& name)
{
    try {
        // In memory of its own size, so that a sanitizer sees a read past its end.
        const std::vector<char> exact(bytes.begin(), bytes.end());
        of.run({exact.data(), exact.size()});
    } catch (const usher::fuzz::broken_promise& broken) {
        BOOST_ERROR(name + ": " + broken.what());
    }
}

/// A few bytes changed, cut off or doubled, the same ones in every run.
std::string changed(std::string bytes, std::mt19937& random)
{
    for (auto left = 1 + random() % 3; left != 0 && !bytes.empty(); --left) {
        const std::size_t at = random() % bytes.size();
        switch (random() % 4) {
        case 0:
            bytes[at] = static_cast<char>(random() % 256);
            break;
        case 1:
            bytes.erase(at, 1 + random() % 4);
            break;
        case 2:
            bytes.insert(at, bytes.substr(random() % bytes.size(), 1 + random() % 8));
            break;
        default:
            bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1U << random() % 8));
        }
    }
    return bytes;
}

void replay(const target& of)
{
    const auto corpus = files_in(home / "corpus" / of.name);
    BOOST_TEST(!corpus.empty(), "no corpus for " << of.name);
    std::mt19937 random(1);
    for (const auto& file : corpus) {
        const std::string bytes = read(file);
        run(of, bytes, file.string());
        const std::string other = changed(bytes, random);
        run(of, other, file.string() + " changed");
    }
    for (const auto& file : files_in(home / "cases" / of.name))
        run(of, read(file), file.string());
}

bool set_up()
{
    for (const target& one : targets)
        boost::unit_test::framework::master_test_suite().add(boost::unit_test::make_test_case(
            [one] { replay(one); }, std::string("kept_inputs_of_") + one.name, __FILE__, __LINE__));
    return true;
}

const bool is_set_up = set_up();

} // namespace

BOOST_AUTO_TEST_CASE(every_kept_input_belongs_to_a_target)
{
    BOOST_TEST(is_set_up);
    std::set<std::string> known;
    for (const target& one : targets)
        known.insert(one.name);
    for (const auto& name : left_out)
        BOOST_TEST(known.count(name) == 0U, name);
    for (const auto* kind : {"corpus", "cases"})
        for (const auto& folder : files_in(home / kind))
            if (known.count(folder.filename().string()) == 0U) {
                // A build without bulk, Redis or the sandbox has not got the targets of those.
                BOOST_TEST(left_out.count(folder.filename().string()) == 1U, "of no target: " << folder.string());
                std::cerr << "skipped, as this build has not got its target: " << folder.string() << '\n';
            }
}
