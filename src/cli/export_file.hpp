// Where an export goes: a file that has its name only once it is complete, or standard output.
#ifndef USHER_CLI_EXPORT_FILE_HPP
#define USHER_CLI_EXPORT_FILE_HPP

#include <cstdio>
#include <string>
#include <string_view>

namespace usher::cli {

/// *Errors*: `std::system_error` that names the file when it can't be made, written or renamed.
class export_file {
public:
    /// `-` is standard output. Anything else is written beside the file first, as FILE.partial (or
    /// FILE.partial-2 and so on: what is there stays), for nobody else to read; what has the file's name stays until
    /// `finish`. A device or a pipe is written to as it is.
    explicit export_file(std::string path);
    ~export_file();
    export_file(const export_file&) = delete;
    export_file& operator=(const export_file&) = delete;

    void write_line(std::string_view line);
    /// All of it is there: on disk, and under its name.
    void finish();
    /// Under which name the bytes are now; empty: they went to standard output.
    const std::string& place() const noexcept { return place_; }

private:
    int make_beside();
    [[noreturn]] void fail() const;

    std::string path_;
    std::string place_;
    std::FILE* file_ = nullptr;
};

} // namespace usher::cli

#endif
