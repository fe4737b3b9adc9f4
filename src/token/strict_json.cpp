#include "token/strict_json.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include <cmath>

namespace usher::token::detail {

namespace {

namespace json = boost::json;

/// Builds the value, and counts the members that the text has: the value has fewer when one came twice.
class builder {
public:
    using error_code = json::error_code;
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_object_size = json::object::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();

    builder() : stack(json::storage_ptr(), buffer_, sizeof buffer_) { stack.reset(); }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) { return true; }
    bool on_object_end(std::size_t n, error_code&)
    {
        members += n;
        stack.push_object(n);
        return true;
    }
    bool on_array_begin(error_code&) { return true; }
    bool on_array_end(std::size_t n, error_code&)
    {
        stack.push_array(n);
        return true;
    }
    bool on_key_part(json::string_view s, std::size_t, error_code&) { return chars(s); }
    bool on_key(json::string_view s, std::size_t, error_code&)
    {
        stack.push_key(s);
        return true;
    }
    bool on_string_part(json::string_view s, std::size_t, error_code&) { return chars(s); }
    bool on_string(json::string_view s, std::size_t, error_code&)
    {
        stack.push_string(s);
        return true;
    }
    bool on_number_part(json::string_view, error_code&) { return true; }
    bool on_int64(std::int64_t i, json::string_view, error_code&)
    {
        stack.push_int64(i);
        return true;
    }
    bool on_uint64(std::uint64_t u, json::string_view, error_code&)
    {
        stack.push_uint64(u);
        return true;
    }
    bool on_double(double d, json::string_view, error_code& ec)
    {
        if (!std::isfinite(d)) {
            ec = json::error::exponent_overflow;
            return false;
        }
        stack.push_double(d);
        return true;
    }
    bool on_bool(bool b, error_code&)
    {
        stack.push_bool(b);
        return true;
    }
    bool on_null(error_code&)
    {
        stack.push_null();
        return true;
    }
    bool on_comment_part(json::string_view, error_code&) { return true; }
    bool on_comment(json::string_view, error_code&) { return true; }

private:
    bool chars(json::string_view s)
    {
        stack.push_chars(s);
        return true;
    }

    unsigned char buffer_[4096];

public:
    json::value_stack stack;
    std::size_t members = 0;
};

std::size_t count_members(const json::value& value)
{
    std::size_t count = 0;
    if (const auto* object = value.if_object()) {
        count = object->size();
        for (const auto& member : *object)
            if (member.value().is_structured())
                count += count_members(member.value());
    } else if (const auto* array = value.if_array()) {
        for (const auto& item : *array)
            if (item.is_structured())
                count += count_members(item);
    }
    return count;
}

} // namespace

std::optional<json::object> parse_strict(std::string_view text, std::size_t max_depth)
{
    // Anything else than an object needs no look.
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || text[first] != '{')
        return std::nullopt;
    json::parse_options options;
    options.max_depth = max_depth;
    json::basic_parser<builder> parser(options);
    json::error_code ec;
    const auto taken = parser.write_some(false, text.data(), text.size(), ec);
    if (ec || taken != text.size())
        return std::nullopt;
    json::value value = parser.handler().stack.release();
    if (count_members(value) != parser.handler().members)
        return std::nullopt;
    return std::move(value.as_object());
}

} // namespace usher::token::detail
