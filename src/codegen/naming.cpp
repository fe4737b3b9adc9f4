#include "naming.hpp"

#include <algorithm>
#include <array>

namespace usher::codegen {

namespace {

constexpr std::string_view reserved_names[] = {
    // keywords and alternative tokens
    "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch", "char",
    "char16_t", "char32_t", "char8_t", "class", "co_await", "co_return", "co_yield", "compl", "concept", "const",
    "const_cast", "consteval", "constexpr", "constinit", "continue", "decltype", "default", "delete", "do", "double",
    "dynamic_cast", "else", "enum", "explicit", "export", "extern", "false", "float", "for", "friend", "goto", "if",
    "inline", "int", "long", "mutable", "namespace", "new", "noexcept", "not", "not_eq", "nullptr", "operator", "or",
    "or_eq", "private", "protected", "public", "register", "reinterpret_cast", "requires", "return", "short", "signed",
    "sizeof", "static", "static_assert", "static_cast", "struct", "switch", "template", "this", "thread_local", "throw",
    "true", "try", "typedef", "typeid", "typename", "union", "unsigned", "using", "virtual", "void", "volatile",
    "wchar_t", "while", "xor", "xor_eq",
    // macros of common headers and of GNU dialects
    "assert", "errno", "i386", "linux", "major", "makedev", "minor", "signbit", "stderr", "stdin", "stdout", "unix",
    "interface", "near", "far", "small",
    // namespaces that generated code names
    "boost", "std", "usher"};

bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}
bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}
bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

void replace_all(std::string& text, std::string_view from, std::string_view to)
{
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
}

/// True where a word begins at the capital `text[i]`; `before` is the letter before it, digits left out.
bool begins_word(const std::string& text, std::size_t i, char before)
{
    if (is_lower(before))
        return true;
    if (!is_upper(before))
        return false;
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    const char after = i + 2 < text.size() ? text[i + 2] : '\0';
    const bool plural = next == 's' && !is_lower(after);
    return is_lower(next) && !plural;
}

} // namespace

std::string snake_case(std::string_view original)
{
    std::string text;
    if (!original.empty() && original.front() == '+')
        text = "plus ";
    else if (!original.empty() && original.front() == '-')
        text = "minus ";
    text += original;
    replace_all(text, "OAuth", "Oauth");
    replace_all(text, "WebAuthn", "Webauthn");
    replace_all(text, "CName", "Cname");

    std::string name;
    char before = '\0';
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (!is_upper(c) && !is_lower(c) && !is_digit(c)) {
            before = '\0';
            if (!name.empty() && name.back() != '_')
                name += '_';
            continue;
        }
        if (is_upper(c) && begins_word(text, i, before) && !name.empty() && name.back() != '_')
            name += '_';
        if (!is_digit(c))
            before = c;
        name += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    }
    while (!name.empty() && name.back() == '_')
        name.pop_back();
    if (name.empty())
        return "empty";
    if (is_digit(name.front()))
        name.insert(name.begin(), 'n');
    return name;
}

bool is_reserved(std::string_view name) noexcept
{
    return std::find(std::begin(reserved_names), std::end(reserved_names), name) != std::end(reserved_names);
}

name_scope::name_scope(std::initializer_list<std::string_view> own)
{
    for (const auto name : own)
        own_.emplace(name);
}

std::string name_scope::take(std::string_view text)
{
    std::string name = snake_case(text);
    if (is_reserved(name) || own_.count(name) != 0)
        name += '_';
    std::string unique = name;
    for (int number = 2; !taken_.insert(unique).second; ++number)
        unique = name + (name.back() == '_' ? "" : "_") + std::to_string(number);
    return unique;
}

std::string literal(std::string_view text)
{
    static constexpr char digits[] = "01234567";
    std::string code = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            code += '\\';
            code += c;
        } else if (byte < 0x20 || byte >= 0x7f || (c == '?' && code.back() == '?')) {
            // Octal ends after three digits, so that what follows is never read into it; ?? would begin a trigraph.
            code += '\\';
            code += digits[byte >> 6];
            code += digits[(byte >> 3) & 7];
            code += digits[byte & 7];
        } else {
            code += c;
        }
    }
    return code + '"';
}

std::string in_comment(std::string_view text)
{
    std::string line;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20) {
            if (!line.empty() && line.back() != ' ')
                line += ' ';
        } else {
            line += c;
        }
    }
    while (!line.empty() && (line.back() == ' ' || line.back() == '\\'))
        line.pop_back();
    return line;
}

} // namespace usher::codegen
