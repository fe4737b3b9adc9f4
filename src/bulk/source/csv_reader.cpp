#include "bulk/source/csv_reader.hpp"

#include "bulk/mapping/text.hpp"

#include <csv.h>

#include <algorithm>
#include <map>
#include <new>
#include <stdexcept>

namespace usher::bulk {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
/// A record of an export is a few hundred bytes; more than this in one record is a quote that was never closed.
constexpr std::size_t max_row = 256 * 1024;

} // namespace

struct csv_reader::parser {
    parser()
    {
        if (csv_init(&state, CSV_STRICT | CSV_STRICT_FINI) != 0)
            throw std::bad_alloc();
    }
    parser(const parser&) = delete;
    parser& operator=(const parser&) = delete;
    ~parser() { csv_free(&state); }

    static void field_ended(void* text, std::size_t size, void* self)
    {
        static_cast<parser*>(self)->fields.emplace_back(static_cast<const char*>(text), size);
    }
    static void row_ended(int, void* self) { static_cast<parser*>(self)->rows += 1; }

    bool parse(std::string_view bytes)
    {
        return csv_parse(&state, bytes.data(), bytes.size(), field_ended, row_ended, this) == bytes.size();
    }
    bool finish() { return csv_fini(&state, field_ended, row_ended, this) == 0; }

    csv_parser state{};
    std::vector<std::string> fields;
    std::size_t rows = 0;
};

csv_reader::csv_reader(source_format format, std::vector<std::string> required)
    : format_(format), required_(std::move(required)), parser_(std::make_unique<parser>())
{
}

csv_reader::csv_reader(source_format format, std::vector<std::string> names, std::size_t at_least)
    : format_(format), parser_(std::make_unique<parser>()), header_(std::move(names)), at_least_(at_least)
{
}

csv_reader::~csv_reader() = default;

void csv_reader::restart()
{
    parser_ = std::make_unique<parser>();
    record_line_ = line_;
    raw_.clear();
}

void csv_reader::feed(std::string_view bytes)
{
    partial_.append(bytes);
    if (first_bytes_) {
        if (partial_.size() < byte_order_mark.size() && byte_order_mark.starts_with(partial_))
            return;
        first_bytes_ = false;
        if (std::string_view(partial_).starts_with(byte_order_mark)) {
            partial_.erase(0, byte_order_mark.size());
            offset_ += byte_order_mark.size();
        }
    }
    std::size_t begin = 0;
    for (auto end = partial_.find('\n'); end != std::string::npos; end = partial_.find('\n', begin)) {
        feed_line(std::string_view(partial_).substr(begin, end + 1 - begin));
        begin = end + 1;
    }
    partial_.erase(0, begin);
    if (partial_.size() > max_record_size)
        throw std::runtime_error("line " + std::to_string(line_) +
                                 " is longer than 1 MiB: this is not a CSV file of users");
}

void csv_reader::feed_line(std::string_view line)
{
    raw_.append(line);
    offset_ += line.size();
    line_ += 1;
    const bool fine = parser_->parse(line);
    if (!fine)
        first_line_is_bad("a quoted field is not closed, or has a quote in it that is not doubled");
    else if (parser_->rows > 0)
        row_ended();
    else if (parser_->fields.empty() && trimmed(raw_).empty())
        restart();
    else if (raw_.size() > max_row)
        first_line_is_bad("a quoted field is not closed");
}

void csv_reader::finish()
{
    const std::string rest = std::exchange(partial_, std::string());
    if (!rest.empty())
        feed_line(rest);
    while (!raw_.empty()) {
        if (!parser_->finish()) {
            first_line_is_bad("the source is torn: it ends inside a quoted field");
            continue;
        }
        if (parser_->rows == 0)
            break;
        row_ended();
    }
    if (header_.empty())
        throw std::runtime_error("the file has no header line");
}

void csv_reader::take_header()
{
    for (const auto& field : parser_->fields)
        header_.emplace_back(trimmed(field));
    // A query that joins two tables has columns like `id` twice, and which of them is meant nobody can know.
    std::map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < header_.size(); ++i) {
        const auto [before, is_new] = places.emplace(name_of(i), i);
        if (!is_new)
            throw std::runtime_error("the header line has the column \"" + before->first + "\" twice, as column " +
                                     std::to_string(before->second + 1) + " and as column " + std::to_string(i + 1) +
                                     ": give each a name of its own");
    }
    for (const auto& name : required_)
        if (std::find(header_.begin(), header_.end(), name) == header_.end())
            throw std::runtime_error("the header line has no column \"" + name + "\": this is not such an export");
}

void csv_reader::row_ended()
{
    if (header_.empty()) {
        take_header();
        restart();
        return;
    }
    source_record record;
    record.line = record_line_;
    record.format = format_;
    record.end_offset = offset_;
    record.problem = problem_of_row();
    if (!record.problem.empty())
        record.text = trimmed(raw_);
    else
        for (std::size_t i = 0; i < parser_->fields.size(); ++i)
            if (i < header_.size() || !parser_->fields[i].empty())
                record.fields[name_of(i)] = parser_->fields[i];
    ready_.push_back(std::move(record));
    restart();
}

std::string csv_reader::name_of(std::size_t column) const
{
    return column < header_.size() && !header_[column].empty() ? header_[column]
                                                               : "column " + std::to_string(column + 1);
}

std::string csv_reader::problem_of_row() const
{
    const auto count = parser_->fields.size();
    if (parser_->rows != 1)
        return "the line holds several records";
    if (at_least_ > 0 && count < at_least_)
        return "the line has " + std::to_string(count) + " fields, a row of this export at least " +
               std::to_string(at_least_);
    if (at_least_ == 0 && count != header_.size())
        return "the line has " + std::to_string(count) + " fields, the header " + std::to_string(header_.size());
    for (std::size_t i = 0; i < count; ++i)
        if (!is_utf8(parser_->fields[i]))
            return "column \"" + name_of(i) + "\" is not UTF-8";
    return {};
}

void csv_reader::first_line_is_bad(std::string problem)
{
    if (header_.empty())
        throw std::runtime_error("the header line can't be read: " + problem);
    const std::string raw = std::exchange(raw_, std::string());
    const auto end = std::min(raw.find('\n'), raw.size() - 1) + 1;
    const auto after = line_;
    const auto after_offset = offset_;
    source_record record;
    record.line = record_line_;
    record.format = format_;
    record.problem = std::move(problem);
    record.text = trimmed(std::string_view(raw).substr(0, end));
    record.end_offset = offset_ - raw.size() + end;
    ready_.push_back(std::move(record));

    // The lines behind it, once more.
    line_ = record_line_ + 1;
    offset_ = after_offset - raw.size() + end;
    restart();
    for (std::size_t begin = end; begin < raw.size();) {
        const auto stop = std::min(raw.find('\n', begin), raw.size() - 1) + 1;
        feed_line(std::string_view(raw).substr(begin, stop - begin));
        begin = stop;
    }
    line_ = after;
    offset_ = after_offset;
}

std::optional<source_record> csv_reader::next()
{
    if (ready_.empty())
        return std::nullopt;
    auto record = std::move(ready_.front());
    ready_.pop_front();
    return record;
}

} // namespace usher::bulk
