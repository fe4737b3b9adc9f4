// Any operation by its description, its parameters and its answer as JSON text.
#ifndef USHER_CALL_EXECUTE_JSON_HPP
#define USHER_CALL_EXECUTE_JSON_HPP

#include <usher/client.hpp>

#include <memory>
#include <string>

namespace usher::detail {

/// As `call_json`.
boost::asio::awaitable<result<std::string>> execute_json(std::shared_ptr<client_state> client,
                                                         const operation_info& operation, std::string params,
                                                         call_options options);

} // namespace usher::detail

#endif
