// Scalars: what the parser read, into what the table says.
#include "json/decode_state.hpp"
#include "json/numbers.hpp"

#include <usher/open_enum.hpp>
#include <usher/time.hpp>
#include <usher/upload.hpp>

namespace usher::detail {

namespace json = boost::json;

namespace {

/// `path` or `path;type=image/png`, as curl has it.
upload upload_of(std::string_view text)
{
    constexpr std::string_view type = ";type=";
    const auto at = text.rfind(type);
    if (at == std::string_view::npos)
        return upload::from_file(std::string(text));
    return upload::from_file(std::string(text.substr(0, at)), std::string(text.substr(at + type.size())));
}

} // namespace

bool decode_state::store_text(slot where, std::string_view text)
{
    switch (where.type->what) {
    case kind::string:
        static_cast<std::string*>(where.at)->assign(text);
        return true;
    case kind::enumeration:
        enum_assign(*static_cast<open_enum_storage*>(where.at), where.type->names, text);
        return true;
    case kind::int64:
    case kind::int64_text:
    case kind::unix_milliseconds:
    case kind::unix_seconds: {
        const whole_number read = read_decimal(text);
        if (read.fault == number_fault::malformed)
            return mismatch(where, "a string that is no integer");
        if (read.fault != number_fault::none)
            return out_of_range(where);
        return store_integer(where, read.value);
    }
    case kind::instant:
    case kind::instant_short: {
        const auto read = parse_rfc3339(text);
        if (!read)
            return mismatch(where, "a string that is no such time");
        *static_cast<instant*>(where.at) = *read;
        return true;
    }
    case kind::date: {
        const auto read = parse_date(text);
        if (!read)
            return mismatch(where, "a string that is no such day");
        *static_cast<date*>(where.at) = *read;
        return true;
    }
    case kind::upload:
        if (!text.starts_with('@') || text.size() == 1 || text[1] == ';')
            return mismatch(where, "a string without a path after @");
        *static_cast<upload*>(where.at) = upload_of(text.substr(1));
        return true;
    case kind::json_value:
    case kind::one_of:
        return store_value(where, json::value(text));
    default:
        return mismatch(where, "a string");
    }
}

bool decode_state::store_integer(slot where, std::int64_t value)
{
    switch (where.type->what) {
    case kind::int32:
        if (value < INT32_MIN || value > INT32_MAX)
            return out_of_range(where);
        *static_cast<std::int32_t*>(where.at) = static_cast<std::int32_t>(value);
        return true;
    case kind::int64:
    case kind::int64_text:
        *static_cast<std::int64_t*>(where.at) = value;
        return true;
    case kind::number:
        *static_cast<double*>(where.at) = static_cast<double>(value);
        return true;
    case kind::unix_milliseconds:
        *static_cast<unix_milliseconds*>(where.at) = unix_milliseconds(std::chrono::milliseconds(value));
        return true;
    case kind::unix_seconds:
        *static_cast<unix_seconds*>(where.at) = unix_seconds(std::chrono::seconds(value));
        return true;
    case kind::json_value:
    case kind::one_of:
        return store_value(where, json::value(value));
    default:
        return mismatch(where, "an integer");
    }
}

bool decode_state::store_number(slot where, double value)
{
    switch (where.type->what) {
    case kind::number:
        *static_cast<double*>(where.at) = value;
        return true;
    case kind::json_value:
    case kind::one_of:
        return store_value(where, json::value(value));
    default:
        return mismatch(where, "a number");
    }
}

/// A number that the parser could not give as a 64-bit integer, for a type that wants one.
bool decode_state::store_whole(slot where, std::string_view text, std::string_view found)
{
    const whole_number read = read_whole(text);
    if (read.fault == number_fault::out_of_range)
        return out_of_range(where);
    if (read.fault != number_fault::none)
        return mismatch(where, found);
    return store_integer(where, read.value);
}

bool decode_state::natural(std::uint64_t value)
{
    number_.clear();
    if (activity_ == activity::capturing) {
        flush_tag();
        tree_.push_uint64(value);
    }
    if (activity_ != activity::typed)
        return aside_scalar();
    const slot where = unwrap(take());
    switch (where.type->what) {
    case kind::number:
        return store_number(where, static_cast<double>(value));
    case kind::json_value:
    case kind::one_of:
        return store_value(where, json::value(value));
    case kind::int32:
    case kind::int64:
    case kind::int64_text:
    case kind::unix_milliseconds:
    case kind::unix_seconds:
        return out_of_range(where);
    default:
        return mismatch(where, "an integer");
    }
}

bool decode_state::real(double approximation, std::string_view last)
{
    if (activity_ == activity::skipping)
        return aside_scalar();
    std::string_view whole = last;
    if (!number_.empty()) {
        number_ += last;
        whole = number_;
    }
    // The parser's own double may be off by some units in the last place.
    double value = 0;
    const bool fits = read_double(whole, approximation, value);
    bool done = true;
    if (activity_ == activity::capturing) {
        if (fits) {
            flush_tag();
            tree_.push_double(value);
        } else {
            done = fail("a number", "a number out of the range of double");
        }
    } else {
        const slot where = unwrap(take());
        switch (where.type->what) {
        case kind::int32:
        case kind::int64:
        case kind::int64_text:
        case kind::unix_milliseconds:
        case kind::unix_seconds:
            done = store_whole(where, whole, "a number with a fraction");
            break;
        default:
            done = fits ? store_number(where, value) : mismatch(where, "a number out of the range of double");
        }
    }
    number_.clear();
    return done;
}

bool decode_state::boolean(bool value)
{
    if (activity_ == activity::capturing) {
        flush_tag();
        tree_.push_bool(value);
    }
    if (activity_ != activity::typed)
        return aside_scalar();
    return store_boolean(unwrap(take()), value);
}

bool decode_state::store_boolean(slot where, bool value)
{
    switch (where.type->what) {
    case kind::boolean:
        *static_cast<bool*>(where.at) = value;
        return true;
    case kind::json_value:
    case kind::one_of:
        return store_value(where, json::value(value));
    default:
        return mismatch(where, value ? "true" : "false");
    }
}

bool decode_state::null_value()
{
    if (activity_ == activity::capturing) {
        flush_tag();
        tree_.push_null();
    }
    if (activity_ != activity::typed)
        return aside_scalar();
    const frame& top = frames_.back();
    const bool refused = mode_ == decode_mode::strict && top.type->what == kind::object && top.current != no_member &&
                         (top.type->members[top.current].flags & member_nullable) == 0;
    const slot where = take();
    return refused ? mismatch(where, "null") : store_null(where);
}

bool decode_state::store_null(slot where)
{
    while (where.type->what == kind::box)
        where = {where.type->element, where.type->ops->add(where.at, {})};
    switch (where.type->what) {
    case kind::optional:
        where.type->ops->clear(where.at);
        return true;
    case kind::field:
        where.type->ops->set_null(where.at);
        return true;
    case kind::json_value:
        static_cast<json::value*>(where.at)->emplace_null();
        return true;
    case kind::one_of:
        return store_value(where, json::value());
    default:
        return mode_ != decode_mode::strict || mismatch(where, "null");
    }
}

bool decode_state::store_value(slot where, json::value&& value)
{
    if (where.type->what == kind::one_of)
        return resolve(where, std::move(value));
    *static_cast<json::value*>(where.at) = std::move(value);
    return true;
}

} // namespace usher::detail
