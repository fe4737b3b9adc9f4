// Exports of users as lines of JSON or as one array, and the failures of an earlier run.
#include "bulk/text.hpp"
#include "fuzz/promise.hpp"
#include "fuzz/targets.hpp"

#include <usher/bulk/record.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <vector>

namespace usher::fuzz {
namespace {

using namespace usher::bulk;

struct outcome {
    std::vector<source_record> records;
    std::string text;
};

outcome read_source(source_format format, std::string_view text, std::uint8_t seed)
{
    outcome made;
    const auto reader = make_reader(format);
    const auto take = [&] {
        while (auto record = reader->next()) {
            made.text += std::to_string(record->line) + "|" + std::string(to_string(record->format)) + "|" +
                         record->problem + "|" + record->text + "|" + boost::json::serialize(record->fields) + "|" +
                         std::to_string(record->end_offset) + "\n";
            made.records.push_back(std::move(*record));
        }
    };
    pieces cut(seed);
    for (std::size_t at = 0; at < text.size();) {
        const auto piece = text.substr(at, cut.next());
        reader->feed(piece);
        take();
        at += piece.size();
    }
    reader->finish();
    take();
    promise(!reader->next(), "after the last record there is none");
    return made;
}

std::size_t count_lines(std::string_view text)
{
    std::size_t lines = 0;
    while (!text.empty()) {
        const auto one = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), one.size() + 1));
        lines += trimmed(one).empty() ? 0U : 1U;
    }
    return lines;
}

} // namespace

void ndjson(std::string_view bytes)
{
    input from(bytes);
    const auto format = (from.byte() & 1U) != 0 ? source_format::failures : source_format::auth0;
    const auto seed = from.byte();
    const auto text = from.rest();
    const auto whole = read_source(format, text, 255);
    promise_same(whole.text, read_source(format, text, seed).text, "records do not depend on how a source is cut");

    std::uint64_t offset = 0;
    for (const auto& one : whole.records) {
        promise(one.end_offset > offset && one.end_offset <= text.size(), "records are in the order of their bytes");
        promise(!one.problem.empty() || one.format != source_format::failures, "a record says how it is mapped");
        promise(one.problem.empty() || one.fields.empty(), "a record is read or refused");
        offset = one.end_offset;
    }
    auto own = text;
    if (own.starts_with("\xEF\xBB\xBF"))
        own.remove_prefix(3);
    own = trimmed(own);
    if (!own.starts_with('[')) {
        if (own.find_first_of(std::string_view("\v\f", 2)) == own.npos)
            promise(whole.records.size() == count_lines(own), "every line is a record");
        return;
    }
    boost::json::error_code failed;
    boost::json::parse_options options;
    options.max_depth = 60;
    const auto array = boost::json::parse(boost::json::string_view(own.data(), own.size()), failed, {}, options);
    if (failed || !array.is_array())
        return;
    promise(whole.records.size() == array.get_array().size(), "every element is a record");
    for (std::size_t i = 0; i < whole.records.size() && format == source_format::auth0; ++i) {
        const auto& element = array.get_array()[i];
        promise(whole.records[i].problem.empty() == element.is_object(), "every object is read");
        promise(!element.is_object() || element.get_object() == whole.records[i].fields, "as it was written");
    }
}

} // namespace usher::fuzz
