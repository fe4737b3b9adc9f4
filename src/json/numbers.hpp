// Numbers out of text, exactly.
#ifndef USHER_JSON_NUMBERS_HPP
#define USHER_JSON_NUMBERS_HPP

#include <cstdint>
#include <string>
#include <string_view>

namespace usher::detail {

enum class number_fault : std::uint8_t { none, not_whole, out_of_range, malformed };

struct whole_number {
    std::int64_t value = 0;
    number_fault fault = number_fault::none;
};

/// A JSON number as an integer: `3`, `3.0` and `30e-1` are 3, `1.5` is not whole. No digit is lost on the way.
whole_number read_whole(std::string_view json_number) noexcept;

/// A decimal text such as `-42`: digits with an optional minus, nothing else.
whole_number read_decimal(std::string_view text) noexcept;

/// The double nearest to a JSON number; `approximation` tells an overflow from an underflow. False: too large.
bool read_double(std::string_view json_number, double approximation, double& value) noexcept;

/// Appends the shortest text that reads back as the same number. Not a finite number: `null`, as JSON has none.
void append_double(double value, std::string& out);
void append_integer(std::int64_t value, std::string& out);
void append_natural(std::uint64_t value, std::string& out);

} // namespace usher::detail

#endif
