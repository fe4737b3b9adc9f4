// A folder that is gone when the test is.
#ifndef USHER_TESTS_TEMPORARY_FOLDER_HPP
#define USHER_TESTS_TEMPORARY_FOLDER_HPP

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace usher::tests {

class temporary_folder {
public:
    temporary_folder()
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "usher-test-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr)
            throw std::runtime_error("no temporary folder could be made");
        path_ = pattern;
    }
    temporary_folder(const temporary_folder&) = delete;
    temporary_folder& operator=(const temporary_folder&) = delete;
    ~temporary_folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    const std::filesystem::path& path() const noexcept { return path_; }
    std::string file(const std::string& name) const { return (path_ / name).string(); }
    /// Returns its whole name.
    std::string write(const std::string& name, const std::string& text) const
    {
        std::ofstream to(path_ / name, std::ios::binary);
        to << text;
        if (!to.flush())
            throw std::runtime_error("could not write " + name);
        return file(name);
    }
    /// Empty if there is no such file.
    std::string read(const std::string& name) const
    {
        std::ifstream from(path_ / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(from), {}};
    }

private:
    std::filesystem::path path_;
};

} // namespace usher::tests

#endif
