// The log that the environment asks for.
#ifndef USHER_CALL_LOG_SETTING_HPP
#define USHER_CALL_LOG_SETTING_HPP

#include <usher/observer.hpp>

#include <memory>

namespace usher::detail {

/// As `USHER_LOG` says; null: none. A text that is no level is told on standard error.
std::unique_ptr<observer> log_of_environment();

} // namespace usher::detail

#endif
