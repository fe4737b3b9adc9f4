#include <usher/quota_store.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

namespace usher {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& file, const std::string& why)
{
    throw std::runtime_error("quota store: " + file.string() + ": " + why);
}

[[noreturn]] void fail_with_errno(const fs::path& file)
{
    fail(file, std::generic_category().message(errno));
}

/// Closes it, whatever happens.
class open_file {
public:
    open_file(int descriptor, fs::path name) : descriptor_(descriptor), name_(std::move(name))
    {
        if (descriptor_ < 0)
            fail_with_errno(name_);
    }
    open_file(const open_file&) = delete;
    open_file& operator=(const open_file&) = delete;
    ~open_file() { ::close(descriptor_); }

    std::string read_all() const
    {
        std::string text;
        char part[16 * 1024];
        for (;;) {
            const auto size = ::read(descriptor_, part, sizeof part);
            if (size == 0)
                return text;
            if (size > 0)
                text.append(part, static_cast<std::size_t>(size));
            else if (errno != EINTR)
                fail_with_errno(name_);
        }
    }

    void write_all(std::string_view text) const
    {
        while (!text.empty()) {
            const auto size = ::write(descriptor_, text.data(), text.size());
            if (size >= 0)
                text.remove_prefix(static_cast<std::size_t>(size));
            else if (errno != EINTR)
                fail_with_errno(name_);
        }
    }

    void flush() const
    {
        if (::fsync(descriptor_) != 0)
            fail_with_errno(name_);
    }

private:
    int descriptor_;
    fs::path name_;
};

/// A new file beside the one that it is going to replace, and gone when it does not come to that.
class replacement {
public:
    explicit replacement(const fs::path& file)
        : target_(file),
          name_((file.parent_path() / ("." + file.filename().string() + ".XXXXXX")).string()),
          file_(::mkostemp(name_.data(), O_CLOEXEC), name_)
    {
    }
    replacement(const replacement&) = delete;
    replacement& operator=(const replacement&) = delete;
    ~replacement()
    {
        if (!name_.empty())
            ::unlink(name_.c_str());
    }

    void put(std::string_view text)
    {
        file_.write_all(text);
        file_.flush();
        if (::rename(name_.c_str(), target_.c_str()) != 0)
            fail_with_errno(target_);
        name_.clear();
    }

private:
    fs::path target_;
    std::string name_;
    open_file file_; // mkostemp gives it 0600
};

class folder_store final : public quota_store {
public:
    explicit folder_store(const std::string& folder)
    {
        if (folder.empty())
            throw std::runtime_error("quota store: no folder is named");
        // A program may change its current folder later on.
        std::error_code failed;
        folder_ = fs::absolute(folder, failed).lexically_normal();
        if (!folder_.has_filename()) // a slash at its end
            folder_ = folder_.parent_path();
        if (!failed && folder_.has_parent_path())
            fs::create_directories(folder_.parent_path(), failed);
        if (failed)
            fail(folder, failed.message());
        if (::mkdir(folder_.c_str(), S_IRWXU) != 0 && errno != EEXIST)
            fail_with_errno(folder_);
        struct stat found {};
        if (::stat(folder_.c_str(), &found) != 0)
            fail_with_errno(folder_);
        if (!S_ISDIR(found.st_mode))
            fail(folder_, "is no folder");
        // Whoever may write there could say that a limit is free, or have a file of this program replaced.
        if (found.st_uid != ::geteuid())
            fail(folder_, "belongs to somebody else");
        if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0)
            fail(folder_, "may be written by others than its owner");
        if (::access(folder_.c_str(), R_OK | W_OK | X_OK) != 0)
            fail_with_errno(folder_);
    }

    std::string load(const std::string& instance) override
    {
        const auto file = file_of(instance);
        const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (descriptor < 0 && errno == ENOENT)
            return {};
        return open_file(descriptor, file).read_all();
    }

    void save(const std::string& instance, const std::string& text) override
    {
        replacement(file_of(instance)).put(text);
        // The new name too has to be kept.
        open_file(::open(folder_.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY), folder_).flush();
    }

private:
    fs::path file_of(const std::string& instance) const
    {
        constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
        // Names with a dot in front are those of files that are being written.
        if (instance.empty() || instance.front() == '.' || instance.find_first_not_of(allowed) != std::string::npos)
            throw std::runtime_error("quota store: the name of an instance can't be that of a file");
        return folder_ / instance;
    }

    fs::path folder_;
};

} // namespace

std::shared_ptr<quota_store> quota_store_in(const std::string& folder)
{
    return std::make_shared<folder_store>(folder);
}

} // namespace usher
