// One import as the command runs it: engine, source, files, signals, progress.
#ifndef USHER_CLI_IMPORT_RUN_HPP
#define USHER_CLI_IMPORT_RUN_HPP

#include "cli/arguments.hpp"
#include "cli/line_file.hpp"
#include "cli/progress.hpp"
#include "cli/terminal.hpp"

#include <usher/bulk/import.hpp>
#include <usher/engine.hpp>
#include <usher/quota.hpp>
#include <usher/secret.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

namespace usher::cli {

class import_run final : public bulk::import_listener {
public:
    /// *Errors*: `std::invalid_argument` for an address or key that can't be used, `std::system_error` for a source
    /// that can't be opened.
    import_run(const import_arguments& arguments, const secret& key);

    exit_status run();

private:
    void on_failure(const bulk::source_record& record, const bulk::import_failure& failure) override;
    void on_note(const bulk::source_record& record, const std::string& external_id, const bulk::note& what) override;

    boost::asio::awaitable<void> whole_run();
    boost::asio::awaitable<void> show_progress();
    boost::asio::awaitable<result<std::int64_t>> count_users();
    void wait_for_signal();
    void on_signal();
    progress look();
    void show(const progress& now);
    void finish(bulk::import_end end);
    std::string command_to_go_on(bulk::import_end end) const;

    const import_arguments& arguments_;
    quota limits_;
    boost::asio::io_context io_{1};
    engine engine_;
    clerk::client client_;
    bulk::input source_;
    bulk::importer importer_;
    boost::asio::signal_set signals_;
    boost::asio::steady_timer tick_;
    line_file failures_;
    line_file notes_;
    note_counts note_counts_;
    status_line status_;
    recent_rate rate_{std::chrono::seconds(5)};
    double quota_per_second_ = 0;
    std::chrono::steady_clock::time_point begun_;
    std::optional<std::chrono::steady_clock::duration> took_;
    std::optional<std::int64_t> users_before_;
    std::optional<std::int64_t> users_after_;
    std::uint64_t shown_failures_ = 0;
    exit_status status_code_ = could_not_run;
    bool on_terminal_ = false;
    bool ended_ = false;
    int signals_seen_ = 0;
};

} // namespace usher::cli

#endif
