// What became of a record, as one line of text: all that is in it, or why it was refused.
#ifndef USHER_TESTS_BULK_FATE_HPP
#define USHER_TESTS_BULK_FATE_HPP

#include <usher/bulk/mapping.hpp>

#include <boost/json/serialize.hpp>

#include <string>

inline std::string fate_of(const usher::bulk::source_record& record, const usher::bulk::mapping_options& options)
{
    using namespace usher::bulk;
    auto line = std::to_string(record.line) + " " + std::string(to_string(record.format)) + " ";
    const auto made = map_record(record, options);
    if (!made) {
        line += "refused " + made.error().code + (made.error().field.empty() ? "" : " " + made.error().field);
        return made.error().code == "unreadable_record" ? line + ": " + made.error().message : line;
    }
    const auto* who = std::get_if<user>(&made->what);
    line += boost::json::serialize(who ? to_record(*who) : to_record(std::get<organization>(made->what)));
    for (const auto& each : made->notes)
        line += " | " + each.field + ": " + each.reason;
    return line;
}

#endif
