// One record of a source, before anything is made of it.
#ifndef USHER_BULK_RECORD_HPP
#define USHER_BULK_RECORD_HPP

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace usher::bulk {

/// How a source is written. Where a format exists as JSON and as CSV, its first byte tells which.
enum class source_format : std::uint8_t {
    auth0,       ///< users as NDJSON, or as one JSON array
    clerk_csv,   ///< the user export of Clerk's dashboard
    firebase,    ///< `firebase auth:export`, JSON or CSV
    supabase,    ///< the table `auth.users`, CSV or JSON
    authjs,      ///< the table `users` of Auth.js, CSV or JSON
    better_auth, ///< the tables `user` and `account` of Better Auth, CSV or JSON
    csv,         ///< any CSV with a header, by a mapping file
    ndjson,      ///< any NDJSON, by a mapping file
    usher,       ///< what `usher export` writes: organizations, and users with their memberships
    failures     ///< the failures of an earlier run, each of which says what it came from
};

std::string_view to_string(source_format format) noexcept;
/// The format of this name (`auth0`, `clerk-csv`, `better-auth`, …), if there is one.
std::optional<source_format> parse_source_format(std::string_view name) noexcept;
/// All of them, in the order of the enumeration.
std::span<const source_format> source_formats() noexcept;

/// A record as the source has it.
struct source_record {
    source_record() = default;
    std::uint64_t line = 0;                      ///< where it begins, counted from 1; 0: the source has no lines
    source_format format = source_format::auth0; ///< how to map it
    boost::json::object fields;                  ///< empty when there is a problem
    std::string problem;                         ///< why it can't be read; empty: it could
    std::string text;                            ///< as it stood, when it can't be read
    std::uint64_t end_offset = 0;                ///< how much of the source there is up to the end of this record
};

/// Turns the bytes of a source into records.
///
/// Bytes are fed in pieces of any size and records taken out until there is none; memory is bounded by the pieces
/// and by `max_record_size`. Every non-empty line becomes a record: one that can't be read carries the reason.
/// A byte order mark, CRLF, empty lines and a last line without its end are understood.
/// *Errors*: `std::runtime_error` from `feed` or `next` when the source as a whole is not of its format.
/// *Thread safety*: none.
class record_reader {
public:
    virtual ~record_reader() = default;
    virtual void feed(std::string_view bytes) = 0;
    /// No more bytes will come. What is left becomes the last record.
    virtual void finish() = 0;
    virtual std::optional<source_record> next() = 0;
};

/// Longer records are reported with their beginning and passed over; a line of a failures file may be 8 times that.
inline constexpr std::size_t max_record_size = 1024 * 1024;

std::unique_ptr<record_reader> make_reader(source_format format);

} // namespace usher::bulk

#endif
