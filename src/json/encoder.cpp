#include "json/encoder.hpp"

#include "json/numbers.hpp"
#include "json/text.hpp"
#include "json/view.hpp"

#include <usher/open_enum.hpp>
#include <usher/time.hpp>
#include <usher/unknown.hpp>
#include <usher/upload.hpp>

#include <stdexcept>

namespace usher::detail {
namespace {

namespace json = boost::json;

template <class T>
const T& as(const void* object)
{
    return *static_cast<const T*>(object);
}

class writer {
public:
    writer(std::string& out, bool sending) : out_(out), sending_(sending) {}

    void value(const type_info& type, const void* object) { seen(look_at(type, object)); }
    bool member(const member_info& member, const void* object, bool first);

private:
    void seen(const view& found);
    void object(const type_info& type, const void* object);
    void elements(const type_info& type, const void* object);
    void tree(const json::value& value);
    void tree_object(const json::object& object);
    void tree_array(const json::array& array);

    void open(char bracket)
    {
        if (++depth_ > deepest_encoding)
            throw std::length_error("usher: a value is nested too deep to be written as JSON");
        out_ += bracket;
    }
    void close(char bracket)
    {
        --depth_;
        out_ += bracket;
    }

    std::string& out_;
    bool sending_;
    std::size_t depth_ = 0;
};

void writer::seen(const view& found)
{
    if (found.state != presence::value) {
        out_ += "null";
        return;
    }
    const type_info& type = *found.type;
    const void* at = found.at;
    switch (type.what) {
    case kind::string:
        append_quoted(as<std::string>(at), out_);
        return;
    case kind::enumeration:
        append_quoted(enum_text(as<open_enum_storage>(at), type.names), out_);
        return;
    case kind::int64_text:
    case kind::instant:
    case kind::instant_short:
    case kind::date:
        out_ += '"';
        append_text(type, at, out_);
        out_ += '"';
        return;
    case kind::upload:
        append_quoted('@' + as<upload>(at).source(), out_);
        return;
    case kind::object:
        object(type, at);
        return;
    case kind::array:
    case kind::map:
        elements(type, at);
        return;
    case kind::json_value:
        tree(as<json::value>(at));
        return;
    case kind::json_object:
        tree_object(as<json::object>(at));
        return;
    case kind::one_of: {
        const void* inner = nullptr;
        const std::size_t index = type.ops->chosen(at, &inner);
        if (index < type.choices.size())
            value(*type.choices[index].type, inner);
        else
            tree(as<unknown_json>(inner).json);
        return;
    }
    default:
        append_text(type, at, out_);
    }
}

bool writer::member(const member_info& member, const void* object, bool first)
{
    if (sending_ && (member.flags & member_read_only) != 0)
        return false;
    constexpr unsigned owed = member_required | member_nullable;
    const view found = look_at(*member.type, member_at(member, object));
    if (found.state == presence::absent && (found.type->what != kind::optional || (member.flags & owed) != owed))
        return false;
    if (!first)
        out_ += ',';
    append_quoted(member.name, out_);
    out_ += ':';
    seen(found);
    return true;
}

void writer::object(const type_info& type, const void* object)
{
    open('{');
    bool first = true;
    for (const member_info& each : type.members)
        if (member(each, object, first))
            first = false;
    close('}');
}

void writer::elements(const type_info& type, const void* object)
{
    struct context {
        writer* self;
        const type_info* element;
        bool keyed;
        bool first = true;
    } state{this, type.element, type.what == kind::map};
    open(state.keyed ? '{' : '[');
    type.ops->each(object, &state, [](void* shared, std::string_view key, const void* element) {
        auto& in = *static_cast<context*>(shared);
        if (!in.first)
            in.self->out_ += ',';
        in.first = false;
        if (in.keyed) {
            append_quoted(key, in.self->out_);
            in.self->out_ += ':';
        }
        in.self->value(*in.element, element);
        return true;
    });
    close(state.keyed ? '}' : ']');
}

void writer::tree(const json::value& value)
{
    switch (value.kind()) {
    case json::kind::null:
        out_ += "null";
        return;
    case json::kind::bool_:
        out_ += value.get_bool() ? "true" : "false";
        return;
    case json::kind::int64:
        append_integer(value.get_int64(), out_);
        return;
    case json::kind::uint64:
        append_natural(value.get_uint64(), out_);
        return;
    case json::kind::double_: {
        const std::size_t before = out_.size();
        append_double(value.get_double(), out_);
        // A double stays one when it is read again.
        if (out_.find_first_not_of("-0123456789", before) == std::string::npos)
            out_ += ".0";
        return;
    }
    case json::kind::string:
        append_quoted(value.get_string(), out_);
        return;
    case json::kind::array:
        tree_array(value.get_array());
        return;
    case json::kind::object:
        tree_object(value.get_object());
        return;
    }
}

void writer::tree_array(const json::array& array)
{
    open('[');
    bool first = true;
    for (const json::value& element : array) {
        if (!first)
            out_ += ',';
        first = false;
        tree(element);
    }
    close(']');
}

void writer::tree_object(const json::object& object)
{
    open('{');
    bool first = true;
    for (const auto& entry : object) {
        if (!first)
            out_ += ',';
        first = false;
        append_quoted(entry.key(), out_);
        out_ += ':';
        tree(entry.value());
    }
    close('}');
}

} // namespace

void encode(const type_info& type, const void* object, std::string& out)
{
    writer(out, false).value(type, object);
}

bool encode_members(const type_info& type, const void* object, place where, std::string& out)
{
    writer to(out, true);
    const std::size_t before = out.size();
    out += '{';
    bool first = true;
    for (const member_info& member : type.members) {
        if (member.where != where)
            continue;
        if ((member.flags & member_whole_body) == 0) {
            if (to.member(member, object, first))
                first = false;
            continue;
        }
        const void* at = member_at(member, object);
        if (look_at(*member.type, at).state == presence::absent)
            continue;
        out.resize(before);
        to.value(*member.type, at);
        return true;
    }
    out += '}';
    return !first;
}

void append_text(const type_info& type, const void* object, std::string& out)
{
    const view seen = look_at(type, object);
    if (seen.state != presence::value)
        return;
    switch (seen.type->what) {
    case kind::boolean:
        out += as<bool>(seen.at) ? "true" : "false";
        return;
    case kind::int32:
        append_integer(as<std::int32_t>(seen.at), out);
        return;
    case kind::int64:
    case kind::int64_text:
        append_integer(as<std::int64_t>(seen.at), out);
        return;
    case kind::number:
        append_double(as<double>(seen.at), out);
        return;
    case kind::string:
        out += as<std::string>(seen.at);
        return;
    case kind::unix_milliseconds:
        append_integer(as<unix_milliseconds>(seen.at).time_since_epoch().count(), out);
        return;
    case kind::unix_seconds:
        append_integer(as<unix_seconds>(seen.at).time_since_epoch().count(), out);
        return;
    case kind::instant:
        out += format_rfc3339(as<instant>(seen.at));
        return;
    case kind::instant_short:
        append_short_time(as<instant>(seen.at), out);
        return;
    case kind::date:
        out += format_date(as<date>(seen.at));
        return;
    case kind::enumeration:
        out += enum_text(as<open_enum_storage>(seen.at), seen.type->names);
        return;
    default:
        encode(*seen.type, seen.at, out);
    }
}

} // namespace usher::detail
