#include "bulk/check/scratch_file.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <unistd.h>

namespace usher::bulk {

namespace {

constexpr std::size_t buffer_size = 64 * 1024;

[[noreturn]] void fail(const std::string& what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

} // namespace

scratch_file::scratch_file(const std::string& folder)
{
    const std::string in = folder.empty() ? std::filesystem::temp_directory_path().string() : folder;
    std::string name = in + "/usher-XXXXXX";
    file_ = ::mkstemp(name.data());
    if (file_ < 0)
        fail("a temporary file in " + in);
    ::unlink(name.c_str());
    pending_.reserve(buffer_size);
}

scratch_file::~scratch_file()
{
    if (file_ >= 0)
        ::close(file_);
}

void scratch_file::write_out()
{
    std::size_t done = 0;
    while (done < pending_.size()) {
        const auto wrote =
            ::pwrite(file_, pending_.data() + done, pending_.size() - done, static_cast<off_t>(written_ + done));
        if (wrote < 0 && errno != EINTR)
            fail("writing a temporary file");
        done += wrote > 0 ? static_cast<std::size_t>(wrote) : 0;
    }
    written_ += pending_.size();
    pending_.clear();
}

std::uint64_t scratch_file::append(std::string_view bytes)
{
    if (pending_.size() + bytes.size() > buffer_size)
        write_out();
    const auto at = size();
    pending_.append(bytes);
    return at;
}

std::size_t scratch_file::read(std::uint64_t at, std::span<char> to)
{
    if (at + to.size() > written_ && !pending_.empty())
        write_out();
    std::size_t done = 0;
    while (done < to.size()) {
        const auto got = ::pread(file_, to.data() + done, to.size() - done, static_cast<off_t>(at + done));
        if (got < 0 && errno != EINTR)
            fail("reading a temporary file");
        if (got == 0)
            break;
        done += got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    return done;
}

} // namespace usher::bulk
