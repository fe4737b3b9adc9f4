#include <usher/bulk/input.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace asio = boost::asio;

namespace usher::bulk {

// A regular file is always ready and the reactor doesn't take it; everything else is waited for.
struct input::implementation {
    explicit implementation(asio::any_io_executor executor) : stream(std::move(executor)) {}
    ~implementation()
    {
        if (file >= 0)
            ::close(file);
    }

    int file = -1;
    std::optional<std::uint64_t> size;
    asio::posix::stream_descriptor stream;
    bool cancelled = false;
};

input::input(asio::any_io_executor executor, const std::string& path)
    : self_(std::make_unique<implementation>(std::move(executor)))
{
    const int descriptor = path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        throw std::system_error(errno, std::generic_category(), path == "-" ? "standard input" : path);
    self_->file = descriptor;
    struct stat facts {};
    if (::fstat(descriptor, &facts) != 0)
        throw std::system_error(errno, std::generic_category(), path);
    if (S_ISDIR(facts.st_mode))
        throw std::system_error(EISDIR, std::generic_category(), path);
    if (S_ISREG(facts.st_mode)) {
        self_->size = static_cast<std::uint64_t>(facts.st_size);
        return;
    }
    boost::system::error_code failed;
    self_->stream.assign(descriptor, failed);
    if (!failed)
        self_->file = -1;
    // Devices without readiness, such as /dev/null, are read as files are.
}

input::~input() = default;

std::optional<std::uint64_t> input::size() const noexcept
{
    return self_->size;
}

asio::awaitable<std::size_t> input::read(char* data, std::size_t size)
{
    if (self_->cancelled)
        co_return 0;
    if (self_->file >= 0) {
        ssize_t count = 0;
        do
            count = ::read(self_->file, data, size);
        while (count < 0 && errno == EINTR);
        if (count < 0)
            throw boost::system::system_error(errno, boost::system::generic_category(), "reading the source");
        co_return static_cast<std::size_t>(count);
    }
    const auto space = asio::buffer(data, size);
    auto [failed, count] = co_await self_->stream.async_read_some(space, asio::as_tuple(asio::use_awaitable));
    if (failed && failed != asio::error::eof && failed != asio::error::operation_aborted)
        throw boost::system::system_error(failed, "reading the source");
    co_return count;
}

void input::cancel()
{
    self_->cancelled = true;
    boost::system::error_code ignored;
    self_->stream.cancel(ignored);
}

} // namespace usher::bulk
