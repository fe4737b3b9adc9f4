// Whether two JSON documents say the same.
#ifndef USHER_TESTS_CONFORMANCE_COMPARE_HPP
#define USHER_TESTS_CONFORMANCE_COMPARE_HPP

#include <boost/json/value.hpp>

#include <string>

namespace conformance {

struct tolerance {
    tolerance() = default;
    bool null_is_absent = false;  ///< a null in what was expected may be missing
    bool unknown_dropped = false; ///< members that the document does not know may be missing
};

/// The first difference, as a JSON pointer with both values, or nothing. Numbers are compared by value and times by the
/// point in time. `first` and `second`, which the sandbox puts beside the named members of an object that allows more,
/// may always be missing: no typed member can hold them.
std::string difference(const boost::json::value& expected, const boost::json::value& actual, const tolerance& allowed);

} // namespace conformance

#endif
