// A journal in a file: what is said becomes an entry in memory and writes for the thread.
#ifndef USHER_BULK_JOURNAL_FILE_JOURNAL_HPP
#define USHER_BULK_JOURNAL_FILE_JOURNAL_HPP

#include "bulk/journal/durability.hpp"
#include "bulk/journal/entries.hpp"
#include "bulk/journal/note_kinds.hpp"
#include "bulk/journal/writer.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace usher::bulk::detail {

class file_journal final : public journal {
public:
    file_journal(boost::asio::any_io_executor executor, const std::string& path, const journal_options& options);
    ~file_journal() override;

    boost::asio::awaitable<begun_record> begin_record(record_intent intent) override;
    boost::asio::awaitable<void> begin_step(std::uint64_t number, std::uint16_t step) override;
    void end_step(step_outcome outcome) override;
    void bury(std::uint64_t number, std::optional<entity_kind> kind, const source_record& record,
              const import_failure& failure) override;
    void settle(std::uint64_t line) override;
    void add_note(const note& what, std::string_view source_id) override;
    void add_sample(journal_time at, std::string json) override;
    boost::asio::awaitable<void> flush() override;
    std::optional<journal_entry> find(entity_kind kind, std::string_view source_id) override;
    std::optional<std::string> setting(std::string_view name) override;
    void set_setting(std::string_view name, std::string_view value) override;

    std::uint64_t commits() const noexcept { return writer_->commits(); }

private:
    /// What the writer's thread reaches a journal by, which may have gone meanwhile.
    struct link {
        file_journal* journal;
    };

    held_entry& need(std::uint64_t number);
    void put(write what) { last_write_ = writer_->put(std::move(what)); }
    void put_change(held_entry& of);
    void on_report(const writer::report& done);
    /// Whether waiting for more company is pointless, as most of it waits itself.
    void hurry_if(std::size_t waiting);

    file_lock lock_;
    std::shared_ptr<link> link_;
    std::unique_ptr<database> file_; ///< read with, on the executor
    std::unique_ptr<entries> entries_;
    std::map<std::string, std::string, std::less<>> settings_;
    note_kinds notes_;
    std::shared_ptr<durability> durability_;
    std::uint64_t last_write_ = 0;
    bool hurried_ = false;
    std::unique_ptr<writer> writer_;
};

} // namespace usher::bulk::detail

#endif
