// Types of events from one example of each: what a service documents where it has no schema.
#ifndef USHER_CODEGEN_EVENTS_HPP
#define USHER_CODEGEN_EVENTS_HPP

#include "document.hpp"
#include "model.hpp"
#include "output.hpp"

#include <string>

namespace usher::codegen {

/// The examples, by type: `{"user.login": {"type": "user.login", "object": "User", "data": {…}, …}, …}`.
/// *Errors*: `refused` for what is no JSON.
json::value read_examples(std::string_view text);

/// Rules.
/// - Each example becomes a type with the members around `data`, which all events share, and `data` (see
/// `event_shapes`);
///   `event` is the union of all, told apart by `type`.
/// - A member that every example of its type has, and never as null, is a plain one. Any other can be absent or null.
/// - A text that is RFC 3339 in every example is a time. So is a member called `…_at` or `…_time` that is null in all.
/// - What is null in every example, or of several kinds, is any JSON.
/// `service` is the namespace of the service: the types stand in `service::events`, in one header beside its own.
/// *Errors*: `refused`.
model make_events(const node& examples, const std::string& service);

/// Adds the header and the tables. *Errors*: `refused` if the service has a header of that name already.
void add_events(const model& from, output& to);

/// The index of all events and what their data holds, in Markdown.
std::string events_index(const model& from);

} // namespace usher::codegen

#endif
