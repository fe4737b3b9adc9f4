// Reads records from JSON: one object a line, or one array of objects. Which of both it is, the first byte tells. The
// array may be the first member of an object: `{"users":[…]}`.
//
// Invariants. `buffer_` holds what has been fed and not taken; `scan_` is how far it has been searched for the end of
// the record that begins at its start, so that no byte is searched twice. `line_` is the line of the buffer's first
// byte.
#ifndef USHER_BULK_JSON_READER_HPP
#define USHER_BULK_JSON_READER_HPP

#include <usher/bulk/record.hpp>

#include <functional>

namespace usher::bulk {

class json_reader final : public record_reader {
public:
    /// Makes a record, with its line, of the text of one object that stands in `line`.
    using converter =
        std::function<source_record(boost::json::object object, std::string_view text, std::uint64_t line)>;

    /// `wrapper`: the name of the member that may hold the array; empty: none does. `most`: the longest record.
    explicit json_reader(source_format format, converter convert = converter(), std::string wrapper = std::string(),
                         std::size_t most = max_record_size);

    void feed(std::string_view bytes) override;
    void finish() override { finished_ = true; }
    std::optional<source_record> next() override;

private:
    enum class shape : std::uint8_t { undecided, lines, array, after_array };

    enum class answer : std::uint8_t { no, yes, unknown };

    void decide();
    answer find_wrapped_array(std::string_view text, std::size_t& length) const;
    source_record not_closed();
    std::optional<source_record> next_line();
    std::optional<source_record> next_element();
    std::optional<source_record> rest_of_array();
    bool find_element_end();
    bool skip_separators();
    source_record make(std::string_view text, std::uint64_t end_offset, bool torn) const;
    source_record unreadable(std::string_view text, std::string problem, std::uint64_t end_offset) const;
    void drop(std::size_t count);

    source_format format_;
    converter convert_;
    std::string wrapper_;
    std::size_t most_;
    std::string buffer_;
    std::size_t begin_ = 0;
    std::size_t scan_ = 0;
    std::size_t depth_ = 0;
    std::uint64_t line_ = 1;
    std::uint64_t offset_ = 0;
    shape shape_ = shape::undecided;
    bool in_string_ = false;
    bool escaped_ = false;
    bool skipping_ = false;
    bool wrapped_ = false;
    bool finished_ = false;
};

} // namespace usher::bulk

#endif
