#include "output.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace usher::codegen {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path)
{
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    if (!in || !(text << in.rdbuf()))
        throw std::runtime_error(path.string() + ": can't be read");
    return text.str();
}

void replace_file(const fs::path& path, std::string_view text)
{
    if (fs::exists(path) && fs::file_size(path) == text.size() && (text.empty() || read_file(path) == text))
        return;
    if (path.has_parent_path())
        fs::create_directories(path.parent_path());
    const fs::path fresh = path.string() + ".new";
    {
        std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
        out.write(text.data(), static_cast<std::streamsize>(text.size()));
        if (!out.flush())
            throw std::runtime_error(fresh.string() + ": can't be written");
    }
    fs::rename(fresh, path);
}

void output::write(const fs::path& folder) const
{
    for (const auto& [path, text] : files_)
        replace_file(folder / path, text);
}

void output::remove_others(const fs::path& folder, const std::string& part) const
{
    const fs::path root = folder / part;
    if (!fs::is_directory(root))
        return;
    std::vector<fs::path> others;
    for (const auto& entry : fs::recursive_directory_iterator(root))
        if (entry.is_regular_file() && entry.path().extension() == ".hpp" &&
            files_.count(fs::relative(entry.path(), folder).generic_string()) == 0)
            others.push_back(entry.path());
    for (const auto& path : others)
        fs::remove(path);
}

} // namespace usher::codegen
