// One import run: the loop that takes records, and the life of each record.
//
// Vocabulary. A record is *taken* from the source, *mapped* to an entity, *planned* as steps by the target, and *under
// way* until it is finished: created, already there, or failed, which buries it as a dead letter. It is *skipped* when
// an earlier run finished it or another part has it. A step is *in doubt* when a run wrote its intent and was ended
// before it wrote the outcome.
// Invariants. No step is sent before its intent is on disk. A record's steps follow each other. No user begins while an
// organization is under way. What is known only to this process is `underway`; everything else is the journal's.
// Lifecycle. `run` takes records one after the other and starts one coroutine for each, never more than `concurrency`.
// Everything happens on one executor, so that counters need no lock.
#ifndef USHER_BULK_IMPORT_STATE_HPP
#define USHER_BULK_IMPORT_STATE_HPP

#include <usher/bulk/import.hpp>

#include <boost/asio/steady_timer.hpp>

#include <exception>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace usher::bulk {

struct importer::state {
    state(boost::asio::any_io_executor executor_, source& from_, target& to_, journal& book_,
          import_listener& listener_, import_options options_);

    bool more() const noexcept { return !stopping && !gave_up && !trouble; }
    void failed(const source_record& record, const import_failure& failure);
    void give_up(const error& why);
    void record_finished(std::exception_ptr thrown);
    void look_at_target() noexcept;

    boost::asio::any_io_executor executor;
    source& from;
    target& to;
    journal& book;
    import_listener& listener;
    import_options options;
    import_counters counters;
    target_counters before;         ///< the target's, from earlier runs
    boost::asio::steady_timer wake; ///< cancelled whenever a record is finished
    std::set<std::pair<entity_kind, std::string>> underway;
    std::size_t organizations_underway = 0;
    error why_given_up;
    std::exception_ptr trouble; ///< source or journal failed, or a listener threw
    bool gave_up = false;
    bool stopping = false;
};

/// A record that has something to be done.
struct planned_record {
    planned_record() = default;
    source_record from;
    mapped_record what;
    std::vector<step> steps;
    std::optional<journal_entry> entry; ///< of an earlier run
};

/// What is left to do for a record; nothing: it was looked at, and counted or buried.
std::optional<planned_record> look_at(importer::state& self, source_record record);
/// Does what is left of a record and writes it down.
boost::asio::awaitable<void> run_record(std::shared_ptr<importer::state> self, planned_record record);

} // namespace usher::bulk

#endif
