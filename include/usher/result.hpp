// A value, or why there is none.
#ifndef USHER_RESULT_HPP
#define USHER_RESULT_HPP

#include <usher/error.hpp>

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

namespace usher {

/// What every call returns: `if (!r) … r.error()`, `*r`, `r->member`; `r.value()` throws `call_failed` when there is an
/// error.
template <class T>
using result = boost::system::result<T, error>;

/// Found by `result::value()`. Throws `call_failed`.
[[noreturn]] void throw_exception_from_error(const error& error, const boost::source_location& where);

} // namespace usher

#endif
