// Whether what a job brought over is there as it should be; and taking it back.
#ifndef USHER_BULK_VERIFY_HPP
#define USHER_BULK_VERIFY_HPP

#include <usher/bulk/journal.hpp>
#include <usher/bulk/journal_reader.hpp>
#include <usher/bulk/source.hpp>
#include <usher/bulk/target.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace usher::bulk {

/// One member that is not as the source has it.
struct difference {
    difference() = default;
    entity_kind kind = entity_kind::user;
    std::string source_id;
    std::string target_id;
    /// Which member, `/` between its parts: `email_address`, `public_metadata/plan`, `membership/roles`; empty: the
    /// whole entity is missing.
    std::string field;
    std::string expected; ///< as JSON; of a secret only whether it is set
    std::string found;
};

struct verify_options {
    verify_options() = default;
    mapping_options mapping;
    /// Batches of 100 users under way at once, at least 1.
    std::size_t concurrency = 16;
    /// How long after the start of a verification a listing may still lag behind what was written before it. What is
    /// missing or different is looked at again until then, and not told before.
    std::chrono::milliseconds patience{10'000};
    std::uint32_t part = 0;
    std::uint32_t parts = 1;
    /// The source was changed since the job was begun: its lines tell no longer which record is which.
    bool lines_moved = false;
};

struct verify_counters {
    verify_counters() = default;
    std::uint64_t records = 0; ///< of the source
    std::uint64_t compared = 0;
    std::uint64_t equal = 0;
    std::uint64_t different = 0;  ///< entities with at least one difference
    std::uint64_t missing = 0;    ///< in the journal as there, and not there
    std::uint64_t unfinished = 0; ///< failed, open or unknown to the journal: nothing to compare with
    std::uint64_t looked_again = 0;
};

/// Compares a source with the target, field by field, by the ids that the journal knows. Memberships are asked for once
/// the source has shown an organization or a membership: of a source without any, and of the users before the first
/// one, those that are at the target are not compared. Memory does not grow with the source.
/// *Errors*: throws `std::runtime_error` when the source can't be read on; a call that fails for good ends it as
/// `result`'s error, and so does a target that is another instance than the job's (`is_other_instance`).
boost::asio::awaitable<result<verify_counters>> verify(boost::asio::any_io_executor executor, source& from, target& to,
                                                       const journal_reader& book, verify_options options,
                                                       std::function<void(const difference&)> found);

struct undo_options {
    undo_options() = default;
    /// Remove users who have signed in since as well. An organization that others belong to stays all the same.
    bool force = false;
    std::size_t concurrency = 64; ///< removals under way at once, at least 1
};

struct undo_counters {
    undo_counters() = default;
    std::uint64_t removed = 0; ///< entities, and what was added to others
    std::uint64_t was_gone = 0;
    std::uint64_t in_use = 0; ///< kept: a user has signed in since, or somebody belongs to the organization
    std::uint64_t failed = 0;
};

/// Takes back what a job made, and nothing else: users before organizations. Of an entity that the job adopted only
/// what it added is removed. What was removed is written down, so that an undo which was interrupted goes on. It ends
/// early when the target refuses the key or nobody answers. *Errors*: throws `std::runtime_error` when the journal
/// can't be read or written; before anything is removed, `call_failed` with the error of `check_instance`.
boost::asio::awaitable<undo_counters> undo(boost::asio::any_io_executor executor, target& from, journal& book,
                                           const journal_reader& made, undo_options options,
                                           std::function<void(const made_thing&, const error&)> failed);

} // namespace usher::bulk

#endif
