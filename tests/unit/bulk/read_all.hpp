// Reads a whole source in pieces of a given size.
#ifndef USHER_TESTS_BULK_READ_ALL_HPP
#define USHER_TESTS_BULK_READ_ALL_HPP

#include <usher/bulk/record.hpp>

#include <algorithm>
#include <string_view>
#include <vector>

inline std::vector<usher::bulk::source_record> read_all(usher::bulk::source_format format, std::string_view text,
                                                        std::size_t piece = 1 << 16)
{
    const auto reader = usher::bulk::make_reader(format);
    std::vector<usher::bulk::source_record> records;
    const auto take = [&] {
        while (auto record = reader->next())
            records.push_back(std::move(*record));
    };
    for (std::size_t at = 0; at < text.size(); at += piece) {
        reader->feed(text.substr(at, std::min(piece, text.size() - at)));
        take();
    }
    reader->finish();
    take();
    return records;
}

#endif
