// Bounds of single values.
#ifndef USHER_JSON_CHECK_VALUES_HPP
#define USHER_JSON_CHECK_VALUES_HPP

#include <usher/detail/type_table.hpp>

#include <boost/json/value.hpp>

#include <span>
#include <string>
#include <string_view>

namespace usher::detail {

// Each returns what is wrong, in words, or an empty text.
std::string check_number(double value, std::string_view shown, const bounds& limits);
std::string check_text(std::string_view value, const bounds* limits);
std::string check_boolean(bool value, const bounds& limits);
std::string check_count(std::size_t elements, const bounds& limits);
std::string check_enumeration(std::string_view text, std::span<const std::string_view> names);
/// Free-form JSON: UTF-8 and finite numbers throughout, at most `levels` deep.
std::string check_tree(const boost::json::value& value, std::size_t levels);
std::string check_tree(const boost::json::object& object, std::size_t levels);

/// `"a", "b" or "c"`.
std::string list_of(std::span<const std::string_view> texts);

inline constexpr std::string_view not_utf8 = "not valid UTF-8";
inline constexpr std::string_view not_finite = "not a finite number";
inline constexpr std::string_view too_deep = "nested too deep";

} // namespace usher::detail

#endif
