// What a job remembers: for each step that it was about to be sent before it is, and what became of it after.
#ifndef USHER_BULK_JOURNAL_HPP
#define USHER_BULK_JOURNAL_HPP

#include <usher/bulk/failure.hpp>
#include <usher/bulk/model.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace usher::bulk {

/// Milliseconds since 1970, UTC.
using journal_time = std::chrono::sys_time<std::chrono::milliseconds>;

enum class record_state : std::uint8_t {
    open,    ///< begun and not finished
    created, ///< made by this job, all its steps done
    adopted, ///< was there already as ours, all its steps done
    failed,  ///< has a dead letter
    removed  ///< taken back by an undo
};

std::string_view to_string(record_state state) noexcept;

/// A record as the journal has it.
struct journal_entry {
    journal_entry() = default;
    std::uint64_t number = 0; ///< of the record in this journal, from 1
    entity_kind kind = entity_kind::user;
    std::string source_id;
    std::string target_id; ///< empty: not known
    std::uint64_t line = 0;
    record_state state = record_state::open;
    bool made = false;            ///< this job made the entity, whatever became of its later steps
    std::uint16_t steps_done = 0; ///< the first of its steps that is not finished
    bool in_doubt = false;        ///< that step was about to be sent, and nothing says what became of it
    /// When the last of its steps was about to be sent; while one is in doubt: when that was, for the first time.
    journal_time begun{};
};

/// What is written when a record begins.
struct record_intent {
    record_intent() = default;
    entity_kind kind = entity_kind::user;
    std::string source_id;
    std::uint64_t line = 0;
};

struct begun_record {
    begun_record() = default;
    std::uint64_t number = 0;
    /// An earlier record of the same kind has the same id: this is it, and nothing was written.
    std::optional<journal_entry> earlier;
};

/// What became of a step.
struct step_outcome {
    step_outcome() = default;
    std::uint64_t number = 0; ///< of the record
    std::uint16_t step = 0;   ///< which of the record's steps, from 0
    /// What was done. `remove`: an undo took back what this step had made (`made` false, `done` true); with
    /// `finished` = `removed` the whole record.
    import_step kind = import_step::create;
    std::string id;    ///< of what is there now; for the first step this becomes the record's `target_id`
    bool made = false; ///< this job made it
    bool done = true;  ///< false: it failed, and is not `steps_done`
    /// The record's last word; nothing: a further step follows.
    std::optional<record_state> finished;
};

/// Where a job writes down what it does.
///
/// Order of a step: `begin_…` is awaited, and on return the intent is on disk; the request is sent; `end_step` is said
/// and is on disk soon after. Killed in between, the next run finds the intent without an outcome, and looks. Writes of
/// all records under way share one commit. Records are told apart by kind and source id.
/// *Errors*: `begin_…` and `flush` throw `std::runtime_error` when the journal can't be written (the disk is full):
/// nothing must be sent then, and nothing said later is kept. `std::invalid_argument` for a number that there is not.
/// *Cancellation*: a `begin_…` that is cancelled throws `operation_aborted`; its intent may be on disk all the same.
/// *Lifetime*: it must outlive its calls and end before the executor's context; what was said is written before its
/// destructor returns. *Thread safety*: none; one executor.
class journal {
public:
    virtual ~journal() = default;
    /// Makes durable that the first step of a new record is about to be sent.
    virtual boost::asio::awaitable<begun_record> begin_record(record_intent intent) = 0;
    /// … a further step, or a step again, of a record that is known.
    virtual boost::asio::awaitable<void> begin_step(std::uint64_t number, std::uint16_t step) = 0;
    /// Says what became of a step. `finished` = `created` or `adopted` also settles the record's dead letter.
    virtual void end_step(step_outcome outcome) = 0;

    /// Keeps a record that failed as a dead letter: under its number, or where there is none under its line. A second
    /// one replaces the first. The entry becomes `failed`, and is `in_doubt` if it was or if the failure's outcome is
    /// unknown; for a kind and id (`failure.source_id`) that have no entry yet one is made. With number 0 and an id
    /// that another line has the entry of (a repetition), the letter is that line's own and the entry stays as it is.
    virtual void bury(std::uint64_t number, std::optional<entity_kind> kind, const source_record& record,
                      const import_failure& failure) = 0;
    /// The dead letter of a record without a number is settled. Those with a number are by `end_step`.
    virtual void settle(std::uint64_t line) = 0;
    /// Counts something that did not reach the target, with the first record as its example. Kinds are bounded: beyond
    /// 200 they are counted together.
    virtual void add_note(const note& what, std::string_view source_id) = 0;
    /// A line of figures about the last second or so, as JSON, for the report.
    virtual void add_sample(journal_time at, std::string json) = 0;

    /// Returns when everything said so far is on disk.
    virtual boost::asio::awaitable<void> flush() = 0;
    /// The entry of a record; what was said is seen at once.
    virtual std::optional<journal_entry> find(entity_kind kind, std::string_view source_id) = 0;
    /// Facts about the job as a whole.
    virtual std::optional<std::string> setting(std::string_view name) = 0;
    virtual void set_setting(std::string_view name, std::string_view value) = 0;
};

struct journal_options {
    journal_options() = default;
    /// Whether there may be, or has to be, a journal at this path.
    enum class file : std::uint8_t { make, reopen, either };
    file how = file::either;
    /// Writes wait at most so long for company before they are committed together; shorter when a quarter of the
    /// records under way waits for it already. 0: not at all.
    std::chrono::microseconds gather{10'000};
};

/// A journal in one SQLite file (write-ahead log, synced at each commit); a thread of its own writes.
///
/// Its files: PATH; PATH-wal and PATH-shm while it is open and after a kill (they belong to it: move all three or
/// none); PATH-lock, empty but for the number of the process that has the journal, which stays. *Errors*:
/// `std::runtime_error` that names the file: in use by another process, no journal, of a newer version, there already
/// or not there, damaged, not to be written.
std::unique_ptr<journal> open_journal(boost::asio::any_io_executor executor, const std::string& path,
                                      const journal_options& options = journal_options());
/// A journal that forgets: for a job that is not to be resumed. It still tells repeated records apart, in memory.
std::unique_ptr<journal> make_memory_journal();

} // namespace usher::bulk

#endif
