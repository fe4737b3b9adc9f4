// Brings what a source has to a target, exactly once, whatever happens to the process meanwhile.
#ifndef USHER_BULK_IMPORT_HPP
#define USHER_BULK_IMPORT_HPP

#include <usher/bulk/failure.hpp>
#include <usher/bulk/journal.hpp>
#include <usher/bulk/source.hpp>
#include <usher/bulk/target.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>

namespace usher::bulk {

struct import_options {
    import_options() = default;
    mapping_options mapping;
    /// Records under way at once, at least 1. The client paces the requests; this only has to be enough to keep it
    /// busy.
    std::size_t concurrency = 64;
    /// Of `parts` processes with the same source each takes the records whose id falls to its `part`, 0 ≤ part < parts.
    /// Organizations are taken by all: whoever comes first creates one.
    std::uint32_t part = 0;
    std::uint32_t parts = 1;
    /// Take up records that failed in an earlier run as well. Without it they stay as they are.
    bool retry_failed = false;
    /// Finish what earlier runs have begun, and take nothing else.
    bool only_begun = false;
    /// The source was changed since the job was begun: its lines tell no longer which record is which. A record that is
    /// repeated within the source then counts as skipped.
    bool lines_moved = false;
};

struct import_counters {
    import_counters() = default;
    std::uint64_t records = 0;       ///< taken from the source
    std::uint64_t created = 0;       ///< created and complete
    std::uint64_t already_there = 0; ///< recognised as ours, complete
    std::uint64_t failed = 0;        ///< records with a dead letter of this run
    std::uint64_t left_open = 0;     ///< begun, and left to the next run: this one was stopped or given up
    std::uint64_t skipped = 0;       ///< finished by an earlier run of this job, or another part's
    std::uint64_t duplicates = 0;    ///< among the failed: repeated within the source
    std::uint64_t taken = 0;         ///< among the failed: an identifier belongs to somebody else
    std::uint64_t incomplete = 0;    ///< among the failed: the entity is there, a later step failed
    std::uint64_t organizations = 0; ///< among created and already_there
    std::uint64_t memberships = 0;   ///< that users were given
    std::uint64_t added = 0;         ///< unverified addresses and numbers added
    std::uint64_t banned = 0;
    std::uint64_t resumed = 0;   ///< records that an earlier run had begun
    std::uint64_t recovered = 0; ///< things whose creation seemed lost and was found
    std::uint64_t lookups = 0;
    std::uint64_t notes = 0;     ///< members that could not be carried over
    std::uint64_t position = 0;  ///< in the source, in its unit
    std::uint64_t in_flight = 0; ///< records under way now

    std::uint64_t finished() const noexcept { return created + already_there + failed + skipped; }
};

/// Told what happens to records; as it stands, it takes no notice. *Thread safety*: called on the run's executor, never
/// concurrently.
class import_listener {
public:
    virtual ~import_listener() = default;
    virtual void on_failure(const source_record& record, const import_failure& failure);
    virtual void on_note(const source_record& record, const std::string& source_id, const note& what);
};

enum class import_end : std::uint8_t {
    finished, ///< every record of the source was taken
    stopped,  ///< `stop` was called
    given_up  ///< going on was pointless: `importer::reason` says why
};

/// One run of a job over one source.
///
/// Of a record the journal knows what was done, so that a run over the same source and journal goes on where the last
/// one ended, however it ended. What is known to be done costs no call. Memory does not grow with the source: up to
/// `concurrency` records are under way, and the source is read as they are taken. Organizations come before the users
/// of a source and are finished before the first user begins. The journal keeps which instance the job was begun at:
/// a run with the key of another one is given up before anything else is sent (`is_other_instance` of its reason).
/// *Lifetime*: source, target, journal and listener must outlive the run. *Thread safety*: that of the client.
class importer {
public:
    /// `executor` is that of the target's client. *Errors*: `std::invalid_argument` for an option that is out of range.
    importer(boost::asio::any_io_executor executor, source& from, target& to, journal& book, import_listener& listener,
             import_options options);
    ~importer();
    importer(const importer&) = delete;
    importer& operator=(const importer&) = delete;

    /// Runs until every record taken is finished and the journal is on disk. Once only.
    /// *Cancellation*: as `stop`; it ends after everything that uses source, target and journal.
    /// *Errors*: throws `std::runtime_error` when the source can't be read on or the journal not be written, after
    /// what is on its way has ended.
    boost::asio::awaitable<import_end> run();
    /// Takes no more records and sends no further step; what is on its way is waited for and written down.
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
