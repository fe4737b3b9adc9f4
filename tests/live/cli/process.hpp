// A program under test: started, watched, and never left behind.
#ifndef USHER_TESTS_PROCESS_HPP
#define USHER_TESTS_PROCESS_HPP

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace usher::tests {

struct process_options {
    process_options() = default;
    std::map<std::string, std::string> environment; ///< beside PATH; nothing else is passed on
    std::string input;                              ///< standard input, unless it is a terminal
    bool terminal = false;                          ///< standard input and error are a terminal; `input` is typed
};

struct process_end {
    int status = -1;     ///< exit status, or 128 + signal
    bool killed = false; ///< it did not end in time
    std::string out;
    std::string err;   ///< in terminal mode: what the terminal showed
    long peak_kib = 0; ///< largest resident set
};

class process {
public:
    process(const std::vector<std::string>& command, const process_options& options = process_options());
    /// Kills what still runs.
    ~process();
    process(const process&) = delete;
    process& operator=(const process&) = delete;

    /// Waits until standard output (or error) holds `text`. False: the time is over, or the output has ended without
    /// it.
    bool wait_for_out(const std::string& text, std::chrono::seconds limit = std::chrono::seconds(60));
    bool wait_for_err(const std::string& text, std::chrono::seconds limit = std::chrono::seconds(60));
    void send(int signal);
    /// Waits for its end; after the limit it is killed.
    process_end wait(std::chrono::seconds limit = std::chrono::seconds(120));
    std::string out();

private:
    struct stream {
        std::string text;
        bool ended = false;
    };

    bool wait_for(stream& where, const std::string& text, std::chrono::seconds limit);
    void read(int file, stream& into);

    pid_t child_ = -1;
    bool reaped_ = false;
    process_end end_;
    std::mutex mutex_;
    std::condition_variable changed_;
    stream out_;
    stream err_;
    std::vector<std::thread> threads_;
};

/// Starts a program and waits for its end.
process_end run(const std::vector<std::string>& command, const process_options& options = process_options());

} // namespace usher::tests

#endif
