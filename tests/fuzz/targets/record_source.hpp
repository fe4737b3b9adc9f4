// A source of users, read in pieces, for the targets that fuzz readers of them.
#ifndef USHER_TESTS_FUZZ_TARGETS_RECORD_SOURCE_HPP
#define USHER_TESTS_FUZZ_TARGETS_RECORD_SOURCE_HPP

#include <usher/bulk/record.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace usher::fuzz {

struct source_outcome {
    std::string failure; ///< why the source as a whole is refused
    std::vector<usher::bulk::source_record> records;
    std::string text; ///< of all records, to compare
};

/// Feeds a reader pieces of lengths that the seed draws.
source_outcome read_source(usher::bulk::source_format format, std::string_view text, std::uint8_t seed);
/// Maps all records, of whatever format: each is refused with a code, or has an id; and the model's own record of it
/// maps to the same entity again.
void map_all(const source_outcome& read);
/// Lines that are not blank.
std::size_t count_lines(std::string_view text);

} // namespace usher::fuzz

#endif
