// RFC 3339 and calendar days.
#include <usher/time.hpp>

#include "fuzz/promise.hpp"
#include "fuzz/targets.hpp"
#include "json/text.hpp"

namespace usher::fuzz {

void times(std::string_view bytes)
{
    input from(bytes);
    const instant any(std::chrono::nanoseconds(static_cast<std::int64_t>(from.number())));
    promise(parse_rfc3339(format_rfc3339(any)) == any, "every instant is written and read");
    std::string short_form;
    usher::detail::append_short_time(any, short_form);
    promise(parse_rfc3339(short_form) == any, "the short form too");

    const std::string_view text = from.rest();
    if (const auto read = parse_rfc3339(text)) {
        promise(text.size() >= 20 && text.size() <= 40, "a time has about twenty characters");
        promise(parse_rfc3339(format_rfc3339(*read)) == read, "a time that is read can be written");
    }
    if (const auto day = parse_date(text)) {
        promise(day->ok(), "a day that is read exists");
        promise(format_date(*day) == text, "a day has one form");
    }
}

} // namespace usher::fuzz
