// The thread that writes a journal: it takes everything that was put meanwhile and commits it in one transaction.
//
// Invariants: writes are committed in the order in which they were put, each batch as a whole; after a commit that
// failed nothing more is written, and `committed` is told so once. The queue is bounded: who puts more than the thread
// can write waits for it.
#ifndef USHER_BULK_JOURNAL_WRITER_HPP
#define USHER_BULK_JOURNAL_WRITER_HPP

#include "bulk/journal/file.hpp"
#include "bulk/journal/names.hpp"
#include "bulk/journal/rows.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace usher::bulk::detail {

struct new_record {
    journal_entry entry;
};
struct changed_record { ///< everything but what it was begun with
    journal_entry entry;
};
struct dropped_letter {
    std::uint64_t place;
};
struct removed_step {
    std::uint64_t number;
    std::uint16_t step;
};
struct new_note {
    std::uint64_t id;
    note what;
    std::string example;
};
struct new_sample {
    journal_time at;
    std::string json;
};
struct new_setting {
    std::string name;
    std::string value;
};
using write = std::variant<new_record, changed_record, step_row, removed_step, letter_row, dropped_letter, new_note,
                           new_sample, new_setting, std::shared_ptr<written_run>>;

/// Carries out writes; the caller has begun a transaction.
class write_statements {
public:
    explicit write_statements(database& file);
    void operator()(const new_record& what);
    void operator()(const changed_record& what);
    void operator()(const step_row& what);
    void operator()(const removed_step& what);
    void operator()(const letter_row& what);
    void operator()(const dropped_letter& what);
    void operator()(const new_note& what);
    void operator()(const new_sample& what);
    void operator()(const new_setting& what);
    void operator()(const std::shared_ptr<written_run>&) {}
    void count_note(std::uint64_t id, std::uint64_t by);
    void add_name(const name_row& row);
    void names_up_to(std::uint64_t number);

private:
    statement insert_record_, change_record_, put_step_, find_step_, put_letter_, drop_letter_, put_note_, count_note_,
        put_sample_, put_setting_, put_name_, named_;
};

class writer {
public:
    struct report {
        std::uint64_t last = 0; ///< the last write that is on disk
        bool names_written = false;
        std::string trouble; ///< empty: none
    };
    /// `committed` is called on the writer's thread.
    writer(std::unique_ptr<database> file, std::chrono::microseconds gather, std::function<void(report)> committed);
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;
    ~writer() { close(); }

    /// The number of this write, from 1.
    std::uint64_t put(write what);
    std::uint64_t count_note(std::size_t id);
    /// Somebody waits who should not wait for more company.
    void hurry();
    /// Writes what there is; no more may be put.
    void close() noexcept;
    /// How many commits there were.
    std::uint64_t commits() const noexcept { return commits_.load(std::memory_order_relaxed); }

private:
    struct batch {
        std::vector<write> writes;
        std::vector<std::uint64_t> notes; ///< by id: how many more
        bool is_empty() const noexcept { return writes.empty() && notes.empty(); }
    };

    void run();
    bool take(batch& into, std::uint64_t& last);
    bool commit(batch& what);
    std::uint64_t queued(std::unique_lock<std::mutex> lock, bool was_empty);

    std::unique_ptr<database> file_;
    write_statements write_;
    std::chrono::microseconds gather_;
    std::function<void(report)> committed_;
    std::shared_ptr<written_run> run_; ///< being added to `name`
    std::size_t run_at_ = 0;
    std::atomic<std::uint64_t> commits_ = 0;

    std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable room_;
    batch queue_;
    std::uint64_t put_ = 0;
    std::chrono::steady_clock::time_point first_put_;
    bool hurry_ = false;
    bool closing_ = false;
    bool failed_ = false;
    std::thread thread_; // last: it uses the others
};

} // namespace usher::bulk::detail

#endif
