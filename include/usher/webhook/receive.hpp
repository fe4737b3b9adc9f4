// From a request to a typed event: verified first, then read.
//
//     using usher::scalekit::events::event;               // <usher/scalekit/events.hpp>
//     auto received = usher::webhook::receive<event>(verifier, headers, body);
//     if (!received)
//         return answer(received.error().http_status());
//     std::visit(usher::webhook::overloaded{
//                    [](const usher::scalekit::events::user_login& e) { welcome(e.data.user.email); },
//                    [](const usher::scalekit::events::user_logout& e) { end(e.data.user_session.session_id); },
//                    [](const usher::unknown_json& e) { log(e.json.at("type")); },
//                    [](const auto&) {}},
//                *received);
//
// Clerk's events are `usher::clerk::events::event`, from <usher/clerk/events.hpp>.
#ifndef USHER_WEBHOOK_RECEIVE_HPP
#define USHER_WEBHOOK_RECEIVE_HPP

#include <usher/json.hpp>
#include <usher/webhook.hpp>

namespace usher::webhook {

/// Functions as one, for `std::visit`.
template <class... Functions>
struct overloaded : Functions... {
    using Functions::operator()...;
};
template <class... Functions>
overloaded(Functions...) -> overloaded<Functions...>;

namespace detail {

/// Nothing, or why the body is no event.
std::optional<refusal> read_event(const usher::detail::type_info& type, void* event, std::string_view body);

} // namespace detail

/// Verifies a request and reads its event. Nothing of the body is read before its signature is found good.
///
/// `headers`: as `verifier::verify` takes them. `Event`: `scalekit::events::event`, one of its alternatives,
/// `clerk::events::event`, or any generated type. Members that the type does not have are skipped.
/// *Errors*: those of `verify`, and `malformed_event`, whose message names the JSON pointer; such an event is not
/// remembered as taken.
template <usher::detail::described Event, class Headers>
boost::system::result<Event, refusal> receive(const verifier& own, const Headers& headers, std::string_view body)
{
    const verdict checked = own.verify(headers, body);
    if (!checked)
        return checked.error();
    Event event;
    if (auto why = detail::read_event(usher_type(&event), &event, body)) {
        own.forget(checked->id);
        return *std::move(why);
    }
    return event;
}

} // namespace usher::webhook

#endif
