#include "bulk/journal/unmade.hpp"

#include "bulk/journal/sqlite.hpp"

#include <filesystem>
#include <system_error>

namespace usher::bulk::detail {

bool is_unmade(const std::string& path)
{
    std::error_code failed;
    if (!std::filesystem::is_regular_file(path, failed))
        return false;
    database file(path, database::access::read);
    return file.number("PRAGMA application_id") == 0 && file.number("SELECT count(*) FROM sqlite_master") == 0;
}

} // namespace usher::bulk::detail
