#include "json/query.hpp"

#include "json/encoder.hpp"
#include "json/view.hpp"

namespace usher::detail {
namespace {

bool is_unreserved(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

class query_writer {
public:
    explicit query_writer(std::string& target) : target_(target)
    {
        separator_ = target.find('?') == std::string::npos ? '?' : '&';
    }

    void name(std::string_view text)
    {
        target_ += separator_;
        separator_ = '&';
        percent_encode(text, target_);
        target_ += '=';
    }

    void value(const type_info& type, const void* object)
    {
        text_.clear();
        append_text(type, object, text_);
        percent_encode(text_, target_);
    }

    void array(const member_info& member, const type_info& type, const void* object)
    {
        struct context {
            query_writer* self;
            const member_info* member;
            const type_info* element;
            bool first = true;
        } state{this, &member, type.element};
        type.ops->each(object, &state, [](void* shared, std::string_view, const void* element) {
            auto& in = *static_cast<context*>(shared);
            if (in.first || (in.member->flags & member_exploded) != 0)
                in.self->name(in.member->name);
            else
                in.self->target_ += ',';
            in.first = false;
            in.self->value(*in.element, element);
            return true;
        });
    }

private:
    std::string& target_;
    std::string text_;
    char separator_;
};

} // namespace

void encode_query(const type_info& params, const void* object, std::string& target)
{
    query_writer query(target);
    for (const member_info& member : params.members) {
        if (member.where != place::query)
            continue;
        const view seen = look_at(*member.type, member_at(member, object));
        if (seen.state != presence::value)
            continue;
        if (seen.type->what == kind::array) {
            query.array(member, *seen.type, seen.at);
        } else {
            query.name(member.name);
            query.value(*seen.type, seen.at);
        }
    }
}

void encode_header_members(const type_info& params, const void* object,
                           const std::function<void(std::string_view, std::string_view)>& add)
{
    std::string text;
    for (const member_info& member : params.members) {
        if (member.where != place::header)
            continue;
        const view seen = look_at(*member.type, member_at(member, object));
        if (seen.state != presence::value)
            continue;
        text.clear();
        append_text(*seen.type, seen.at, text);
        add(member.name, text);
    }
}

void percent_encode(std::string_view text, std::string& out)
{
    static constexpr char digits[] = "0123456789ABCDEF";
    for (const char c : text) {
        if (is_unreserved(c)) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4];
        out += digits[byte & 0xfU];
    }
}

} // namespace usher::detail
