// An instance with people in it: planned by a seed, created through the API, known member by member.
#ifndef USHER_TESTS_MIGRATE_LIVE_INSTANCE_HPP
#define USHER_TESTS_MIGRATE_LIVE_INSTANCE_HPP

#include <usher/bulk/live.hpp>
#include <usher/bulk/mapping.hpp>
#include <usher/clerk/client.hpp>
#include <usher/sandbox.hpp>
#include <usher/scalekit/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace usher::tests {

namespace asio = boost::asio;

inline const char* const clerk_key = "sk_test_livelivelivelivelivelivelivelivelive";

/// Ids are those of the plan: `user-17`, `organization-3`. At the service they are external ids and slugs.
struct plan {
    plan() = default;
    std::vector<bulk::organization> organizations;
    std::vector<bulk::user> users;
    std::size_t memberships() const;
};

/// Every kind of user: with and without each member that the model has. `alike` of them were created at one moment.
plan make_plan(std::size_t users, std::size_t organizations, std::size_t memberships, std::size_t alike = 0);

/// The service's ids of what was planned.
using id_map = std::map<std::string, std::string>;

/// A service, an engine and clients of it.
struct instance {
    explicit instance(sandbox::options how = sandbox::options());

    clerk::client client(const char* key = clerk_key, int attempts = 8);
    scalekit::client scalekit_client();
    /// Creates what is planned; returns the service's ids.
    id_map create(const plan& what, const char* key = clerk_key);

    /// Runs a coroutine to its end; what it throws is thrown here.
    template <class Body>
    void run(Body body)
    {
        asio::co_spawn(io, std::move(body), [](std::exception_ptr failed) {
            if (failed)
                std::rethrow_exception(failed);
        });
        io.restart();
        io.run();
    }

    sandbox::server served;
    asio::io_context io{1};
    engine on;
};

/// Does `one` for 0 … count-1, several at once.
asio::awaitable<void> for_each(std::size_t count, std::function<asio::awaitable<void>(std::size_t)> one,
                               std::size_t at_once = 32);

/// Everything that a source has.
struct contents {
    contents() = default;
    std::map<std::string, bulk::organization> organizations;
    std::map<std::string, bulk::user> users;
    std::map<std::string, std::size_t> notes; ///< by field
    std::size_t repeated = 0;                 ///< records with an id that was there before
    std::size_t out_of_order = 0;             ///< organizations after a user
    std::size_t records = 0;
    bool counted = true; ///< each end_offset is the number of its record
};
contents read_all(instance& from, bulk::source& source);
/// The same within a coroutine; `ended` becomes true.
asio::awaitable<void> take_all_and_say(bulk::source& source, contents& into, bool& ended);

/// One line that says all of it, with ids as they are; memberships in the order of their organizations.
std::string text_of(bulk::user of);
std::string text_of(const bulk::organization& of);
/// What the plan says, with the service's ids.
bulk::user with_ids(bulk::user planned, const id_map& ids);
bulk::organization with_ids(bulk::organization planned, const id_map& ids);

} // namespace usher::tests

#endif
