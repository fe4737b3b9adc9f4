#include "bulk/source/either_reader.hpp"

#include <stdexcept>

namespace usher::bulk {

void either_reader::feed(std::string_view bytes)
{
    if (chosen_) {
        chosen_->feed(bytes);
        return;
    }
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    constexpr std::size_t most_white_space = 64 * 1024;
    first_.append(bytes);
    std::string_view rest = first_;
    if (rest.size() < byte_order_mark.size() && byte_order_mark.starts_with(rest))
        return;
    if (rest.starts_with(byte_order_mark))
        rest.remove_prefix(byte_order_mark.size());
    const auto first = rest.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) {
        if (first_.size() > most_white_space)
            throw std::runtime_error("the source begins with more than 64 KiB of white space");
        return;
    }
    chosen_ = rest[first] == '{' || rest[first] == '[' ? json_() : csv_();
    chosen_->feed(first_);
    first_ = std::string();
}

void either_reader::finish()
{
    // Of a source without any bytes the CSV reader says what is missing.
    if (!chosen_) {
        chosen_ = csv_();
        chosen_->feed(first_);
    }
    chosen_->finish();
}

} // namespace usher::bulk
