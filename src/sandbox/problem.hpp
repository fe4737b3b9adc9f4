#pragma once

#include "usher/sandbox.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace usher::sandbox {

// Why a request is refused, in the service's words.
struct problem {
    problem(int status_, std::string code_, std::string message_, std::string long_message_,
            std::string parameter_ = {})
        : status(status_),
          code(std::move(code_)),
          message(std::move(message_)),
          long_message(std::move(long_message_)),
          parameter(std::move(parameter_))
    {
    }

    int status;
    std::string code, message, long_message, parameter;
};

using problems = std::vector<problem>;

// What form validation finds; all of them are status 422.
namespace form {
problem unknown(std::string_view name);
problem missing(std::string_view name);
problem nothing_there();
problem nil(std::string_view name);
problem wrong_type(std::string_view name, std::string_view expected);
problem wrong_format(std::string_view name, std::string_view expected);
problem wrong_value(std::string_view name, std::string_view expected);
problem too_large(std::string_view name, std::string_view bound);
problem too_many(std::string_view name, std::size_t bound);
problem duplicate(std::string_view name);
problem needs(std::string_view name, std::string_view because);
problem excludes(std::string_view name, std::string_view because);
problem taken(std::string_view name);
} // namespace form

problem not_found(std::string_view what = {}, std::string_view id = {});

// The body that the service sends with them: {"errors":[…],"clerk_trace_id":…}, or Scalekit's {code,message,details}.
std::string error_body(service of, int status, const problems& found, std::string_view trace_id);

} // namespace usher::sandbox
