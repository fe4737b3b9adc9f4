// What a base address is refused with.
#ifndef USHER_TESTS_UNIT_CORE_WHY_REFUSED_HPP
#define USHER_TESTS_UNIT_CORE_WHY_REFUSED_HPP

#include "core/base_url.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace usher::tests {

/// Empty: it is taken.
inline std::string why_refused(std::string_view text)
{
    try {
        detail::parse_base_url(text);
    } catch (const std::invalid_argument& refused) {
        return refused.what();
    }
    return "";
}

} // namespace usher::tests

#endif
