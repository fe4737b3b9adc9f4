#include <usher/observer.hpp>
#include <usher/reconcile.hpp>

namespace usher {

void observer::on_call(const call_event&) noexcept {}

namespace detail {

look_up::~look_up() = default;

} // namespace detail

} // namespace usher
