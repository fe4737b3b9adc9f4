#include <usher/upload.hpp>

#include <utility>

namespace usher {

upload upload::from_memory(std::string bytes, std::string file_name, std::string content_type)
{
    upload made;
    made.source_ = std::move(bytes);
    made.file_name_ = std::move(file_name);
    made.content_type_ = std::move(content_type);
    return made;
}

upload upload::from_file(std::string path, std::string content_type)
{
    upload made;
    made.is_file_ = true;
    const auto slash = path.find_last_of("/\\");
    made.file_name_ = slash == std::string::npos ? path : path.substr(slash + 1);
    made.source_ = std::move(path);
    made.content_type_ = std::move(content_type);
    return made;
}

} // namespace usher
