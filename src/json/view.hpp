// What is behind a value's wrappers.
#ifndef USHER_JSON_VIEW_HPP
#define USHER_JSON_VIEW_HPP

#include <usher/detail/type_table.hpp>

namespace usher::detail {

enum class presence : std::uint8_t { absent, null, value };

/// A value without its wrappers; `at` means something only when there is a value.
struct view {
    presence state;
    const type_info* type;
    const void* at;
};

inline view look_at(const type_info& wrapped, const void* object)
{
    view found{presence::value, &wrapped, object};
    while (found.type->what >= kind::optional) {
        const container_ops& ops = *found.type->ops;
        if (found.type->what == kind::field && ops.is_null(found.at)) {
            found.state = presence::null;
            return found;
        }
        const void* inner = nullptr;
        ops.each(found.at, &inner, [](void* context, std::string_view, const void* element) {
            *static_cast<const void**>(context) = element;
            return false;
        });
        if (inner == nullptr) {
            found.state = presence::absent;
            return found;
        }
        found.type = found.type->element;
        found.at = inner;
    }
    return found;
}

inline const void* member_at(const member_info& member, const void* object)
{
    return static_cast<const char*>(object) + member.offset;
}

} // namespace usher::detail

#endif
