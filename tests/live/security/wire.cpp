#include "wire.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace security {

namespace {

bool is_token(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
}

bool is_same_name(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return (x | 32) == (y | 32); });
}

[[noreturn]] void refuse(const char* why)
{
    throw std::runtime_error(why);
}

std::string_view take_line(std::string_view& bytes, bool is_utf8 = false)
{
    const auto end = bytes.find("\r\n");
    if (end == std::string_view::npos)
        refuse("a line without an end");
    const auto line = bytes.substr(0, end);
    bytes.remove_prefix(end + 2);
    for (const char c : line)
        if (((is_utf8 ? static_cast<unsigned char>(c) < ' ' : c < ' ') && c != '\t') || c == 0x7f)
            refuse("a control character, or a byte above 0x7e, in a head");
    return line;
}

bool take(std::string_view& text, std::string_view word)
{
    const bool is_there = text.starts_with(word);
    text.remove_prefix(is_there ? word.size() : 0);
    return is_there;
}

/// The rest of a quoted text, in which a quote ends it for everybody.
bool take_quoted(std::string_view& text, std::string& inside)
{
    const auto end = text.find_first_of("\"\\");
    if (end == std::string_view::npos || text[end] != '"')
        return false;
    inside = text.substr(0, end);
    text.remove_prefix(end + 1);
    return true;
}

void read_request_line(std::string_view line, seen_request& request)
{
    const auto first = line.find(' ');
    const auto second = first == std::string_view::npos ? first : line.find(' ', first + 1);
    if (second == std::string_view::npos || line.substr(second) != " HTTP/1.1")
        refuse("no request line");
    request.method = line.substr(0, first);
    request.target = line.substr(first + 1, second - first - 1);
    if (!is_token(request.method))
        refuse("no method");
    if (!request.target.starts_with('/') || request.target.starts_with("//"))
        refuse("a target that begins with something else than one slash");
    if (request.target.find_first_of("\t#\\\"<>^`{|}") != std::string::npos)
        refuse("a target with a character that no URI has");
    if (std::count(request.target.begin(), request.target.end(), '?') > 1)
        refuse("a target with two question marks");
}

std::size_t length_of(const seen_request& request)
{
    const auto text = request.header("Content-Length");
    if (text == "(none)")
        return 0;
    std::size_t length = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (ec != std::errc() || end != text.data() + text.size())
        refuse("a Content-Length that is no number");
    return length;
}

seen_request take_request(std::string_view& bytes)
{
    seen_request request;
    read_request_line(take_line(bytes), request);
    for (;;) {
        const auto line = take_line(bytes);
        if (line.empty())
            break;
        const auto colon = line.find(": ");
        const auto name = line.substr(0, std::min(colon, line.size()));
        if (colon == std::string_view::npos || !is_token(name))
            refuse("no header line");
        const auto value = line.substr(colon + 2);
        if (!value.empty() && (value.front() <= ' ' || value.back() <= ' '))
            refuse("a value with space around it");
        request.headers.emplace_back(name, value);
    }
    for (const auto* once : {"Host", "User-Agent", "Accept", "Accept-Encoding"})
        if (request.header(once) == "(none)" || request.header(once) == "(several)")
            refuse("a header that has to be there once is not");
    for (const auto* never : {"Transfer-Encoding", "Connection", "Upgrade", "Expect", "TE"})
        if (request.header(never) != "(none)")
            refuse("a header about the connection");
    const auto length = length_of(request);
    if (bytes.size() < length)
        refuse("a body that is shorter than it says");
    request.body = bytes.substr(0, length);
    bytes.remove_prefix(length);
    return request;
}

} // namespace

std::vector<std::string> seen_request::segments() const
{
    std::vector<std::string> all;
    const auto text = path();
    for (std::string_view rest = text; !rest.empty();) {
        rest.remove_prefix(1);
        all.emplace_back(rest.substr(0, rest.find('/')));
        rest.remove_prefix(all.back().size());
    }
    return all;
}

std::vector<std::pair<std::string, std::string>> seen_request::query() const
{
    std::vector<std::pair<std::string, std::string>> all;
    const auto mark = target.find('?');
    if (mark == std::string::npos)
        return all;
    std::string_view rest = std::string_view(target).substr(mark + 1);
    for (bool more = true; more;) {
        const auto end = std::min(rest.find('&'), rest.size());
        more = end != rest.size();
        const auto one = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const auto equals = one.find('=');
        if (equals == std::string_view::npos)
            refuse("a query parameter without =");
        all.emplace_back(percent_decoded(one.substr(0, equals)), percent_decoded(one.substr(equals + 1)));
    }
    return all;
}

std::string seen_request::header(std::string_view name) const
{
    std::string found = "(none)";
    for (const auto& [own, value] : headers)
        if (is_same_name(own, name))
            found = found == "(none)" ? value : "(several)";
    return found;
}

std::vector<std::string> seen_request::header_names() const
{
    std::vector<std::string> all;
    for (const auto& one : headers)
        all.push_back(one.first);
    return all;
}

std::vector<std::string> seen_request::query_names() const
{
    std::vector<std::string> all;
    for (const auto& one : query())
        all.push_back(one.first);
    return all;
}

std::vector<seen_request> read_requests(std::string_view bytes)
{
    std::vector<seen_request> all;
    while (!bytes.empty())
        all.push_back(take_request(bytes));
    return all;
}

std::vector<form_part> form_parts(const seen_request& request)
{
    const auto type = request.header("Content-Type");
    const std::string line = "--" + type.substr(type.find('=') + 1);
    std::vector<form_part> parts;
    std::string_view rest = request.body;
    while (!rest.starts_with(line + "--\r\n")) {
        if (take_line(rest) != line)
            refuse("a part that does not begin with the boundary");
        form_part part;
        auto head = take_line(rest, true);
        if (!take(head, "Content-Disposition: form-data; name=\"") || !take_quoted(head, part.name) ||
            (take(head, "; filename=\"") && !take_quoted(head, part.file_name.emplace())) || !head.empty())
            refuse("no disposition of a part");
        auto more = take_line(rest);
        if (!more.empty() && !take(more, "Content-Type: "))
            refuse("no media type of a part");
        const bool has_type = more.data() != nullptr && !more.empty();
        part.media_type = more;
        if (has_type && !take_line(rest).empty())
            refuse("a head of a part that does not end");
        const auto end = rest.find("\r\n" + line);
        if (end == std::string_view::npos)
            refuse("a part that does not end");
        part.content = rest.substr(0, end);
        parts.push_back(std::move(part));
        rest.remove_prefix(end + 2);
    }
    if (rest.size() != line.size() + 4)
        refuse("something behind the end of a form");
    return parts;
}

std::string in_quotes(const std::string& text)
{
    std::string out;
    for (const char c : text)
        if (c == '"')
            out += "%22";
        else if (c == '\\')
            out += "%5C";
        else
            out += c;
    return out;
}

std::string percent_decoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        unsigned value = 0;
        if (i + 2 >= text.size() ||
            std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr != text.data() + i + 3)
            refuse("a % without two digits");
        out += static_cast<char>(value);
        i += 2;
    }
    return out;
}

} // namespace security
