// Whether a job goes on where it was begun: a key that was mixed up must not lead it to another instance.
#ifndef USHER_BULK_INSTANCE_HPP
#define USHER_BULK_INSTANCE_HPP

#include <usher/bulk/journal.hpp>
#include <usher/bulk/target.hpp>
#include <usher/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace usher::bulk {

/// The journal's setting that names the instance at which its job was begun, as `target::instance` tells it.
inline constexpr std::string_view instance_setting = "instance";

/// Compares where `to` leads with where a job was begun: what its journal says under `instance_setting`. Asks nothing
/// where that is not known (an older journal, a key that may not ask); a target that can't tell is believed.
/// *Errors*: one for which `is_other_instance` is true, with both named in its text; that of the question, if nobody
/// answered it. *Cancellation*: as a call that only reads. *Lifetime*: `to` outlives it.
boost::asio::awaitable<result<void>> check_instance(target& to, std::optional<std::string> begun_at);

/// Writes down where `to` leads, unless the journal knows or the target can't tell. Nothing is kept of a question that
/// failed. *Cancellation*, *Lifetime*: as above, of `book` too.
boost::asio::awaitable<void> keep_instance(target& to, journal& book);

/// True for what `check_instance` says of a job that was begun elsewhere.
bool is_other_instance(const error& why) noexcept;

} // namespace usher::bulk

#endif
