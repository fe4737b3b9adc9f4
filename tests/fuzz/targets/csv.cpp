// CSV exports of users: no record is lost, however the bytes are cut.
#include "bulk/mapping/text.hpp"
#include "fuzz/promise.hpp"
#include "fuzz/targets.hpp"
#include "fuzz/targets/record_source.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace usher::fuzz {
namespace {

using namespace usher::bulk;

std::string quoted(std::string_view text)
{
    std::string made = "\"";
    for (const char c : text)
        made.append(c == '"' ? 2 : 1, c);
    return made + '"';
}

/// Rows that are written by the rules are read one by one.
void look_at_rows(input from)
{
    const bool has_crlf = (from.byte() & 1U) != 0;
    const char* const end = has_crlf ? "\r\n" : "\n";
    std::string text = "\xEF\xBB\xBFid,\"na\"\"me\"";
    text += end;
    std::vector<std::pair<std::string, std::string>> rows;
    while (!from.empty() && rows.size() < 20) {
        rows.emplace_back(from.line(), from.line());
        auto& [id, name] = rows.back();
        std::replace(id.begin(), id.end(), '|', '\n');
        text += quoted(id) + "," + quoted(name) + end;
    }
    const auto made = read_source(source_format::clerk_csv, text, 7);
    promise_same(made.failure, "", "a source by the rules is read");
    promise(made.records.size() == rows.size(), "every row is a record");
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& record = made.records[i];
        const bool is_text = is_utf8(rows[i].first) && is_utf8(rows[i].second);
        promise(record.problem.empty() == is_text, "a row that is UTF-8 is read");
        if (is_text)
            promise(record.fields.at("id").as_string() == boost::json::string_view(rows[i].first) &&
                        record.fields.at("na\"me").as_string() == boost::json::string_view(rows[i].second),
                    "a row has the fields that were written");
    }
}

/// Columns without names, and files that may be JSON instead.
void look_at_other_formats(input from)
{
    constexpr source_format formats[] = {source_format::firebase, source_format::supabase, source_format::csv};
    const auto format = formats[from.byte() % std::size(formats)];
    const auto seed = from.byte();
    const auto text = from.rest();
    const auto whole = read_source(format, text, 255);
    const auto other = read_source(format, text, seed);
    promise_same(whole.failure, other.failure, "why a source is refused does not depend on how it is cut");
    if (whole.failure.empty())
        promise_same(whole.text, other.text, "nor do its records");
    map_all(whole);
}

} // namespace

void csv(std::string_view bytes)
{
    input from(bytes);
    const auto how = from.byte();
    const auto seed = from.byte();
    if (how % 4 == 0) {
        look_at_rows(from);
        return;
    }
    if (how >= 192) {
        look_at_other_formats(from);
        return;
    }
    const auto text = how % 4 == 1 ? "id,email\n" + std::string(from.rest()) : std::string(from.rest());
    const auto whole = read_source(source_format::clerk_csv, text, 255);
    const auto other = read_source(source_format::clerk_csv, text, seed);
    promise_same(whole.failure, other.failure, "why a source is refused does not depend on how it is cut");
    if (whole.failure.empty())
        promise_same(whole.text, other.text, "nor do its records");
    map_all(whole);
    if (!whole.failure.empty())
        return;
    std::uint64_t line = 1;
    std::uint64_t offset = 0;
    for (const auto& one : whole.records) {
        promise(one.line > line || one.line == 1 || line == 1, "records are in the order of their lines");
        promise(one.end_offset > offset && one.end_offset <= text.size(), "records are in the order of their bytes");
        promise(one.problem.empty() || one.fields.empty(), "a record is read or refused");
        line = one.line;
        offset = one.end_offset;
    }
    if (text.find_first_of(std::string_view("\"\r\0", 3)) != std::string::npos)
        return;
    auto own = std::string_view(text);
    if (own.starts_with("\xEF\xBB\xBF"))
        own.remove_prefix(3);
    promise(whole.records.size() + 1 == count_lines(own), "without quotes, every line is a record");
}

} // namespace usher::fuzz
