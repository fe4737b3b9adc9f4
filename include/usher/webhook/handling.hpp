// An event from the moment that it is accepted until it is handled.
#ifndef USHER_WEBHOOK_HANDLING_HPP
#define USHER_WEBHOOK_HANDLING_HPP

#include <usher/webhook.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace usher::webhook {

/// Holds the id of an event while it is handled. Unless it is confirmed, the id is forgotten when this object goes, so
/// that the event is taken when it is sent again: whatever ends the handling early, no event is lost.
///
///     usher::webhook::handling held;
///     auto event = usher::webhook::receive<events::event>(verifier, headers, body, held);
///     if (!event)
///         return answer(event.error().http_status());
///     handle(*event);                                   // may throw: the provider sends it again
///     held.confirm();
///     return answer(204);
///
/// Does nothing for a verifier without a replay store.
class handling {
public:
    /// Holds nothing.
    handling() noexcept = default;
    /// Holds what `own` has accepted.
    handling(verifier own, std::string_view id);
    handling(handling&& other) noexcept;
    handling& operator=(handling&& other) noexcept;
    /// Forgets the id if it is held. What the store throws then is dropped: the id stays pending to the end of its
    /// time.
    ~handling();

    /// The event was handled. Nothing is held afterwards. *Errors*: what the store throws; the id then stays pending.
    void confirm();
    /// Nothing is held afterwards, and the id stays pending: somebody else calls `verifier::confirm` or `forget`.
    void release() noexcept;

    /// True until it is confirmed, released or moved from.
    bool holds() const noexcept { return own_.has_value(); }
    std::string_view id() const noexcept { return id_; }

private:
    void drop() noexcept;

    std::optional<verifier> own_;
    std::string id_;
};

} // namespace usher::webhook

#endif
