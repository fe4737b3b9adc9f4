// Exports of users as lines of JSON or as one array, and the failures of an earlier run.
#include "bulk/mapping/text.hpp"
#include "fuzz/promise.hpp"
#include "fuzz/targets.hpp"
#include "fuzz/targets/record_source.hpp"

#include <boost/json/parse.hpp>

namespace usher::fuzz {
using namespace usher::bulk;

void ndjson(std::string_view bytes)
{
    input from(bytes);
    const auto format = (from.byte() & 1U) != 0 ? source_format::failures : source_format::auth0;
    const auto seed = from.byte();
    const auto text = from.rest();
    const auto whole = read_source(format, text, 255);
    promise_same(whole.failure, "", "no source is refused as a whole");
    promise_same(whole.text, read_source(format, text, seed).text, "records do not depend on how a source is cut");

    std::uint64_t offset = 0;
    for (const auto& one : whole.records) {
        promise(one.end_offset >= offset && one.end_offset <= text.size(), "records are in the order of their bytes");
        promise(!one.problem.empty() || one.format != source_format::failures, "a record says how it is mapped");
        promise(one.problem.empty() || one.fields.empty(), "a record is read or refused");
        offset = one.end_offset;
    }
    map_all(whole);
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
