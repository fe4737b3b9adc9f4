#include "bulk/source/json_reader.hpp"

#include "bulk/mapping/text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace usher::bulk {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t kept_of_a_long_record = 64 * 1024;

bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::string in_mib(std::size_t bytes)
{
    return std::to_string(bytes >> 20U) + " MiB";
}

} // namespace

json_reader::json_reader(source_format format, converter convert, std::string wrapper, std::size_t most)
    : format_(format), convert_(std::move(convert)), wrapper_(std::move(wrapper)), most_(most)
{
}

void json_reader::feed(std::string_view bytes)
{
    // Taken records are cleared away here, once for a piece, so that taking one costs nothing.
    buffer_.erase(0, begin_);
    scan_ -= std::min(scan_, begin_);
    begin_ = 0;
    buffer_.append(bytes);
}

void json_reader::drop(std::size_t count)
{
    const auto first = buffer_.begin() + static_cast<std::ptrdiff_t>(begin_);
    line_ += static_cast<std::uint64_t>(std::count(first, first + static_cast<std::ptrdiff_t>(count), '\n'));
    begin_ += count;
    offset_ += count;
    scan_ = std::max(scan_, begin_);
}

void json_reader::decide()
{
    std::string_view rest = std::string_view(buffer_).substr(begin_);
    if (offset_ == 0 && rest.size() < byte_order_mark.size() && byte_order_mark.starts_with(rest) && !finished_)
        return;
    if (offset_ == 0 && rest.starts_with(byte_order_mark)) {
        drop(byte_order_mark.size());
        rest.remove_prefix(byte_order_mark.size());
    }
    const auto first = std::find_if_not(rest.begin(), rest.end(), is_space);
    drop(static_cast<std::size_t>(first - rest.begin()));
    if (first == rest.end())
        return;
    std::size_t length = *first == '[' ? 1 : 0;
    const auto wrapped = *first == '{' ? find_wrapped_array(std::string_view(first, rest.end()), length) : answer::no;
    if (wrapped == answer::unknown && !finished_)
        return;
    wrapped_ = wrapped == answer::yes;
    shape_ = *first == '[' || wrapped_ ? shape::array : shape::lines;
    if (shape_ == shape::array)
        drop(length);
}

json_reader::answer json_reader::find_wrapped_array(std::string_view text, std::size_t& length) const
{
    if (wrapper_.empty())
        return answer::no;
    const std::string tokens[] = {"{", '"' + wrapper_ + '"', ":", "["};
    std::string_view rest = text;
    for (const auto& token : tokens) {
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
        if (!rest.starts_with(token))
            return token.starts_with(rest) && text.size() < kept_of_a_long_record ? answer::unknown : answer::no;
        rest.remove_prefix(token.size());
    }
    length = text.size() - rest.size();
    return answer::yes;
}

std::optional<source_record> json_reader::next()
{
    if (shape_ == shape::undecided)
        decide();
    switch (shape_) {
    case shape::lines:
        return next_line();
    case shape::array:
        return next_element();
    case shape::after_array:
        return rest_of_array();
    case shape::undecided:
        break;
    }
    return std::nullopt;
}

std::optional<source_record> json_reader::next_line()
{
    for (;;) {
        const auto end = buffer_.find('\n', scan_);
        const bool whole = end != std::string::npos;
        const std::size_t stop = whole ? end : buffer_.size();
        const std::size_t length = stop - begin_;
        if (skipping_) {
            drop(whole ? length + 1 : length);
            if (!whole)
                return std::nullopt;
            skipping_ = false;
            continue;
        }
        if (length > most_) {
            auto record = unreadable(std::string_view(buffer_).substr(begin_, kept_of_a_long_record),
                                     "the line is longer than " + in_mib(most_) + "; only its beginning is kept",
                                     offset_ + length);
            skipping_ = !whole;
            drop(whole ? length + 1 : length);
            return record;
        }
        if (!whole && (!finished_ || length == 0)) {
            scan_ = buffer_.size();
            return std::nullopt;
        }
        const std::string_view text = trimmed(std::string_view(buffer_).substr(begin_, length));
        const std::size_t used = whole ? length + 1 : length;
        if (text.empty()) {
            drop(used);
            continue;
        }
        auto record = make(text, offset_ + used, !whole);
        drop(used);
        return record;
    }
}

bool json_reader::skip_separators()
{
    const std::string_view rest = std::string_view(buffer_).substr(begin_);
    const auto first = std::find_if_not(rest.begin(), rest.end(), [](char c) { return is_space(c) || c == ','; });
    if (!in_string_ && depth_ == 0 && scan_ == begin_)
        drop(static_cast<std::size_t>(first - rest.begin()));
    return begin_ < buffer_.size();
}

bool json_reader::find_element_end()
{
    for (; scan_ < buffer_.size(); ++scan_) {
        const char c = buffer_[scan_];
        if (in_string_) {
            in_string_ = escaped_ || c != '"';
            escaped_ = !escaped_ && c == '\\';
        } else if (c == '"') {
            in_string_ = true;
        } else if (depth_ == 0 && (c == ',' || c == ']')) {
            return true;
        } else if (c == '{' || c == '[') {
            ++depth_;
        } else if (c == '}' || c == ']') {
            depth_ -= depth_ > 0 ? 1U : 0U;
        }
    }
    return false;
}

std::optional<source_record> json_reader::next_element()
{
    if (!skip_separators()) {
        if (!finished_)
            return std::nullopt;
        return not_closed();
    }
    const bool whole = find_element_end();
    const std::size_t length = scan_ - begin_;
    if (length > most_) {
        auto record = unreadable(std::string_view(buffer_).substr(begin_, kept_of_a_long_record),
                                 "an element of the array is not closed, or longer than " + in_mib(most_) +
                                     ": nothing after it can be read",
                                 offset_ + length);
        shape_ = shape::after_array;
        skipping_ = true;
        drop(length);
        return record;
    }
    if (!whole && !finished_)
        return std::nullopt;
    const std::string_view text = trimmed(std::string_view(buffer_).substr(begin_, length));
    std::optional<source_record> record;
    if (!text.empty())
        record = make(text, offset_ + length, !whole);
    drop(length);
    depth_ = 0;
    in_string_ = escaped_ = false;
    if (whole && buffer_[begin_] == ']') {
        shape_ = shape::after_array;
        drop(1);
    } else if (record && !whole && !record->problem.empty()) {
        // It has been said already that the source is torn.
        shape_ = shape::after_array;
        skipping_ = true;
    }
    if (!record && shape_ == shape::after_array)
        return rest_of_array();
    return record;
}

source_record json_reader::not_closed()
{
    shape_ = shape::after_array;
    skipping_ = true;
    return unreadable("", "the source is torn: its array is not closed, so records may be missing", offset_);
}

std::optional<source_record> json_reader::rest_of_array()
{
    std::string_view rest = std::string_view(buffer_).substr(begin_);
    if (skipping_) {
        drop(rest.size());
        return std::nullopt;
    }
    const auto* const first = std::find_if_not(rest.begin(), rest.end(), is_space);
    drop(static_cast<std::size_t>(first - rest.begin()));
    if (wrapped_ && first != rest.end() && *first == '}') {
        wrapped_ = false;
        drop(1);
        return rest_of_array();
    }
    // One record for all of it, however it comes in.
    rest = std::string_view(buffer_).substr(begin_, kept_of_a_long_record);
    if (rest.empty() || (rest.size() < kept_of_a_long_record && !finished_))
        return std::nullopt;
    auto record = unreadable(trimmed(rest), "there is text after the end of the array", offset_ + rest.size());
    skipping_ = true;
    drop(buffer_.size() - begin_);
    return record;
}

source_record json_reader::unreadable(std::string_view text, std::string problem, std::uint64_t end_offset) const
{
    source_record record;
    // The line of a letter is that of the record it is about, whose letter this one must not replace.
    const bool is_letter = format_ == source_format::failures;
    record.line = is_letter ? 0 : line_;
    record.format = format_;
    record.problem = is_letter ? std::move(problem) + " (line " + std::to_string(line_) + ")" : std::move(problem);
    record.text = text;
    record.end_offset = end_offset;
    return record;
}

source_record json_reader::make(std::string_view text, std::uint64_t end_offset, bool torn) const
{
    boost::json::parse_options options;
    options.max_depth = 64;
    boost::system::error_code failed;
    auto value = boost::json::parse(text, failed, {}, options);
    if (failed && torn)
        return unreadable(text, "the source is torn: it ends in the middle of this record", end_offset);
    if (failed)
        return unreadable(text, "not JSON: " + failed.message(), end_offset);
    if (!value.is_object())
        return unreadable(text, "not a JSON object", end_offset);
    source_record record;
    if (convert_) {
        record = convert_(std::move(value.get_object()), text, line_);
    } else {
        record.line = line_;
        record.format = format_;
        record.fields = std::move(value.get_object());
    }
    record.end_offset = end_offset;
    return record;
}

} // namespace usher::bulk
