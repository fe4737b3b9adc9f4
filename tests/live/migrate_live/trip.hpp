// Clerk → Scalekit → Clerk, through two services.
#ifndef USHER_TESTS_MIGRATE_LIVE_TRIP_HPP
#define USHER_TESTS_MIGRATE_LIVE_TRIP_HPP

#include "live/migrate_live/instance.hpp"
#include "temporary_folder.hpp"

#include <usher/bulk/import.hpp>

#include <utility>

namespace usher::tests {

/// Another instance of the first service: where the trip ends.
inline const char* const last_key = "sk_test_lastlastlastlastlastlastlastlastlastlast";

struct tally final : bulk::import_listener {
    void on_failure(const bulk::source_record&, const bulk::import_failure& failure) override;
    void on_note(const bulk::source_record&, const std::string&, const bulk::note& what) override
    {
        ++notes[what.field];
    }

    std::size_t failures = 0;
    std::map<std::string, std::size_t> notes; ///< by field
};

struct trip {
    trip(std::size_t users, std::size_t organizations, std::size_t memberships)
        : first(with(sandbox::service::clerk)),
          between(with(sandbox::service::scalekit)),
          what(make_plan(users, organizations, memberships))
    {
    }

    static sandbox::options with(sandbox::service of)
    {
        sandbox::options how;
        how.services = {of};
        return how;
    }

    /// There and back. Returns what each run said of what is lost.
    std::pair<tally, tally> go();
    /// The last instance in the words of the first: ids as they were, without the mark that a migration leaves and
    /// without the organization of those who belong to none.
    contents translated() const;

    contents read(const char* key)
    {
        const auto source = bulk::open_clerk(first.io.get_executor(), first.client(key));
        return read_all(first, *source);
    }
    /// Clients of one service on the other's context: a run has one.
    scalekit::client across()
    {
        client_options options;
        options.quota = quota::unlimited();
        return scalekit::client(first.on, between.served.origin(), "skc_1", secret("a-secret-of-a-client"), options);
    }
    clerk::client last_client()
    {
        client_options options;
        options.base_url = first.served.url();
        options.quota = quota::unlimited();
        return clerk::client(between.on, secret(last_key), options);
    }

    /// Where each run wrote down what it did.
    std::string journal_there() const { return folder.file("there"); }
    std::string journal_again() const { return folder.file("again"); }

    temporary_folder folder;
    instance first;
    instance between;
    plan what;
    contents before;
    contents after;
    bulk::import_counters there;
    bulk::import_counters again;
    id_map users_between;
    id_map organizations_between;
    id_map users_after;
};

} // namespace usher::tests

#endif
