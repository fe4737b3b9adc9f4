#include "json/decode_state.hpp"

#include "json/text.hpp"

namespace usher::detail {

namespace json = boost::json;

void decode_state::start(const type_info& type, void* target, std::size_t max_depth, decode_mode mode)
{
    frames_.clear();
    next_ = {&type, target};
    activity_ = activity::typed;
    mode_ = mode;
    in_text_ = tag_next_ = failed_ = false;
    depth_ = nest_ = kept_ = 0;
    spent_ = 0;
    max_depth_ = max_depth;
    text_.clear();
    key_.clear();
    number_.clear();
    keys_.clear();
    failure_.pointer.clear();
    failure_.offset = 0;
    // The root frame is never popped: it makes `frames_.back()` valid at the outermost level.
    static constexpr type_info root{kind::object, "document", 0, {}, {}, {}, {}, nullptr, nullptr, nullptr, nullptr};
    frames_.push_back({&root, nullptr, 0, 0, no_member, 0});
}

void decode_state::push(slot where)
{
    frames_.push_back({where.type, where.at, 0, 0, no_member, keys_.size()});
}

void decode_state::pop()
{
    keys_.resize(frames_.back().key_at);
    frames_.pop_back();
}

bool decode_state::enter_object(slot where)
{
    switch (where.type->what) {
    case kind::object:
        push(where);
        return true;
    case kind::map:
        where.type->ops->clear(where.at);
        push(where);
        return true;
    case kind::json_value:
    case kind::json_object:
    case kind::one_of:
        begin_capture(where);
        nest_ = 1;
        return true;
    default:
        return mismatch(where, "an object");
    }
}

bool decode_state::enter_array(slot where)
{
    switch (where.type->what) {
    case kind::array:
        where.type->ops->clear(where.at);
        push(where);
        return true;
    case kind::json_value:
    case kind::one_of:
        begin_capture(where);
        nest_ = 1;
        return true;
    default:
        return mismatch(where, "an array");
    }
}

bool decode_state::begin_object()
{
    if (++depth_ > max_depth_)
        return fail("at most " + std::to_string(max_depth_) + " levels", "an object one level deeper");
    if (activity_ != activity::typed)
        return capture_begin();
    return enter_object(unwrap(take()));
}

bool decode_state::begin_array()
{
    if (++depth_ > max_depth_)
        return fail("at most " + std::to_string(max_depth_) + " levels", "an array one level deeper");
    if (activity_ != activity::typed)
        return capture_begin();
    return enter_array(unwrap(take()));
}

bool decode_state::end_object(std::size_t members)
{
    --depth_;
    if (activity_ == activity::typed) {
        pop();
        return true;
    }
    if (activity_ == activity::capturing)
        tree_.push_object(members);
    return capture_end();
}

bool decode_state::end_array(std::size_t elements)
{
    --depth_;
    if (activity_ == activity::typed) {
        pop();
        return true;
    }
    if (activity_ == activity::capturing)
        tree_.push_array(elements);
    return capture_end();
}

bool decode_state::key_part(std::string_view piece)
{
    if (activity_ != activity::skipping)
        key_ += piece;
    return true;
}

bool decode_state::number_part(std::string_view piece)
{
    if (activity_ != activity::skipping)
        number_ += piece;
    return true;
}

bool decode_state::text_part(std::string_view piece)
{
    if (activity_ == activity::skipping)
        return true;
    if (activity_ == activity::typed && !in_text_) {
        open_ = unwrap(take());
        if (open_.type->what == kind::string)
            static_cast<std::string*>(open_.at)->clear();
    }
    in_text_ = true;
    if (activity_ == activity::typed && open_.type->what == kind::string)
        static_cast<std::string*>(open_.at)->append(piece);
    else
        text_ += piece;
    return true;
}

bool decode_state::text_rest(std::string_view last)
{
    if (activity_ == activity::skipping)
        return aside_scalar();
    std::string_view whole = last;
    if (in_text_) {
        in_text_ = false;
        if (activity_ == activity::typed && open_.type->what == kind::string) {
            static_cast<std::string*>(open_.at)->append(last);
            return true;
        }
        text_ += last;
        whole = text_;
    }
    const bool done = activity_ == activity::typed ? store_text(open_, whole) : captured_text(whole);
    text_.clear();
    return done;
}

bool decode_state::fail(std::string_view expected, std::string_view found)
{
    failed_ = true;
    failure_.pointer = pointer();
    failure_.expected = expected;
    failure_.found = found;
    return false;
}

bool decode_state::unknown_member(std::string_view name)
{
    constexpr std::size_t shown = 100;
    std::string found;
    append_quoted(name.substr(0, shown), found);
    return fail("a member that is known", found);
}

bool decode_state::out_of_range(slot where)
{
    return mismatch(where, "a number out of its range");
}

bool decode_state::mismatch(slot where, std::string_view found)
{
    while (where.type->what >= kind::optional)
        where.type = where.type->element;
    std::string_view expected = "a value";
    switch (where.type->what) {
    case kind::boolean:
        expected = "true or false";
        break;
    case kind::int32:
        expected = "an integer of 32 bits";
        break;
    case kind::int64:
        expected = "an integer of 64 bits";
        break;
    case kind::int64_text:
        expected = "an integer of 64 bits as text";
        break;
    case kind::number:
        expected = "a number";
        break;
    case kind::string:
    case kind::enumeration:
        expected = "a string";
        break;
    case kind::unix_milliseconds:
        expected = "a time in milliseconds since 1970";
        break;
    case kind::unix_seconds:
        expected = "a time in seconds since 1970";
        break;
    case kind::instant:
    case kind::instant_short:
        expected = "a time as of RFC 3339";
        break;
    case kind::date:
        expected = "a date (YYYY-MM-DD)";
        break;
    case kind::object:
    case kind::map:
    case kind::json_object:
        expected = "an object";
        break;
    case kind::array:
        expected = "an array";
        break;
    case kind::upload:
        expected = "the path of a file as \"@path\"";
        break;
    case kind::one_of:
        expected = "one of the documented types";
        break;
    case kind::json_value:
    case kind::optional:
    case kind::field:
    case kind::box:
        break;
    }
    return fail(expected, found);
}

std::string decode_state::pointer() const
{
    std::string path;
    for (std::size_t i = 1; i < frames_.size(); ++i) {
        const frame& in = frames_[i];
        if (in.type->what == kind::object) {
            if (in.current != no_member)
                append_pointer_token(in.type->members[in.current].name, path);
        } else if (in.type->what == kind::array) {
            const std::size_t count = in.type->ops->count(in.at);
            if (count != 0)
                append_pointer_token(std::to_string(count - 1), path);
        } else {
            const std::size_t end = i + 1 < frames_.size() ? frames_[i + 1].key_at : keys_.size();
            append_pointer_token(std::string_view(keys_).substr(in.key_at, end - in.key_at), path);
        }
    }
    return path;
}

std::string decode_failure::message() const
{
    std::string line = pointer.empty() ? "the document" : pointer;
    line += ": expected ";
    line += expected;
    line += ", found ";
    line += found;
    line += " (byte ";
    line += std::to_string(offset);
    line += ')';
    return line;
}

} // namespace usher::detail
