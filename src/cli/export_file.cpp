#include "cli/export_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace usher::cli {

namespace {

/// A device or a pipe, which nothing may take the place of.
bool is_special(const std::string& path)
{
    struct stat facts {};
    return ::stat(path.c_str(), &facts) == 0 && !S_ISREG(facts.st_mode);
}

} // namespace

export_file::export_file(std::string path) : path_(std::move(path))
{
    if (path_ == "-") {
        file_ = stdout;
        return;
    }
    int descriptor = -1;
    if (is_special(path_)) {
        place_ = path_;
        descriptor = ::open(place_.c_str(), O_WRONLY | O_CLOEXEC);
    } else {
        std::error_code failed;
        if (std::filesystem::is_symlink(path_, failed))
            path_ = std::filesystem::weakly_canonical(path_).string(); // the link stays
        descriptor = make_beside();
    }
    file_ = descriptor < 0 ? nullptr : ::fdopen(descriptor, "w");
    if (!file_)
        fail();
}

/// What is there under such a name is somebody's, if only that of an export which was stopped.
int export_file::make_beside()
{
    constexpr int most = 1000;
    int descriptor = -1;
    for (int number = 1; number <= most; ++number) {
        place_ = path_ + ".partial" + (number > 1 ? "-" + std::to_string(number) : "");
        // It holds people's addresses and everything private about them.
        descriptor = ::open(place_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (descriptor >= 0 || errno != EEXIST)
            break;
    }
    return descriptor;
}

export_file::~export_file()
{
    if (file_ && file_ != stdout)
        std::fclose(file_);
}

void export_file::write_line(std::string_view line)
{
    if (std::fwrite(line.data(), 1, line.size(), file_) != line.size() || std::fputc('\n', file_) != '\n')
        fail();
}

void export_file::finish()
{
    if (std::fflush(file_) != 0)
        fail();
    if (file_ == stdout)
        return;
    const bool is_device = place_ == path_;
    if (!is_device && ::fsync(::fileno(file_)) != 0)
        fail();
    if (std::fclose(std::exchange(file_, nullptr)) != 0)
        fail();
    if (is_device)
        return;
    if (::rename(place_.c_str(), path_.c_str()) != 0)
        fail();
    place_ = path_;
}

void export_file::fail() const
{
    throw std::system_error(errno, std::generic_category(), place_.empty() ? "standard output" : place_);
}

} // namespace usher::cli
