// Files that were cut or changed: an error or what was written, and nothing else.
#include "job.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>
#include <random>

namespace {

constexpr int records = 300;

std::string written_file(const std::string& path)
{
    {
        job all(path);
        for (int i = 0; i < records; ++i)
            all.bury(0, "id" + std::to_string(i), static_cast<std::uint64_t>(i) + 1, "code");
        for (std::uint64_t i = 1; i <= records; i += 2) {
            all.step(i, 0, bulk::import_step::create, "user_" + std::to_string(i));
            all.step(i, 1, bulk::import_step::membership, "member_" + std::to_string(i), bulk::record_state::created);
        }
    }
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Everything that a journal says of its records.
std::string all_of(const std::string& path)
{
    const bulk::journal_reader read(path);
    std::string all;
    read.each_entry([&](const bulk::journal_entry& entry) {
        all += entry.source_id + entry.target_id + std::to_string(entry.line) + std::string(to_string(entry.state));
        return true;
    });
    read.each_made([&](std::uint64_t number, std::uint16_t step, const bulk::made_thing& thing) {
        all += std::to_string(number) + std::to_string(step) + thing.entity_id + thing.id;
        return true;
    });
    read.each_dead_letter([&](const bulk::dead_letter& letter) {
        all += letter.code + letter.text;
        return true;
    });
    return all;
}

void put_file(const std::string& path, const std::string& bytes)
{
    for (const char* end : {"-wal", "-shm"})
        std::filesystem::remove(path + end);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// What is read and written of a damaged file is what was there, or trouble that names the file.
bool is_told(const std::string& path, const std::string& whole)
{
    std::string read;
    const auto trouble = trouble_of([&] { read = all_of(path); });
    BOOST_REQUIRE(!trouble.empty() || read == whole);
    const auto later = trouble_of([&] {
        job all(path);
        for (int i = 0; i < records; i += 7)
            if (const auto entry = all.find("id" + std::to_string(i)))
                BOOST_REQUIRE_EQUAL(entry->line, static_cast<std::uint64_t>(i) + 1);
        all.end(all.begin("another").number, "x");
        all.flush();
    });
    for (const auto& each : {trouble, later})
        BOOST_REQUIRE(each.empty() || each.find(path) != std::string::npos);
    return !trouble.empty();
}

} // namespace

BOOST_AUTO_TEST_SUITE(damage)

BOOST_AUTO_TEST_CASE(a_byte_that_was_changed_is_an_error_or_makes_no_difference)
{
    temporary_folder folder;
    const auto path = folder.file("job");
    const auto bytes = written_file(path);
    const auto whole = all_of(path);
    std::mt19937 random(3);
    int told = 0;
    for (int round = 0; round < 150; ++round) {
        auto changed = bytes;
        const auto at = random() % changed.size();
        changed[at] = static_cast<char>(changed[at] ^ static_cast<char>(1U << random() % 8U));
        put_file(path, changed);
        BOOST_TEST_CONTEXT("byte " << at)
        {
            told += is_told(path, whole) ? 1 : 0;
        }
    }
    BOOST_TEST(told > 20);
}

BOOST_AUTO_TEST_CASE(a_file_that_was_cut_is_an_error)
{
    temporary_folder folder;
    const auto path = folder.file("job");
    const auto bytes = written_file(path);
    const auto whole = all_of(path);
    int told = 0;
    for (std::size_t size = 1; size < bytes.size(); size += bytes.size() / 40) {
        put_file(path, bytes.substr(0, size));
        BOOST_TEST_CONTEXT("cut to " << size)
        {
            told += is_told(path, whole) ? 1 : 0;
        }
    }
    BOOST_TEST(told > 30); // what was cut off the end may have been empty
}

BOOST_AUTO_TEST_SUITE_END()
