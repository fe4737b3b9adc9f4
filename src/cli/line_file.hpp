// A file of lines that exists only if there is a line to write.
#ifndef USHER_CLI_LINE_FILE_HPP
#define USHER_CLI_LINE_FILE_HPP

#include <cstdio>
#include <string>
#include <string_view>

namespace usher::cli {

/// *Errors*: `std::system_error` when the file can't be made or a line can't be written.
class line_file {
public:
    /// An empty path: lines go nowhere.
    explicit line_file(std::string path);
    ~line_file();
    line_file(const line_file&) = delete;
    line_file& operator=(const line_file&) = delete;

    /// Removes what an earlier run left there. The first line makes the file anew.
    void begin();
    /// Writes a line and hands it to the system, so that it survives the end of this program.
    void write(std::string_view line);
    const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
    std::FILE* file_ = nullptr;
};

/// True when both names lead to one file.
bool is_same_file(const std::string& one, const std::string& other) noexcept;

} // namespace usher::cli

#endif
