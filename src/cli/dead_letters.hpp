// The records of a job that failed, as a file to read them from again.
#ifndef USHER_CLI_DEAD_LETTERS_HPP
#define USHER_CLI_DEAD_LETTERS_HPP

#include <cstdint>
#include <string>

namespace usher::cli {

/// A file of its own for as long as this object lives; whoever opened it meanwhile may read it to its end.
/// *Errors*: `std::runtime_error` for a journal that can't be read, `std::system_error` for a file that can't be
/// written.
class dead_letters {
public:
    /// Empty: there are none.
    explicit dead_letters(const std::string& job);
    ~dead_letters();
    dead_letters(const dead_letters&) = delete;
    dead_letters& operator=(const dead_letters&) = delete;

    const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
};

/// Writes them to a file that only its owner can read, those of organizations first, as users need them; returns how
/// many there are.
std::uint64_t write_dead_letters(const std::string& job, const std::string& file);

/// A line there that is no line of a failures file would become a failure of its own, which nothing could mend.
/// *Errors*: `std::invalid_argument` that names file and line; `std::runtime_error` for a file that can't be read.
void check_dead_letters(const std::string& file);

} // namespace usher::cli

#endif
