// What the generator writes: everything or nothing.
#ifndef USHER_CODEGEN_OUTPUT_HPP
#define USHER_CODEGEN_OUTPUT_HPP

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace usher::codegen {

/// Files kept until all are made; then each that differs from what is on disk is replaced.
class output {
public:
    void add(const std::string& path, std::string text) { files_[path] = std::move(text); }
    const std::map<std::string, std::string>& files() const noexcept { return files_; }

    /// Writes below `folder`. A file that is as it should be keeps its time, so that nothing is built again.
    /// *Errors*: `std::runtime_error` that names the file.
    void write(const std::filesystem::path& folder) const;
    /// Removes headers below `folder/part` that are not among the files: they belong to a document that has changed.
    void remove_others(const std::filesystem::path& folder, const std::string& part) const;

private:
    std::map<std::string, std::string> files_;
};

/// *Errors*: `std::runtime_error` that names the file.
std::string read_file(const std::filesystem::path& path);
/// Replaces a file in one step, if its text differs.
void replace_file(const std::filesystem::path& path, std::string_view text);

} // namespace usher::codegen

#endif
