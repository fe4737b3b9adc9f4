#include "fuzz/targets/record_source.hpp"

#include "bulk/mapping/text.hpp"
#include "fuzz/promise.hpp"

#include <usher/bulk/mapping.hpp>

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

namespace {

mapping_options every_option()
{
    mapping_options made;
    auto& hash = made.firebase.emplace();
    hash.signer_key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    hash.salt_separator = "Bw==";
    hash.rounds = 8;
    hash.memory_cost = 14;
    made.fields = parse_field_mapping(R"({"id":"id","username":"email"})");
    return made;
}

boost::json::object as_record(const mapped_record& made)
{
    const auto* who = std::get_if<user>(&made.what);
    return who ? to_record(*who) : to_record(std::get<organization>(made.what));
}

} // namespace

void map_all(const source_outcome& read)
{
    static const auto options = every_option();
    for (const auto& record : read.records)
        for (const auto format : source_formats()) {
            source_record one = record;
            one.format = format;
            const auto made = map_record(one, options);
            if (!made) {
                promise(!made.error().code.empty() && !made.error().message.empty(), "a refusal says why");
                continue;
            }
            promise(!made->id().empty(), "what is mapped has an id");
            one.format = source_format::usher;
            one.fields = as_record(*made);
            const auto again = map_record(one, options);
            promise(again.has_value(), "what is mapped can be written down and read again");
            promise(as_record(*again) == one.fields, "and nothing of it is lost");
        }
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
