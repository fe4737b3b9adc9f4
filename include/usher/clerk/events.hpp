// Clerk's webhook events.
#ifndef USHER_CLERK_EVENTS_HPP
#define USHER_CLERK_EVENTS_HPP

#include <usher/field.hpp>
#include <usher/json.hpp>
#include <usher/time.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace usher::clerk::events {

/// An event of any type, those that are newer than this library too: `type` says which, `data` holds all of it.
///
///     if (event.is_about("user") && event.type != "user.deleted") {
///         auto user = event.data_as<usher::clerk::user>();   // <usher/clerk/types/user.hpp>
///         …
///     }
struct event {
    event() = default;

    std::string type; ///< such as user.created
    std::string object = "event";
    boost::json::value data;
    usher::field<usher::unix_milliseconds> timestamp; ///< when it happened; epoch milliseconds
    usher::field<std::string> instance_id;
    usher::field<boost::json::object> event_attributes; ///< where the request came from that caused it

    /// True for `user.created`, `user.updated` and so on, when `kind` is `user`.
    bool is_about(std::string_view kind) const noexcept;

    /// The data as a generated type: `clerk::user` for `user.…`, `clerk::organization`, `clerk::session` and the like;
    /// `clerk::deleted_object` for `….deleted`. *Errors*: `decode`, naming the JSON pointer within `data`.
    template <usher::detail::described T>
    usher::result<T> data_as() const
    {
        return usher::from_json<T>(data_text());
    }

private:
    std::string data_text() const;
};
const usher::detail::type_info& usher_type(const event*) noexcept;

} // namespace usher::clerk::events

#endif
