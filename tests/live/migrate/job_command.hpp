// A job of the command, as who had it killed goes on with it: `usher import`, and `usher resume` once that says so.
#ifndef USHER_TESTS_MIGRATE_JOB_COMMAND_HPP
#define USHER_TESTS_MIGRATE_JOB_COMMAND_HPP

#include "live/migrate/place.hpp"

#include <string>

namespace usher::tests {

class job_command {
public:
    /// `part`: of the source, as `--part` has it; empty: all of it.
    explicit job_command(const place& here, const std::string& part = std::string());

    const std::string& journal() const { return journal_; }
    const words& next() const { return is_begun_ ? resume_ : import_; }
    bool done() const { return is_done_; }
    /// What `next` came to. True: it was killed. *Errors*: the test ends when it ended in another way than it should.
    bool ended(const process_end& end, const moments& when);
    /// Runs to its end, undisturbed.
    void finish(const place& here, const moments& when);

private:
    std::string journal_;
    words import_;
    words resume_;
    bool is_begun_ = false;
    bool is_done_ = false;
};

} // namespace usher::tests

#endif
