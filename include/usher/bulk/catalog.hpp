// What a target has already, asked without changing anything.
#ifndef USHER_BULK_CATALOG_HPP
#define USHER_BULK_CATALOG_HPP

#include <usher/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace usher::clerk {
class client;
}
namespace usher::scalekit {
class client;
}

namespace usher::bulk {

/// What tells a user or an organization apart from others.
struct known_entity {
    known_entity() = default;
    std::string id;        ///< the target's
    std::string source_id; ///< what its source calls it; empty: it came from nowhere else
    std::string slug;      ///< of an organization
    std::string username;
    std::vector<std::string> email_addresses;
    std::vector<std::string> phone_numbers;
};

/// Whom to look for. Whoever has any of these is found.
struct user_query {
    user_query() = default;
    std::vector<std::string> source_ids;
    std::vector<std::string> email_addresses;
    std::vector<std::string> phone_numbers;
    std::vector<std::string> usernames;
};

struct target_survey {
    target_survey() = default;
    std::optional<std::int64_t> users;
    std::optional<std::int64_t> organizations;
    std::optional<std::set<std::string>> roles; ///< that memberships can have; nothing: it doesn't tell
};

/// Read-only questions to a service. *Errors*: those of the calls. *Thread safety*: that of the client; several
/// questions may be under way at once.
class catalog {
public:
    virtual ~catalog() = default;
    virtual boost::asio::awaitable<result<target_survey>> survey() = 0;
    /// Whether `find_users` works. Where it doesn't, only the whole listing tells.
    virtual bool finds_users() const noexcept = 0;
    /// Whoever has one of these identifiers, in one call for each hundred of a kind.
    virtual boost::asio::awaitable<result<std::vector<known_entity>>> find_users(user_query query) = 0;
    /// Gives everybody and everything there is, page by page.
    virtual boost::asio::awaitable<result<void>> list_users(std::function<void(const known_entity&)> use) = 0;
    virtual boost::asio::awaitable<result<void>> list_organizations(std::function<void(const known_entity&)> use) = 0;
    /// How many calls were made.
    virtual std::uint64_t calls() const noexcept = 0;
};

struct catalog_options {
    catalog_options() = default;
    /// Each call: waiting, all attempts, backoff.
    std::chrono::milliseconds deadline{3'600'000};
};

std::unique_ptr<catalog> make_clerk_catalog(const clerk::client& client,
                                            const catalog_options& options = catalog_options());
std::unique_ptr<catalog> make_scalekit_catalog(const scalekit::client& client,
                                               const catalog_options& options = catalog_options());

} // namespace usher::bulk

#endif
