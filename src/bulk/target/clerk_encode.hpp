// What Clerk is sent for a user or an organization, and what it can't take.
#ifndef USHER_BULK_CLERK_ENCODE_HPP
#define USHER_BULK_CLERK_ENCODE_HPP

#include <usher/bulk/mapping.hpp>
#include <usher/clerk/organizations.hpp>
#include <usher/clerk/users.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace usher::bulk {

/// The most that the JSON of one metadata member may take.
inline constexpr std::size_t largest_metadata = 8192;
/// Member of `private_metadata`: an organization's holds `{"source_id": …, "sent_at": …}`, a user's `{"sent_at": …}`.
inline constexpr std::string_view marker_name = "usher";

using sending_time = std::chrono::sys_time<std::chrono::milliseconds>;
/// `sent` is written into a user whom nothing else would date: `created_at` is the source's then, and no address or
/// number of its own comes with the creation.
clerk::create_user_params create_params(const user& who, sending_time sent);
/// `slug` empty: none is sent. `sent`: now, by this machine's clock, which tells it from what was there before.
clerk::create_organization_params create_params(const organization& which, const std::string& slug, sending_time sent);

/// The slugs that an organization may get, the first one that is free.
std::vector<std::string> slug_candidates(const organization& which);
/// The source's id in the marker of an organization; empty: it has none.
std::string marked_source(const clerk::organization& found);
/// When it was sent, by its marker; nothing: it has none, or one that does not say.
std::optional<sending_time> marked_time(const clerk::organization& found);
std::optional<sending_time> marked_time(const clerk::user& found);
/// Takes a user's mark out of its `private_metadata`; what a source calls so itself stays.
void erase_user_mark(boost::json::object& private_metadata);

/// The values that are verified, or those that are not, each once.
std::vector<std::string> values_of(const std::vector<identifier>& all, bool verified);
/// Whether this one is to be added: not verified, and not the same as another.
bool is_added(const std::vector<identifier>& all, std::size_t index);

} // namespace usher::bulk

#endif
