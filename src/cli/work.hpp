// Something that takes a while: run under signals, with its progress shown.
#ifndef USHER_CLI_WORK_HPP
#define USHER_CLI_WORK_HPP

#include "cli/arguments.hpp"
#include "cli/progress.hpp"
#include "cli/terminal.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>

namespace usher::cli {

class work {
public:
    virtual ~work() = default;
    /// All of it. What it throws ends the command.
    virtual boost::asio::awaitable<exit_status> run() = 0;
    /// How far it is. `requests_per_second` is the caller's to fill in.
    virtual progress look() = 0;
    /// Requests so far, for the rate.
    virtual std::uint64_t requests() = 0;
    virtual void each_second() {}
    /// Somebody wants it to end: it takes no more, and `run` returns when what is under way is finished. False: nothing
    /// is under way that is worth waiting for.
    virtual bool stop() = 0;
    /// It is left where it is, after this: what has to be kept is kept, what has to be said is said.
    virtual exit_status abandon() = 0;
};

/// Runs one work on its context, with a bar in a terminal, lines in a log and events for programs. SIGINT and SIGTERM
/// stop it; a second one ends the process at once, unless it comes within 200 ms of the first: that is the same one,
/// told to the process and to its group.
class work_runner {
public:
    work_runner(boost::asio::io_context& io, bool json);

    /// *Errors*: throws what the work throws, after it has ended.
    exit_status run(work& what);
    /// Takes the bar away, so that something can be said.
    void clear() { status_.clear(); }
    progress look();

private:
    boost::asio::awaitable<void> show_progress();
    boost::asio::awaitable<void> count_seconds();
    void wait_for_signal();
    void on_signal();
    void show(const progress& now);
    [[noreturn]] void leave();

    boost::asio::io_context& io_;
    boost::asio::signal_set signals_;
    boost::asio::steady_timer tick_;
    boost::asio::steady_timer second_;
    status_line status_;
    recent_rate rate_{std::chrono::seconds(5)};
    recent_rate parts_{std::chrono::seconds(30)};
    work* work_ = nullptr;
    std::optional<std::chrono::steady_clock::time_point> stopping_since_;
    bool ended_ = false;
    bool json_ = false;
    bool on_terminal_ = false;
};

} // namespace usher::cli

#endif
