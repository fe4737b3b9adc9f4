#include "cli/dead_letters.hpp"

#include "cli/line_file.hpp"

#include <usher/bulk/journal_reader.hpp>

#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace usher::cli {

dead_letters::dead_letters(const std::string& job)
{
    if (job.empty())
        return;
    path_ = (std::filesystem::temp_directory_path() / "usher-retry-XXXXXX").string();
    const int file = ::mkstemp(path_.data());
    if (file < 0)
        throw std::system_error(errno, std::generic_category(), path_);
    ::close(file);
    try {
        write_dead_letters(job, path_);
    } catch (...) {
        ::unlink(path_.c_str());
        throw;
    }
}

dead_letters::~dead_letters()
{
    if (!path_.empty())
        ::unlink(path_.c_str());
}

std::uint64_t write_dead_letters(const std::string& job, const std::string& file)
{
    const bulk::journal_reader reader(job);
    line_file lines(file);
    std::uint64_t count = 0;
    reader.each_dead_letter([&](const bulk::dead_letter& letter) {
        lines.write(letter.text);
        ++count;
        return true;
    });
    return count;
}

} // namespace usher::cli
