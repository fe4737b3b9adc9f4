#include "net/response_fields.hpp"

#include <boost/beast/core/string.hpp>

#include <charconv>

namespace usher::detail {

namespace beast = boost::beast;

void rate_fields::clear()
{
    if (!any)
        return;
    any = false;
    for (auto* text : {&policy, &limit, &triple_limit, &triple_remaining, &triple_reset})
        text->clear();
}

void response_head::clear()
{
    status = 0;
    retry_after.clear();
    date.clear();
    trace_id.clear();
    keep_alive_timeout.reset();
    is_coded = false;
    rate.clear();
    headers.clear();
}

std::optional<std::chrono::seconds> keep_alive_timeout_of(std::string_view keep_alive)
{
    constexpr std::string_view name = "timeout=";
    const auto at = keep_alive.find(name);
    if (at == std::string_view::npos)
        return std::nullopt;
    std::int32_t seconds = 0;
    const auto* const begin = keep_alive.data() + at + name.size();
    const auto [end, ec] = std::from_chars(begin, keep_alive.data() + keep_alive.size(), seconds);
    if (ec != std::errc() || end == begin || seconds < 0)
        return std::nullopt;
    return std::chrono::seconds(seconds);
}

void take_rate(rate_fields& rate, std::string_view field, std::string_view value)
{
    beast::string_view name(field.data(), field.size());
    struct place {
        beast::string_view name;
        std::string rate_fields::*text;
    };
    static constexpr place lists[] = {{"ratelimit", &rate_fields::limit}, {"ratelimit-policy", &rate_fields::policy}};
    static constexpr place triple[] = {{"ratelimit-limit", &rate_fields::triple_limit},
                                       {"ratelimit-remaining", &rate_fields::triple_remaining},
                                       {"ratelimit-reset", &rate_fields::triple_reset}};
    constexpr std::size_t family = lists[0].name.size();
    const bool has_prefix = name.size() > family && beast::iequals(name.substr(0, 2), "x-");
    if (has_prefix)
        name.remove_prefix(2);
    if (name.size() < family || !beast::iequals(name.substr(0, family), lists[0].name))
        return;
    for (const auto& one : triple) {
        auto& text = rate.*one.text;
        if (text.empty() && beast::iequals(name, one.name)) {
            text = value;
            rate.any = true;
        }
    }
    for (const auto& one : lists) {
        auto& text = rate.*one.text;
        if (!has_prefix && beast::iequals(name, one.name)) {
            text.append(text.empty() ? "" : ", ").append(value);
            rate.any = true;
        }
    }
}

} // namespace usher::detail
