// Which reader a format needs, and how a failure of an earlier run becomes a record again.
#include "bulk/mapping/digest_text.hpp"
#include "bulk/mapping/text.hpp"
#include "bulk/source/csv_reader.hpp"
#include "bulk/source/either_reader.hpp"
#include "bulk/source/json_reader.hpp"

#include <boost/json/parse.hpp>

#include <array>

namespace usher::bulk {

namespace {

/// A letter holds a record of `max_record_size` with its characters escaped, in six bytes at most, and the error.
constexpr std::size_t max_letter_size = 8 * max_record_size;

std::string_view text_member(const boost::json::object& object, std::string_view name)
{
    const auto* value = object.if_contains(name);
    return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

/// A text that could not be read may have been mended in the failures file.
void read_again(source_record& record, std::string_view text)
{
    boost::system::error_code failed;
    auto value = boost::json::parse(text, failed);
    if (!failed && value.is_object()) {
        record.fields = std::move(value.get_object());
        return;
    }
    record.text = text;
    record.problem = record.format == source_format::clerk_csv || record.format == source_format::csv
                         ? "a row that could not be read: mend it in the file that it came from"
                         : "still not a JSON object: mend \"source_text\", or put the record under \"source\"";
}

std::string_view message_of(const boost::json::object& failure)
{
    const auto* error = failure.if_contains("error");
    return error && error->is_object() ? text_member(error->get_object(), "message") : std::string_view();
}

/// Bytes that are no text. What they were refused for is said again: nobody can mend them here.
void read_bytes_again(source_record& record, const boost::json::object& failure)
{
    const auto text = text_member(failure, "source_base64");
    auto bytes = from_base64(text);
    if (bytes && is_utf8(*bytes))
        return read_again(record, *bytes);
    record.problem = bytes ? message_of(failure) : "\"source_base64\" is not base64";
    if (record.problem.empty())
        record.problem = "not UTF-8";
    record.text = bytes ? std::move(*bytes) : std::string(text);
}

/// It has no line: a letter about it must not take the place of a record's.
source_record no_letter(std::string_view text, std::string_view problem)
{
    source_record record;
    record.format = source_format::failures;
    record.text = text;
    record.problem = problem.empty() ? "not a line of a failures file" : problem;
    return record;
}

source_record no_letter(std::string_view text, std::uint64_t place, const std::string& why)
{
    return no_letter(text, "not a line of a failures file: " + why + " (line " + std::to_string(place) + ")");
}

source_record from_failure(boost::json::object failure, std::string_view text, std::uint64_t place);

/// A letter about a line that was no letter: that line again, which may have been mended; if it was not, then with its
/// first problem, so that the next letter about it is this one.
source_record from_no_letter(const boost::json::object& failure, std::uint64_t place)
{
    const bool is_text = failure.contains("source_text");
    const auto text = is_text ? std::string(text_member(failure, "source_text"))
                              : from_base64(text_member(failure, "source_base64")).value_or("");
    boost::system::error_code failed;
    auto value = boost::json::parse(text, failed);
    if (!failed && value.is_object()) {
        auto mended = from_failure(std::move(value.get_object()), text, place);
        if (mended.format != source_format::failures)
            return mended;
    }
    return no_letter(text, message_of(failure));
}

source_record from_failure(boost::json::object failure, std::string_view text, std::uint64_t place)
{
    const auto format = parse_source_format(text_member(failure, "from"));
    const bool is_kept = failure.contains("source_text") || failure.contains("source_base64");
    if (format == source_format::failures && is_kept)
        return from_no_letter(failure, place);
    if (!format || *format == source_format::failures)
        return no_letter(text, place, "\"from\" does not name a format");
    source_record record;
    record.format = *format;
    if (const auto* line = failure.if_contains("line"); line && line->is_int64() && line->get_int64() > 0)
        record.line = static_cast<std::uint64_t>(line->get_int64());
    if (auto* source = failure.if_contains("source"); source && source->is_object())
        record.fields = std::move(source->get_object());
    else if (failure.contains("source_text"))
        read_again(record, text_member(failure, "source_text"));
    else if (failure.contains("source_base64"))
        read_bytes_again(record, failure);
    else
        return no_letter(text, place, "it has no \"source\"");
    return record;
}

/// Firebase's columns have no header line: https://firebase.google.com/docs/cli/auth#file_format. Behind the last one
/// there is a comma.
std::unique_ptr<record_reader> firebase_reader()
{
    static constexpr std::size_t columns = 28;
    std::vector<std::string> names = {"localId", "email",       "emailVerified", "passwordHash",
                                      "salt",    "displayName", "photoUrl"};
    for (const std::string provider : {"google.com", "facebook.com", "twitter.com", "github.com"})
        for (const auto* member : {".rawId", ".email", ".displayName", ".photoUrl"})
            names.push_back(provider + member);
    for (const auto* name : {"createdAt", "lastSignedInAt", "phoneNumber", "disabled", "customAttributes"})
        names.emplace_back(name);
    static constexpr auto format = source_format::firebase;
    return std::make_unique<either_reader>(
        [names] { return std::make_unique<csv_reader>(format, names, columns); },
        [] { return std::make_unique<json_reader>(format, json_reader::converter(), "users"); });
}

} // namespace

std::string_view to_string(source_format format) noexcept
{
    switch (format) {
    case source_format::auth0:
        return "auth0";
    case source_format::clerk_csv:
        return "clerk-csv";
    case source_format::firebase:
        return "firebase";
    case source_format::supabase:
        return "supabase";
    case source_format::authjs:
        return "authjs";
    case source_format::better_auth:
        return "better-auth";
    case source_format::csv:
        return "csv";
    case source_format::ndjson:
        return "ndjson";
    case source_format::usher:
        return "usher";
    case source_format::failures:
        return "failures";
    }
    return "";
}

std::span<const source_format> source_formats() noexcept
{
    static constexpr std::array all = {source_format::auth0,    source_format::clerk_csv, source_format::firebase,
                                       source_format::supabase, source_format::authjs,    source_format::better_auth,
                                       source_format::csv,      source_format::ndjson,    source_format::usher,
                                       source_format::failures};
    return all;
}

std::optional<source_format> parse_source_format(std::string_view name) noexcept
{
    for (const auto format : source_formats())
        if (to_string(format) == name)
            return format;
    return std::nullopt;
}

std::unique_ptr<record_reader> make_reader(source_format format)
{
    const auto make_csv = [format] { return std::make_unique<csv_reader>(format, std::vector<std::string>{"id"}); };
    const auto make_json = [format] { return std::make_unique<json_reader>(format); };
    switch (format) {
    case source_format::clerk_csv:
        return make_csv();
    case source_format::csv:
        return std::make_unique<csv_reader>(format, std::vector<std::string>());
    case source_format::firebase:
        return firebase_reader();
    case source_format::supabase:
    case source_format::authjs:
    case source_format::better_auth:
        return std::make_unique<either_reader>(make_csv, make_json);
    case source_format::failures:
        return std::make_unique<json_reader>(format, from_failure, std::string(), max_letter_size);
    case source_format::auth0:
    case source_format::ndjson:
    case source_format::usher:
        break;
    }
    return make_json();
}

} // namespace usher::bulk
