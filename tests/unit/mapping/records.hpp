// Reads sources for the tests of their mappings.
#ifndef USHER_TESTS_MAPPING_RECORDS_HPP
#define USHER_TESTS_MAPPING_RECORDS_HPP

#include "unit/bulk/read_all.hpp"

#include <usher/bulk/mapping.hpp>

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace records {

namespace bulk = usher::bulk;

inline std::string file(const std::string& path)
{
    std::ifstream in(USHER_SOURCE_DIR "/" + path, std::ios::binary);
    BOOST_TEST_REQUIRE(in.good());
    return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

inline std::string fixture(const std::string& name)
{
    return file("tests/unit/mapping/fixtures/" + name);
}

/// Every record of a source, mapped.
inline std::vector<bulk::mapped> map_all(bulk::source_format format, std::string_view text,
                                         const bulk::mapping_options& options = bulk::mapping_options())
{
    std::vector<bulk::mapped> all;
    for (const auto& record : read_all(format, text, 7))
        all.push_back(bulk::map_record(record, options));
    return all;
}

/// What became of a record, in one line: `id email+ phone- …` (+ is verified), or `refused code field`; then the notes'
/// fields in brackets.
inline std::string fate(const bulk::mapped& mapped)
{
    if (!mapped)
        return "refused " + mapped.error().code + " " + mapped.error().field;
    const auto& user = std::get<bulk::user>(mapped->what);
    std::string text = user.id;
    for (const auto* list : {&user.email_addresses, &user.phone_numbers})
        for (const auto& one : *list)
            text += " " + one.value + (one.verified ? "+" : "-");
    const std::pair<std::string_view, const std::string*> members[] = {
        {"username", &user.username}, {"first", &user.first_name}, {"last", &user.last_name}};
    for (const auto& [name, value] : members)
        if (!value->empty())
            text.append(" ").append(name).append("=").append(*value);
    if (user.password)
        text += " password=" + user.password->hasher;
    if (user.banned)
        text += " banned";
    if (!mapped->notes.empty()) {
        text += " [";
        for (const auto& note : mapped->notes)
            text += (text.back() == '[' ? "" : ",") + note.field;
        text += "]";
    }
    return text;
}

inline void check_fates(const std::vector<bulk::mapped>& all, const std::vector<std::string>& expected)
{
    for (std::size_t i = 0; i != std::min(all.size(), expected.size()); ++i)
        BOOST_TEST(fate(all[i]) == expected[i]);
    BOOST_TEST(all.size() == expected.size());
}

inline const bulk::user& user(const bulk::mapped& mapped)
{
    BOOST_TEST_REQUIRE(mapped.has_value());
    return std::get<bulk::user>(mapped->what);
}

/// Milliseconds since 1970; -1: there is no time.
inline long long ms(const std::optional<std::chrono::sys_time<std::chrono::milliseconds>>& time)
{
    return time ? static_cast<long long>(time->time_since_epoch().count()) : -1;
}

} // namespace records

#endif
