#include "bulk/journal/writer.hpp"

#include <algorithm>
#include <exception>

namespace usher::bulk::detail {
namespace {

/// Beyond that many writes who puts them waits.
constexpr std::size_t most_queued = 16'384;
/// How many rows of a run go into `name` with a commit, at least.
constexpr std::size_t slice = 512;

} // namespace

writer::writer(std::unique_ptr<database> file, std::chrono::microseconds gather, std::function<void(report)> committed)
    : file_(std::move(file)), write_(*file_), gather_(gather), committed_(std::move(committed)), thread_([this] {
          run();
      })
{
}

std::uint64_t writer::queued(std::unique_lock<std::mutex> lock, bool was_empty)
{
    if (was_empty)
        first_put_ = std::chrono::steady_clock::now();
    const auto number = ++put_;
    if (queue_.writes.size() > most_queued && !failed_) {
        hurry_ = true;
        wake_.notify_one();
        room_.wait(lock, [this] { return queue_.writes.size() <= most_queued || failed_; });
        return number;
    }
    lock.unlock();
    if (was_empty)
        wake_.notify_one();
    return number;
}

std::uint64_t writer::put(write what)
{
    std::unique_lock lock(mutex_);
    const bool was_empty = queue_.is_empty();
    if (!failed_)
        queue_.writes.push_back(std::move(what));
    return queued(std::move(lock), was_empty);
}

std::uint64_t writer::count_note(std::size_t id)
{
    std::unique_lock lock(mutex_);
    const bool was_empty = queue_.is_empty();
    if (queue_.notes.size() <= id)
        queue_.notes.resize(id + 1);
    queue_.notes[id] += 1;
    return queued(std::move(lock), was_empty);
}

void writer::hurry()
{
    {
        const std::lock_guard lock(mutex_);
        hurry_ = true;
    }
    wake_.notify_one();
}

void writer::close() noexcept
{
    if (!thread_.joinable())
        return;
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

bool writer::take(batch& into, std::uint64_t& last)
{
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return !queue_.is_empty() || closing_; });
    if (queue_.is_empty())
        return false;
    wake_.wait_until(lock, first_put_ + gather_, [this] { return hurry_ || closing_; });
    std::swap(into, queue_);
    last = put_;
    hurry_ = false;
    lock.unlock();
    room_.notify_all();
    return true;
}

/// Whether a run has been written as a whole.
bool writer::commit(batch& what)
{
    file_->run("BEGIN IMMEDIATE");
    for (const auto& each : what.writes) {
        std::visit(write_, each);
        if (const auto* run = std::get_if<std::shared_ptr<written_run>>(&each)) {
            run_ = *run;
            run_at_ = 0;
            std::sort(run_->rows.begin(), run_->rows.end());
        }
    }
    for (std::size_t id = 0; id < what.notes.size(); ++id)
        if (what.notes[id] != 0)
            write_.count_note(id, what.notes[id]);
    bool is_whole = false;
    if (run_) {
        const auto rows = std::max(slice, 2 * what.writes.size());
        const auto end = std::min(run_->rows.size(), run_at_ + rows);
        for (; run_at_ < end; ++run_at_)
            write_.add_name(run_->rows[run_at_]);
        if (run_at_ == run_->rows.size()) {
            write_.names_up_to(run_->up_to);
            run_.reset();
            is_whole = true;
        }
    }
    file_->run("COMMIT");
    ++commits_;
    return is_whole;
}

void writer::run()
{
    batch mine;
    std::uint64_t last = 0;
    try {
        while (take(mine, last)) {
            report done;
            done.names_written = commit(mine);
            done.last = last;
            mine.writes.clear();
            mine.notes.clear();
            committed_(std::move(done));
        }
        // The next start need not look through the records then.
        while (run_)
            commit(mine);
    } catch (const std::exception& trouble) {
        report none;
        none.trouble = trouble.what();
        {
            const std::lock_guard lock(mutex_);
            failed_ = true;
        }
        room_.notify_all();
        if (file_->is_in_transaction())
            sqlite3_exec(file_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
        committed_(std::move(none));
    }
}

} // namespace usher::bulk::detail
