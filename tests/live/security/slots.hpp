// The places of a parameters object that hold a caller's text, found by its type table.
#ifndef USHER_TESTS_SECURITY_SLOTS_HPP
#define USHER_TESTS_SECURITY_SLOTS_HPP

#include <usher/detail/type_table.hpp>

#include <functional>
#include <string>
#include <vector>

namespace security {

/// One place. `put` writes a text there, `reset` brings back what was there. A text that JSON can't hold is not put
/// where a `boost::json::value` is: `put` says so by false.
struct slot {
    slot() = default;
    std::string name; ///< the member's, as the API document has it
    usher::detail::place where = usher::detail::place::body;
    const char* what = "";
    std::function<bool(const std::string&)> put;
    std::function<void()> reset;
};

/// All of them in `object`, which is of type `type`. The object must not move or grow meanwhile.
std::vector<slot> slots_of(const usher::detail::type_info& type, void* object);

} // namespace security

#endif
