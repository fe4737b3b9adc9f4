#include "cli/line_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace usher::cli {

line_file::line_file(std::string path) : path_(std::move(path)) {}

line_file::~line_file()
{
    if (file_)
        std::fclose(file_);
}

void line_file::begin()
{
    struct stat facts {};
    if (path_.empty() || ::stat(path_.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode))
        return;
    if (::unlink(path_.c_str()) != 0)
        throw std::system_error(errno, std::generic_category(), path_);
}

void line_file::write(std::string_view line)
{
    if (path_.empty())
        return;
    if (!file_) {
        // Source records hold addresses and password digests: for nobody else to read.
        const int descriptor = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        struct stat facts {};
        if (descriptor >= 0 && ::fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode) &&
            ::fchmod(descriptor, 0600) != 0) {
            const int why = errno;
            ::close(descriptor);
            throw std::system_error(why, std::generic_category(), path_);
        }
        file_ = descriptor < 0 ? nullptr : ::fdopen(descriptor, "w");
        if (!file_)
            throw std::system_error(errno, std::generic_category(), path_);
    }
    const bool written = std::fwrite(line.data(), 1, line.size(), file_) == line.size() &&
                         std::fputc('\n', file_) == '\n' && std::fflush(file_) == 0;
    if (!written)
        throw std::system_error(errno, std::generic_category(), path_);
}

bool is_same_file(const std::string& one, const std::string& other) noexcept
{
    struct stat a {};
    struct stat b {};
    return ::stat(one.c_str(), &a) == 0 && ::stat(other.c_str(), &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

} // namespace usher::cli
