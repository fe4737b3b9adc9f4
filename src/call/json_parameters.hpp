// Parameters that a person or a program gives by name.
#ifndef USHER_CALL_JSON_PARAMETERS_HPP
#define USHER_CALL_JSON_PARAMETERS_HPP

#include <usher/detail/operation.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace usher::detail {

/// Reads the parameters of an operation out of one JSON object, as `call_json` takes them. `path` receives the ids in
/// the order of the template, `params` is an object of type `*operation.params` in its default state, or null when
/// the operation has none. Returns what is wrong, in words and with the name, or nothing.
std::optional<std::string> read_parameters(const operation_info& operation, std::string_view text,
                                           std::vector<std::string>& path, void* params);

} // namespace usher::detail

#endif
