#include "call/watch_text.hpp"

#include <array>
#include <cstdio>

namespace usher::detail {

std::string duration_text(std::chrono::nanoseconds duration)
{
    const auto us = static_cast<double>(duration.count()) / 1000;
    std::array<char, 32> text{};
    if (us < 1000)
        std::snprintf(text.data(), text.size(), "%.0f us", us);
    else if (us < 9'950)
        std::snprintf(text.data(), text.size(), "%.1f ms", us / 1000);
    else if (us < 999'500)
        std::snprintf(text.data(), text.size(), "%.0f ms", us / 1000);
    else
        std::snprintf(text.data(), text.size(), "%.3f s", us / 1e6);
    return text.data();
}

std::string held_text(wait_reason why, std::string_view limit)
{
    switch (why) {
    case wait_reason::limit:
        return "the quota (limit \"" + plain(limit) + "\")";
    case wait_reason::retry_after:
        return "the service, which asked to come later";
    case wait_reason::in_flight:
        return "requests on their way, as many as the quota allows at once";
    case wait_reason::none:
        break;
    }
    return "its turn";
}

std::string end_text(int status, error_kind failure, call_stage stage, std::string_view text)
{
    if (status != 0 && (failure == error_kind::none || failure == error_kind::service))
        return "HTTP " + std::to_string(status);
    std::string told = status != 0 ? "HTTP " + std::to_string(status) + ", " : std::string();
    told.append(to_string(failure)).append(" at ").append(to_string(stage));
    // What is wrong with parameters, or with an answer, may repeat some of it.
    if (!text.empty() && stage != call_stage::prepare && failure != error_kind::decode)
        told.append(": ").append(plain(text));
    return told;
}

std::string_view stop_text(stop_reason why) noexcept
{
    switch (why) {
    case stop_reason::not_repeatable:
        return "not again: it may have taken effect";
    case stop_reason::max_attempts:
        return "not again: that was the last attempt";
    case stop_reason::deadline:
        return "not again: the deadline comes first";
    case stop_reason::retry_budget:
        return "not again: too many attempts have failed lately";
    case stop_reason::not_retryable:
        return "not again: it would end the same way";
    case stop_reason::cancelled:
        break;
    }
    return "";
}

std::string plain(std::string_view text)
{
    constexpr std::size_t most = 200;
    std::string told(text.substr(0, most));
    for (auto& one : told)
        if (static_cast<unsigned char>(one) < 0x20 || one == 0x7f)
            one = ' ';
    if (text.size() > most)
        told += "...";
    return told;
}

} // namespace usher::detail
