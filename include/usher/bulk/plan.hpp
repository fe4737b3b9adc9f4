// What a migration would do, before anything is written.
#ifndef USHER_BULK_PLAN_HPP
#define USHER_BULK_PLAN_HPP

#include <usher/bulk/journal_reader.hpp>
#include <usher/bulk/source.hpp>
#include <usher/bulk/target.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace usher::bulk {

/// A record that would become a dead letter, or that needs a look.
struct plan_finding {
    plan_finding() = default;
    std::uint64_t line = 0;
    std::string source_id;
    /// `duplicate_in_source`, `identifier_taken`, `organization_missing` (a membership's), `slug_taken` (only worth a
    /// look), the refusals of the mapping and of the target.
    std::string code;
    std::string field;
    std::string message;
};

struct plan_options {
    plan_options() = default;
    mapping_options mapping;
    /// Ask the target which identifiers are there already, and what its quotas leave. Reads only.
    bool ask_target = true;
    std::uint32_t part = 0;
    std::uint32_t parts = 1;
    /// Folder for what does not fit into memory, about 300 bytes a record; empty: the system's for temporary files.
    std::string scratch;
};

struct plan_result {
    plan_result() = default;
    std::uint64_t records = 0;
    std::uint64_t users = 0;         ///< that would be sent
    std::uint64_t organizations = 0; ///< that would be sent
    std::uint64_t memberships = 0;
    std::uint64_t refused = 0;                  ///< records that would become dead letters, repeated ones among them
    std::uint64_t duplicates = 0;               ///< repeated within the source
    std::uint64_t already_there = 0;            ///< at the target, as ours; counted as sent: later steps may be missing
    std::uint64_t taken = 0;                    ///< an identifier belongs to somebody else at the target
    std::map<std::string, std::uint64_t> steps; ///< by kind
    std::map<std::string, std::uint64_t> refusals; ///< by code
    std::vector<counted_note> notes;
    std::uint64_t calls = 0;                 ///< that change something, if nothing fails
    std::optional<std::int64_t> users_there; ///< at the target now
    std::optional<std::int64_t> organizations_there;
    std::vector<std::string> warnings; ///< what the target says does not fit (quotas, roles), a sentence each
};

/// Reads the whole source, maps and checks every record, finds what is repeated, and asks the target (if there is one)
/// what is there: where few are there for its whole listing, else for each hundred of the source's records. Sends
/// nothing that changes anything. Memory does not grow with the source. What records refuse on their own is told as
/// they are read, what they have in common at the end, in the order of their lines. Without a target only the mapping
/// is checked: no steps, no calls. Cancelling the source ends it early with what was read. *Errors*: throws
/// `std::runtime_error` when the source can't be read on; a call that fails for good is `result`'s.
boost::asio::awaitable<result<plan_result>> plan(boost::asio::any_io_executor executor, source& from, target* to,
                                                 plan_options options, std::function<void(const plan_finding&)> found);

} // namespace usher::bulk

#endif
