#include <usher/bulk/mapping.hpp>

namespace usher::bulk {

std::string_view to_string(entity_kind kind) noexcept
{
    return kind == entity_kind::organization ? "organization" : "user";
}

const std::string& mapped_record::id() const noexcept
{
    if (const auto* made = std::get_if<user>(&what))
        return made->id;
    return std::get_if<organization>(&what)->id;
}

} // namespace usher::bulk
