// How well a tree fits a type.
#ifndef USHER_JSON_UNION_FIT_HPP
#define USHER_JSON_UNION_FIT_HPP

#include <usher/detail/type_table.hpp>

#include <boost/json/value.hpp>

namespace usher::detail {

inline constexpr int no_fit = -1;
inline constexpr int fit_unbounded = 0x7fffffff;

/// `no_fit` when a required member is missing, a text is not the only one allowed, or a type differs; else the
/// number of members that the type knows.
int fit_of(const type_info& type, const boost::json::value& value, const bounds* limits = nullptr);

} // namespace usher::detail

#endif
