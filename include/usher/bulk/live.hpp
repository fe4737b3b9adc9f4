// A live instance as a source, and as a file.
#ifndef USHER_BULK_LIVE_HPP
#define USHER_BULK_LIVE_HPP

#include <usher/bulk/source.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace usher::clerk {
class client;
}
namespace usher::scalekit {
class client;
}

namespace usher::bulk {

struct live_options {
    live_options() = default;
    bool organizations = true;
    bool users = true;
    bool memberships = true;
    /// Each call: waiting, all attempts, backoff.
    std::chrono::milliseconds deadline{3'600'000};
};

// What the APIs do not give, or no record holds, stands in each record under `not_exported` and becomes its notes:
// password digests, TOTP secrets, backup codes, passkeys, wallets, links to other providers, images, and the
// `external_id` of users and Scalekit's organizations, since the target's becomes the id that they have here.
//
// Clerk → Scalekit → Clerk gives back what was there, but for this, of which each is noted at the record:
//
//   | of        | lost                                                              | because Scalekit             |
//   |-----------|-------------------------------------------------------------------|------------------------------|
//   | users     | addresses and numbers but the primary ones                        | has one of each              |
//   | users     | bans, locks                                                       | has none                     |
//   | users     | `delete_self_enabled`, `create_organization_enabled` and          | has no such settings         |
//   |           | `create_organizations_limit`: as the last instance has them       |                              |
//   | any       | each of public, private and unsafe metadata above 256 bytes       | has no room for it           |
//   | users     | those without an address, and without a `default_organization`    | has no such users            |
//   |           | those without an organization: they are refused                   |                              |
//
// What Scalekit has no member for is carried in its metadata meanwhile: metadata, username, slug, times, limits, and
// whether an address or number is verified. Nobody is promoted by having been there.

/// Everything in an instance of Clerk or of Scalekit, as records of `source_format::usher`: organizations first, then
/// users with their memberships. What is created or deleted meanwhile makes nothing else be missed or seen twice. (Of
/// Scalekit this holds as far as its page tokens lead on from an item and not from a place.) Memberships are collected
/// on disk first; memory does not grow with the instance. Invitations that are not accepted are no memberships; a
/// membership of an organization that was created meanwhile is left out. The ids are the service's own.
/// *Errors*: `source::next` throws `std::runtime_error` that says what was read, how far, and the call's error.
/// *Cancellation*: ends the call under way. *Lifetime*: holds on to the client. `executor` is that of its engine.
std::unique_ptr<source> open_clerk(boost::asio::any_io_executor executor, const clerk::client& client,
                                   live_options options = live_options());
std::unique_ptr<source> open_scalekit(boost::asio::any_io_executor executor, const scalekit::client& client,
                                      live_options options = live_options());

} // namespace usher::bulk

#endif
