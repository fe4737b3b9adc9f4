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
    std::string field;    ///< empty: the whole entity is missing
    std::string expected; ///< as JSON; never a secret
    std::string found;
};

struct verify_options {
    verify_options() = default;
    mapping_options mapping;
    std::size_t concurrency = 16;
    /// What is missing or different is looked at again until then: a listing may lag.
    std::chrono::milliseconds patience{10'000};
    std::uint32_t part = 0;
    std::uint32_t parts = 1;
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

/// Compares a source with the target, field by field, by the ids that the journal knows.
/// *Errors*: throws `std::runtime_error` when the source can't be read on; a call that fails for good ends it as
/// `result`'s error.
boost::asio::awaitable<result<verify_counters>> verify(boost::asio::any_io_executor executor, source& from, target& to,
                                                       const journal_reader& book, verify_options options,
                                                       std::function<void(const difference&)> found);

struct undo_options {
    undo_options() = default;
    /// Remove users who have signed in since as well.
    bool force = false;
    std::size_t concurrency = 64;
};

struct undo_counters {
    undo_counters() = default;
    std::uint64_t removed = 0;
    std::uint64_t was_gone = 0;
    std::uint64_t in_use = 0; ///< kept: signed in since
    std::uint64_t failed = 0;
};

/// Takes back what a job made, and nothing else: later steps before the entity, users before organizations. What was
/// removed is written down, so that an undo which was interrupted goes on.
boost::asio::awaitable<undo_counters> undo(boost::asio::any_io_executor executor, target& from, journal& book,
                                           const journal_reader& made, undo_options options,
                                           std::function<void(const made_thing&, const error&)> failed);

} // namespace usher::bulk

#endif
