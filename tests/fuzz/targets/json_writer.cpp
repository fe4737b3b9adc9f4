#include "json_writer.hpp"

namespace usher::fuzz {

using detail::kind;
using detail::type_info;

void json_writer::quoted(std::string_view text)
{
    constexpr std::string_view digits = "0123456789abcdef";
    out_ += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out_ += '\\';
            out_ += c;
        } else if (byte < 0x20 || byte >= 0x7f) {
            out_ += "\\u00";
            out_ += digits[byte / 16U];
            out_ += digits[byte % 16U];
        } else {
            out_ += c;
        }
    }
    out_ += '"';
}

void json_writer::separate()
{
    if (!out_.empty() && out_.back() != '{' && out_.back() != '[')
        out_ += ',';
}

void json_writer::odd(std::uint8_t which)
{
    constexpr std::string_view all[] = {"null",
                                        "true",
                                        "-0",
                                        "1.5",
                                        "1e400",
                                        "[]",
                                        "{}",
                                        "\"\"",
                                        "[[[{}]]]",
                                        R"({"a":{"b":[1,"2",null]}})",
                                        "12345678901234567890",
                                        R"("\ud83d\ude00")",
                                        "-9223372036854775808",
                                        "0.1e-300",
                                        "nul",
                                        "[null,{\"id\":1}]"};
    out_ += all[which % std::size(all)];
}

void json_writer::whole()
{
    const auto how = from_.byte();
    if (how % 8 == 0)
        out_ += std::to_string(static_cast<std::int64_t>(from_.number()));
    else if (how % 8 == 1)
        quoted(std::to_string(static_cast<std::int64_t>(from_.number())));
    else if (how % 8 == 2)
        out_ += std::to_string(from_.byte()) + "0e-1";
    else if (how % 8 == 3)
        out_ += std::to_string(from_.byte()) + ".0";
    else
        out_ += std::to_string(how);
}

void json_writer::several(const type_info& element, bool is_map)
{
    out_ += is_map ? '{' : '[';
    for (int left = from_.byte() % 4; left > 0; --left) {
        separate();
        if (is_map) {
            quoted(from_.byte() % 4 == 0 ? std::string_view("again") : from_.line());
            out_ += ':';
        }
        value(element);
    }
    out_ += is_map ? '}' : ']';
}

void json_writer::object(const type_info& type, std::string_view tag_name, std::string_view tag)
{
    out_ += '{';
    bool has_tag = tag_name.empty();
    const auto write_tag = [&] {
        separate();
        quoted(tag_name);
        out_ += ':';
        quoted(tag);
        has_tag = true;
    };
    if (!has_tag && from_.byte() % 2 == 0)
        write_tag();
    // Without bytes left the required members come alone.
    for (const auto& member : type.members) {
        const auto how = from_.byte();
        if (how == 0 && (member.flags & detail::member_required) == 0)
            continue;
        if (how % 8 == 7 || member.name == tag_name)
            continue;
        separate();
        if (how == 9)
            out_ += R"("unknown":{"a":[1]},)";
        quoted(member.name);
        out_ += ':';
        value(*member.type, member.limits);
        if (how == 10) {
            out_ += ',';
            quoted(member.name);
            out_ += ':';
            value(*member.type, member.limits);
        }
    }
    if (!has_tag)
        write_tag();
    out_ += '}';
}

void json_writer::choice(const type_info& type)
{
    if (type.choices.empty())
        return odd(from_.byte());
    const auto& one = type.choices[from_.byte() % type.choices.size()];
    if (one.type->what == kind::object && !type.discriminator.empty() && !one.tags.empty())
        object(*one.type, type.discriminator, one.tags[from_.byte() % one.tags.size()]);
    else
        value(*one.type);
}

void json_writer::plain(const type_info& type, const detail::bounds* limits)
{
    constexpr std::string_view times[] = {"2024-01-15T10:30:00.126079Z", "1969-12-31T23:59:59Z",
                                          "2262-04-11T23:47:16.854775807Z", "2024-02-29T23:59:60+05:30"};
    constexpr std::string_view days[] = {"1815-12-10", "2024-02-29", "0001-01-01", "9999-12-31"};
    const auto how = from_.byte();
    switch (type.what) {
    case kind::boolean:
        out_ += how % 2 == 0 ? "true" : "false";
        break;
    case kind::number:
        out_ += std::to_string(static_cast<std::int8_t>(how)) + "." + std::to_string(from_.byte()) + "e" +
                std::to_string(static_cast<std::int8_t>(from_.byte()));
        break;
    case kind::instant:
    case kind::instant_short:
        quoted(times[how % std::size(times)]);
        break;
    case kind::date:
        quoted(days[how % std::size(days)]);
        break;
    case kind::enumeration:
        quoted(type.names.empty() || how % 8 == 7 ? from_.line() : type.names[how % type.names.size()]);
        break;
    case kind::string:
        quoted(limits != nullptr && !limits->values.empty() && how % 8 != 7
                   ? limits->values[how % limits->values.size()]
                   : from_.line());
        break;
    case kind::upload:
        quoted("@" + std::string(from_.line()));
        break;
    default:
        whole();
    }
}

void json_writer::value(const type_info& type, const detail::bounds* limits)
{
    if (type.what >= kind::optional)
        return value(*type.element, limits);
    const auto how = from_.byte();
    if (how >= 0xf0 || levels_ > 12 || out_.size() > 4096)
        return odd(how);
    ++levels_;
    switch (type.what) {
    case kind::object:
        object(type, {}, {});
        break;
    case kind::array:
    case kind::map:
        several(*type.element, type.what == kind::map);
        break;
    case kind::one_of:
        choice(type);
        break;
    case kind::json_value:
        odd(how);
        break;
    case kind::json_object:
        out_ += R"({"k":)";
        odd(how);
        out_ += '}';
        break;
    default:
        plain(type, limits);
    }
    --levels_;
}

} // namespace usher::fuzz
