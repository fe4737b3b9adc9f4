#include "sandbox/form.hpp"

#include <algorithm>

namespace usher::sandbox {

namespace {

bool same_letters(std::string_view a, std::string_view b)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trim(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

// One parameter of a header such as `form-data; name="file"; filename="a.png"`.
std::optional<std::string> header_parameter(std::string_view header, std::string_view name)
{
    std::size_t at = header.find(';');
    while (at < header.size()) {
        ++at;
        const auto equals = header.find('=', at);
        if (equals == std::string_view::npos)
            return std::nullopt;
        const auto key = trim(header.substr(at, equals - at));
        std::string value;
        at = equals + 1;
        if (at < header.size() && header[at] == '"') {
            for (++at; at < header.size() && header[at] != '"'; ++at) {
                if (header[at] == '\\' && at + 1 < header.size())
                    ++at;
                value += header[at];
            }
            at = header.find(';', at);
        } else {
            const auto end = header.find(';', at);
            value = trim(header.substr(at, end - at));
            at = end;
        }
        if (same_letters(key, name))
            return value;
    }
    return std::nullopt;
}

bool read_headers(std::string_view head, part& to)
{
    bool disposition = false;
    while (!head.empty()) {
        const auto end = head.find("\r\n");
        const auto line = head.substr(0, end);
        head = end == std::string_view::npos ? std::string_view() : head.substr(end + 2);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos)
            return false;
        const auto name = trim(line.substr(0, colon));
        const auto value = trim(line.substr(colon + 1));
        if (same_letters(name, "content-type"))
            to.type = value;
        if (!same_letters(name, "content-disposition"))
            continue;
        const auto field = header_parameter(value, "name");
        if (!value.starts_with("form-data") || !field)
            return false;
        disposition = true;
        to.name = *field;
        if (const auto filename = header_parameter(value, "filename")) {
            to.filename = *filename;
            to.is_file = true;
        }
    }
    return disposition;
}

} // namespace

std::optional<std::vector<part>> parse_multipart(std::string_view content_type, std::string_view body)
{
    const auto boundary = header_parameter(content_type, "boundary");
    if (!boundary || boundary->empty() || boundary->size() > 70)
        return std::nullopt;
    const std::string delimiter = "\r\n--" + *boundary;
    std::vector<part> out;

    // The first delimiter may stand at the very beginning, without a line break before it.
    std::size_t at = 0;
    if (body.starts_with(std::string_view(delimiter).substr(2)))
        at = delimiter.size() - 2;
    else if (const auto first = body.find(delimiter); first != std::string_view::npos)
        at = first + delimiter.size();
    else
        return std::nullopt;

    while (body.substr(at, 2) != "--") {
        if (body.substr(at, 2) != "\r\n")
            return std::nullopt;
        at += 2;
        const auto head_end = body.find("\r\n\r\n", at);
        const auto end = body.find(delimiter, at);
        if (head_end == std::string_view::npos || end == std::string_view::npos || end < head_end + 2)
            return std::nullopt;
        part one;
        if (!read_headers(body.substr(at, head_end - at), one))
            return std::nullopt;
        const auto begin = head_end + 4;
        one.content = end > begin ? body.substr(begin, end - begin) : std::string_view();
        out.push_back(std::move(one));
        at = end + delimiter.size();
        if (out.size() > 100)
            return std::nullopt;
    }
    return out;
}

} // namespace usher::sandbox
