#include <usher/observer.hpp>
#include <usher/reconcile.hpp>

namespace usher {

void observer::on_call(const call_event&) noexcept {}

void observers::on_attempt(const attempt_event& event) noexcept
{
    for (const auto& one : all_)
        if (one)
            one->on_attempt(event);
}

void observers::on_call(const call_event& event) noexcept
{
    for (const auto& one : all_)
        if (one)
            one->on_call(event);
}

std::string_view to_string(wait_reason reason) noexcept
{
    switch (reason) {
    case wait_reason::none:
        return "none";
    case wait_reason::limit:
        return "limit";
    case wait_reason::retry_after:
        return "retry_after";
    case wait_reason::in_flight:
        return "in_flight";
    }
    return "";
}

namespace detail {

look_up::~look_up() = default;

} // namespace detail

} // namespace usher
