// A folder of a test's own, gone with the test.
#ifndef USHER_TESTS_BULK_TEMPORARY_FOLDER_HPP
#define USHER_TESTS_BULK_TEMPORARY_FOLDER_HPP

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

class temporary_folder {
public:
    temporary_folder() : folder_((std::filesystem::temp_directory_path() / "usher-bulk-XXXXXX").string())
    {
        if (!::mkdtemp(folder_.data()))
            throw std::runtime_error("no temporary folder");
    }
    temporary_folder(const temporary_folder&) = delete;
    temporary_folder& operator=(const temporary_folder&) = delete;
    ~temporary_folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    std::string path_of(const std::string& name) const { return folder_ + "/" + name; }
    std::string write(const std::string& name, const std::string& bytes) const
    {
        std::ofstream(path_of(name), std::ios::binary) << bytes;
        return path_of(name);
    }

private:
    std::string folder_;
};

#endif
