// Brings users from a source into an instance of Clerk.
#ifndef USHER_BULK_IMPORT_HPP
#define USHER_BULK_IMPORT_HPP

#include <usher/bulk/failure.hpp>
#include <usher/bulk/input.hpp>
#include <usher/clerk/client.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>

namespace usher::bulk {

struct import_options {
    import_options() = default;
    source_format format = source_format::auth0;
    mapping_options mapping;
    /// Records under way at once, at least 1. The client paces the requests; this only has to be enough to keep it
    /// busy.
    std::size_t concurrency = 64;
    /// Map and check every record, send nothing.
    bool dry_run = false;
    /// Each call: waiting, all attempts, backoff.
    std::chrono::milliseconds deadline{3'600'000};
    /// How often a user is looked for, or a creation of unknown outcome is repeated, before giving the record up.
    int attempts = 5;
    /// Between two looks: a listing may lag behind what was created. Doubled each time.
    std::chrono::milliseconds pause{500};
};

struct import_counters {
    import_counters() = default;
    std::uint64_t records = 0;       ///< taken from the source
    std::uint64_t created = 0;       ///< users who were created and are complete
    std::uint64_t already_there = 0; ///< users of an earlier run, recognised by their `external_id`
    std::uint64_t failed = 0;        ///< records with a line in the failures
    std::uint64_t valid = 0;         ///< records that would be sent (dry run)
    std::uint64_t duplicates = 0;    ///< among the failed: repeated within the source
    std::uint64_t taken = 0;         ///< among the failed: an identifier belongs to another user
    std::uint64_t incomplete = 0;    ///< among the failed: the user is there, a later step failed
    std::uint64_t added = 0;         ///< unverified addresses and numbers added
    std::uint64_t banned = 0;
    std::uint64_t recovered = 0; ///< users whose creation seemed lost and was found
    std::uint64_t lookups = 0;
    std::uint64_t notes = 0;     ///< members that could not be carried over
    std::uint64_t bytes = 0;     ///< of the source, taken
    std::uint64_t in_flight = 0; ///< records under way now

    std::uint64_t finished() const noexcept { return created + already_there + failed + valid; }
};

/// Told what happens to records. *Thread safety*: called on the client's executor, never concurrently.
class import_listener {
public:
    virtual ~import_listener() = default;
    virtual void on_failure(const source_record& record, const import_failure& failure) = 0;
    virtual void on_note(const source_record& record, const std::string& external_id, const note& what) = 0;
};

enum class import_end : std::uint8_t {
    finished, ///< every record of the source was taken
    stopped,  ///< `stop` was called
    given_up  ///< going on was pointless: `importer::reason` says why
};

/// One run over one source.
///
/// A user is created first and asked about afterwards: a record that is there already is answered as such and
/// recognised by its `external_id`, so that a second run over the same source creates nothing twice and costs one call
/// a record. When it is unknown whether a creation took effect, the user is looked for before anything is sent again.
/// The source is read as records are taken: memory does not grow with it, except for up to 32 bytes per record that
/// tell duplicates. *Lifetime*: source and listener must outlive the run. *Thread safety*: that of the client.
class importer {
public:
    /// `executor` is the client's engine's. *Errors*: `std::invalid_argument` for an option that is out of range.
    importer(boost::asio::any_io_executor executor, clerk::client client, input& source, import_listener& listener,
             import_options options);
    ~importer();
    importer(const importer&) = delete;
    importer& operator=(const importer&) = delete;

    /// Runs until every record taken is finished. Once only.
    /// *Errors*: throws `std::runtime_error` when the source can't be read on, after the records under way are
    /// finished.
    boost::asio::awaitable<import_end> run();
    /// Takes no more records; those under way are finished.
    void stop();

    const import_counters& counters() const noexcept;
    /// Why the run was given up.
    const error& reason() const noexcept;

    struct state;

private:
    std::shared_ptr<state> state_;
};

} // namespace usher::bulk

#endif
