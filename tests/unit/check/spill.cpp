#include "bulk/check/spill.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <random>
#include <system_error>
#include <vector>

namespace bulk = usher::bulk;

namespace {

std::vector<bulk::spilled> all_of(bulk::spill& from, std::size_t* parts = nullptr)
{
    std::vector<bulk::spilled> all;
    from.each_part([&](auto part) {
        all.insert(all.end(), part.begin(), part.end());
        if (parts)
            *parts += 1;
    });
    return all;
}

std::vector<bulk::spilled> random_entries(std::mt19937_64& dice, std::size_t count, std::uint64_t keys)
{
    std::vector<bulk::spilled> made;
    for (std::size_t i = 0; i < count; ++i) {
        const auto key = dice() % keys;
        made.emplace_back(key * 0x9e3779b97f4a7c15U, key, dice() % 1000, dice());
    }
    return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(spill)

BOOST_DATA_TEST_CASE(what_was_added_comes_back_sorted, boost::unit_test::data::make({0U, 1U, 4U, 8U}), bits)
{
    std::mt19937_64 dice(bits + 1);
    // Less than a block, exactly one, one more, many; few keys and many.
    for (const std::size_t count : {0U, 1U, 127U, 128U, 129U, 5'000U, 70'000U}) {
        for (const std::uint64_t keys : {1U, 7U, 1'000'000U}) {
            bulk::spill file("", bits);
            auto expected = random_entries(dice, count, keys);
            for (const auto& each : expected)
                file.add(each);
            BOOST_TEST(file.size() == count);
            std::sort(expected.begin(), expected.end());
            const auto all = all_of(file);
            BOOST_TEST_REQUIRE((all == expected));
        }
    }
}

BOOST_AUTO_TEST_CASE(entries_with_one_key_are_in_one_part)
{
    bulk::spill file("", 8);
    for (std::uint64_t i = 0; i < 3'000; ++i)
        file.add({0xfedcba9876543210U, 7, 3'000 - i, 0});
    std::size_t parts = 0;
    const auto all = all_of(file, &parts);
    BOOST_TEST(parts == 1U);
    BOOST_TEST(all.size() == 3'000U);
    BOOST_TEST(all.front().record == 1U);
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_not_there_is_named)
{
    BOOST_CHECK_EXCEPTION(bulk::spill("/nowhere/at/all", 4), std::system_error, [](const auto& why) {
        return std::string(why.what()).find("/nowhere/at/all") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(nothing_is_left_in_the_folder)
{
    const auto folder =
        std::filesystem::temp_directory_path() / ("usher-spill-" + std::to_string(std::random_device()()));
    std::filesystem::create_directory(folder);
    {
        bulk::spill file(folder.string(), 2);
        for (std::uint64_t i = 0; i < 100'000; ++i)
            file.add({i << 40U, i, i, i});
        BOOST_TEST(std::filesystem::is_empty(folder));
        BOOST_TEST(all_of(file).size() == 100'000U);
    }
    BOOST_TEST(std::filesystem::is_empty(folder));
    std::filesystem::remove_all(folder);
}

BOOST_AUTO_TEST_SUITE_END()
