#include <usher/scalekit/login.hpp>

#include "core/http_text.hpp"

#include <algorithm>

namespace usher::scalekit {

namespace {

/// Percent-decoding as forms have it: `+` is a space. A `%` without two digits stays.
std::string decoded(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto escaped = detail::escaped_byte(text);
        out += escaped ? *escaped : text.front() == '+' ? ' ' : text.front();
        text.remove_prefix(escaped ? detail::escape_size : 1);
    }
    return out;
}

struct found_parameter {
    std::size_t times = 0;
    std::string value;
};

found_parameter find(std::string_view query, std::string_view name)
{
    // A question mark in a value is one: only a target has something in front of its query.
    if (const auto mark = query.find_first_of("?=&"); mark != std::string_view::npos && query[mark] == '?')
        query.remove_prefix(mark + 1);
    query = query.substr(0, query.find('#'));
    found_parameter found;
    while (!query.empty()) {
        const auto one = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), one.size() + 1));
        const auto equals = std::min(one.find('='), one.size());
        if (decoded(one.substr(0, equals)) != name)
            continue;
        ++found.times;
        found.value = decoded(one.substr(std::min(equals + 1, one.size())));
    }
    return found;
}

} // namespace

std::optional<std::string> query_parameter(std::string_view query, std::string_view name)
{
    auto found = find(query, name);
    return found.times == 1 ? std::optional(std::move(found.value)) : std::nullopt;
}

bool has_parameter(std::string_view query, std::string_view name)
{
    return find(query, name).times > 0;
}

} // namespace usher::scalekit
