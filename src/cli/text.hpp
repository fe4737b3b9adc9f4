// Texts for people: durations, numbers, JSON with line ends, names that were nearly right.
#ifndef USHER_CLI_TEXT_HPP
#define USHER_CLI_TEXT_HPP

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace usher::cli {

/// `80ms`, `10s`, `5m`, `1h`; a bare number is seconds. Nothing when it is none of these, or not above zero.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept;
/// `1:02:03` or `2:03`.
std::string clock_text(std::chrono::seconds time);
/// `1,234,567`.
std::string grouped(std::uint64_t number);
/// One digit after the point.
std::string with_tenth(double number);
/// The same JSON, indented by two. The numbers stay as they are written.
std::string indented_json(std::string_view json);
/// The names that differ least from `wanted`, at most three, and only if they are near.
std::vector<std::string_view> near_names(std::string_view wanted, const std::vector<std::string_view>& names);

} // namespace usher::cli

#endif
