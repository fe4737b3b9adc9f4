#include "fuzz/targets/record_source.hpp"

#include "bulk/mapping/text.hpp"
#include "fuzz/promise.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <stdexcept>

namespace usher::fuzz {

using namespace usher::bulk;

source_outcome read_source(source_format format, std::string_view text, std::uint8_t seed)
{
    source_outcome made;
    const auto reader = make_reader(format);
    const auto take = [&] {
        while (auto record = reader->next()) {
            made.text += std::to_string(record->line) + "|" + std::string(to_string(record->format)) + "|" +
                         record->problem + "|" + record->text + "|" + boost::json::serialize(record->fields) + "|" +
                         std::to_string(record->end_offset) + "\n";
            made.records.push_back(std::move(*record));
        }
    };
    try {
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
    } catch (const std::runtime_error& refused) {
        made.failure = refused.what();
    }
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

} // namespace usher::fuzz
