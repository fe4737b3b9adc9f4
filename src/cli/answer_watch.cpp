#include "cli/answer_watch.hpp"

#include "cli/text.hpp"
#include "core/utf8.hpp"

#include <algorithm>

namespace usher::cli {

void answer_watch::on_attempt(const attempt_event& event) noexcept
{
    constexpr int first_of_servers_faults = 500;
    if (!event.was_admitted() || event.failure == error_kind::cancelled || event.is_needless)
        return;
    if (event.status > 0 && event.status < first_of_servers_faults) {
        since_.reset();
        return;
    }
    if (!since_)
        since_ = std::chrono::steady_clock::now();
    const auto size = std::min(event.text.size(), sizeof why_ - 1);
    why_[event.text.copy(why_, size)] = '\0';
}

std::optional<std::string> answer_watch::trouble(time_point now) const
{
    constexpr std::chrono::seconds soon_over(3);
    if (!since_ || now - *since_ < soon_over)
        return std::nullopt;
    return "no answer for " + clock_text(std::chrono::duration_cast<std::chrono::seconds>(now - *since_)) + ": " +
           detail::one_line(why_);
}

} // namespace usher::cli
