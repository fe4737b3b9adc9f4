#include "cli/export_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace usher::cli {

export_file::export_file(std::string path) : path_(std::move(path))
{
    if (path_ == "-") {
        file_ = stdout;
        return;
    }
    place_ = path_ + ".partial";
    // It holds people's addresses and everything private about them.
    const int descriptor = ::open(place_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    file_ = descriptor < 0 ? nullptr : ::fdopen(descriptor, "w");
    if (!file_)
        fail();
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
    if (::fsync(::fileno(file_)) != 0 && errno != EINVAL) // no disk behind it: a device
        fail();
    if (std::fclose(std::exchange(file_, nullptr)) != 0)
        fail();
    if (::rename(place_.c_str(), path_.c_str()) != 0)
        fail();
    place_ = path_;
}

void export_file::fail() const
{
    throw std::system_error(errno, std::generic_category(), place_.empty() ? "standard output" : place_);
}

} // namespace usher::cli
