// What a database's column or a member of a record means, however the database wrote it: CSV knows only texts, SQLite
// only numbers where others have booleans and times.
#ifndef USHER_BULK_COLUMN_VALUES_HPP
#define USHER_BULK_COLUMN_VALUES_HPP

#include "bulk/mapping/mapping_parts.hpp"

#include <boost/json/value.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace usher::bulk {

using column_time = std::chrono::sys_time<std::chrono::milliseconds>;

/// How a time is written. `any` tells milliseconds from seconds by their size: from 1973 to 5138 no number of one is
/// also one of the other.
enum class time_form : std::uint8_t { any, text, milliseconds, seconds, rfc3339, sql };

/// Null, an empty text, an empty list or object: nothing is lost with it.
bool is_nothing(const boost::json::value& value) noexcept;
/// A text, trimmed, or a whole number in decimal; nothing for another type. Ids are numbers in many databases.
std::optional<std::string> column_text(const boost::json::value& value);
/// A whole number, or a text that is one.
std::optional<std::int64_t> column_number(const boost::json::value& value);
/// true, 1, `true`, `t`, `yes`, `1` and their opposites, in any case.
std::optional<bool> column_flag(const boost::json::value& value);
/// RFC 3339, or as SQL has it: a space in the place of the T, an offset `+00`, or none, which means UTC. `text` is
/// either of the two, and no number.
std::optional<column_time> column_time_of(const boost::json::value& value, time_form form = time_form::any);

/// Whether an identifier is verified: a flag, or the time at which it was, so that none means it is not.
std::optional<bool> column_verified(const boost::json::value& value);

/// A full name: one word is a first name, two are first and last name. Where a longer one is to be split nobody can
/// know, so it is noted, as what is no name of a person is.
void set_full_name(user_parts& parts, std::string_view field_name, std::string_view text);

} // namespace usher::bulk

#endif
