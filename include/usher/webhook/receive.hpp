// From a request to a typed event: verified first, then read.
//
//     using usher::scalekit::events::event;               // <usher/scalekit/events.hpp>
//     usher::webhook::handling held;                      // forgets the event's id unless it is confirmed
//     auto received = usher::webhook::receive<event>(verifier, headers, body, held);
//     if (!received)
//         return answer(received.error().http_status());
//     std::visit(usher::webhook::overloaded{
//                    [](const usher::scalekit::events::user_login& e) { welcome(e.data.user.email); },
//                    [](const usher::scalekit::events::user_logout& e) { end(e.data.user_session.session_id); },
//                    [](const usher::unknown_json& e) { log(e.json.at("type")); },
//                    [](const auto&) {}},
//                *received);
//     held.confirm();
//
// Clerk's events are `usher::clerk::events::event`, from <usher/clerk/events.hpp>.
#ifndef USHER_WEBHOOK_RECEIVE_HPP
#define USHER_WEBHOOK_RECEIVE_HPP

#include <usher/json.hpp>
#include <usher/webhook.hpp>
#include <usher/webhook/handling.hpp>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

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
refusal other_type(std::string_view wanted);

/// An event of one type, which it holds as a text; the text of a default one is the type that is expected.
template <class Event>
concept typed_by_text = requires(Event& event)
{
    requires std::same_as<decltype(event.type), std::string>;
};

template <class Event>
std::optional<refusal> read_own(Event& event, std::string_view body)
{
    std::string wanted;
    if constexpr (typed_by_text<Event>)
        wanted = std::exchange(event.type, std::string());
    auto why = read_event(usher_type(&event), &event, body);
    if constexpr (typed_by_text<Event>)
        if (!why && !wanted.empty() && event.type != wanted)
            why = other_type(wanted);
    return why;
}

} // namespace detail

/// Verifies a request and reads its event. Nothing of the body is read before its signature is found good.
///
/// `headers`: as `verifier::verify` takes them. `Event`: `scalekit::events::event`, one of its alternatives,
/// `clerk::events::event`, or any generated type. Members that the type does not have are skipped.
///
/// The types of events follow from the provider's examples. An event of a type that is not among them, and one that
/// is but has a member of another kind, is the variant's last alternative, `unknown_json`, which keeps all of it; in
/// Clerk's envelope a member of another kind, except `type` and `data`, is left at its default. `from_json` says what
/// does not fit, by its JSON pointer.
///
/// `held` holds the id from here on: call its `confirm` once the event is handled. Without that, whatever the reason,
/// the event is taken when it is sent again.
/// *Errors*: those of `verify`; `malformed_event` for a body that is no JSON object with a text `type`, and, where one
/// type is asked for, for an event of another one and for one that does not fit: its message names the JSON pointer.
/// The id is forgotten then, and also when something throws.
template <usher::detail::described Event, class Headers>
boost::system::result<Event, refusal> receive(const verifier& own, const Headers& headers, std::string_view body,
                                              handling& held)
{
    const verdict checked = own.verify(headers, body);
    if (!checked)
        return checked.error();
    handling taken(own, checked->id);
    Event event;
    if (auto why = detail::read_own(event, body))
        return *std::move(why);
    held = std::move(taken);
    return event;
}

/// The same for who handles the id otherwise: it stays pending until `verifier::confirm` or `forget`, or the end of its
/// time. Repetitions are answered with 409 as long.
template <usher::detail::described Event, class Headers>
boost::system::result<Event, refusal> receive(const verifier& own, const Headers& headers, std::string_view body)
{
    handling held;
    auto received = receive<Event>(own, headers, body, held);
    held.release();
    return received;
}

} // namespace usher::webhook

#endif
