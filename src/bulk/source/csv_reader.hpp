// Reads records from CSV, with a header line or without one (RFC 4180: quoted fields may hold delimiters, quotes and
// line ends).
//
// The splitting is libcsv's. It is fed line by line, so that the line of every record is known, and the raw lines of
// the record under way are kept: when a quote turns out wrong (a line that is torn inside a quoted field swallows the
// lines after it), the first of them is reported alone and reading begins again with the next one. Invariants. `raw_`
// holds the bytes of the record under way, which began in line `record_line_`.
#ifndef USHER_BULK_CSV_READER_HPP
#define USHER_BULK_CSV_READER_HPP

#include <usher/bulk/record.hpp>

#include <deque>
#include <memory>
#include <vector>

namespace usher::bulk {

class csv_reader final : public record_reader {
public:
    /// `required`: columns that the header must have. A header that has a name twice is refused.
    csv_reader(source_format format, std::vector<std::string> required);
    /// A file without a header line: `names` are those of its columns, and a row has at least as many fields as
    /// `at_least` says. Fields without a name are called `column 30` and so on.
    csv_reader(source_format format, std::vector<std::string> names, std::size_t at_least);
    ~csv_reader() override;

    void feed(std::string_view bytes) override;
    void finish() override;
    std::optional<source_record> next() override;

private:
    struct parser;

    void feed_line(std::string_view line);
    void row_ended();
    void take_header();
    void first_line_is_bad(std::string problem);
    void restart();
    std::string problem_of_row() const;
    std::string name_of(std::size_t column) const;

    source_format format_;
    std::vector<std::string> required_;
    std::unique_ptr<parser> parser_;
    std::vector<std::string> header_;
    std::size_t at_least_ = 0; ///< 0: as many fields as the header has
    std::deque<source_record> ready_;
    std::string partial_;
    std::string raw_;
    std::uint64_t line_ = 1;
    std::uint64_t record_line_ = 1;
    std::uint64_t offset_ = 0;
    bool first_bytes_ = true;
};

} // namespace usher::bulk

#endif
