// Objects of generated types back to their default state.
#ifndef USHER_JSON_RESET_HPP
#define USHER_JSON_RESET_HPP

#include <usher/detail/type_table.hpp>

namespace usher::detail {

/// Makes the object what it was before anything was decoded into it.
void reset_value(const type_info& type, void* object);

} // namespace usher::detail

#endif
