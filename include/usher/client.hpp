// What the clients of all services have in common.
#ifndef USHER_CLIENT_HPP
#define USHER_CLIENT_HPP

#include <usher/credentials.hpp>
#include <usher/detail/operation.hpp>
#include <usher/engine.hpp>
#include <usher/json.hpp>
#include <usher/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace usher {

namespace detail {
class client_state;
}

/// How far one limit is used; of a limit per record, all records together.
struct bucket_usage {
    bucket_usage() = default;
    std::string rule;
    std::uint32_t requests = 0; ///< per window; of a limit that is learned: as believed now, 0 while nothing is known
    std::chrono::milliseconds window{0};
    std::uint64_t admitted = 0;
    std::uint64_t refused = 0; ///< answers with status 429 that were put down to this limit
    std::size_t waiting = 0;   ///< calls that wait for this limit, whatever else they wait for
    /// For one that came now; of a limit per record: for the record that is used most.
    std::chrono::milliseconds predicted_wait{0};
    double utilisation = 0;  ///< requests of the last window, of what the limit allows; the most used record's
    std::size_t records = 1; ///< that are remembered
};

/// How far an instance's quota is used, and this client's tenant's part in it.
struct quota_usage {
    quota_usage() = default;
    std::uint64_t admitted = 0;
    std::uint64_t refused = 0; ///< answers with status 429
    std::size_t waiting = 0;   ///< calls that wait for admission now
    std::size_t in_flight = 0;
    double requests_per_second = 0; ///< the pace at which requests are admitted; 0: unlimited
    std::uint64_t tenant_admitted = 0;
    std::uint64_t tenant_refused = 0;
    std::size_t tenant_waiting = 0;
    /// Of an interactive call of this tenant that draws on the instance's limits only and came now, at least.
    std::chrono::milliseconds predicted_wait{0};
    std::vector<bucket_usage> limits; ///< in the order of the quota's rules
};

/// Credentials, base address, quota and defaults; a small value, copied freely.
///
/// Clients with the same base address and the same key, or the same source of tokens, share one quota on their engine.
/// *Lifetime*: holds on to what it needs of the engine. *Thread safety*: that of the engine.
class basic_client {
public:
    /// *Errors*: `std::invalid_argument` for a base address that is not https (or http to a loopback address), has
    /// user information, query or fragment, and for an empty key or one with control characters.
    basic_client(const engine& engine, const detail::service_info& service, credentials who, client_options options);

    const std::shared_ptr<detail::client_state>& state() const noexcept { return state_; }
    quota_usage usage() const;

private:
    std::shared_ptr<detail::client_state> state_;
};

namespace detail {

/// A call whose request is encoded: what the endpoint functions hand over.
class prepared_call;
using prepared_call_ptr = std::unique_ptr<prepared_call, void (*)(prepared_call*)>;

/// Checks and encodes a request. Errors are kept in it and reported when it runs.
/// `params` is an object of type `*operation.params`, or null when the operation has none.
prepared_call_ptr prepare(const std::shared_ptr<client_state>& client, const operation_info& operation,
                          std::span<const std::string_view> path, const void* params, const call_options& options);

/// For generated clients of an environment: its client credentials, and the options with its address.
credentials environment_credentials(const engine& engine, std::string_view environment_url, std::string_view token_path,
                                    std::string client_id, secret client_secret, const client_options& options);
client_options at_environment(std::string_view environment_url, client_options options);

/// Runs a call. `target` is an object of type `*operation.result`; it is left default when there is an error.
boost::asio::awaitable<result<void>> execute(prepared_call_ptr call, void* target);

} // namespace detail

/// Calls any operation by its description, with its parameters by name in one JSON object, and returns the decoded
/// answer encoded again, or an empty text when the operation answers without content.
///
/// Path, query, header and body members stand side by side; a body that is not an object stands under `body`. They may
/// also stand in groups, `{"path": {…}, "query": {…}, "header": {…}, "body": {…}}`, each unless the operation has a
/// parameter of that name; a name that the operation has in two places has to. An upload is `"@path"`, or
/// `"@path;type=image/png"`; as `{"body": "@path"}` it is the whole body where the document allows that beside a form.
/// *Errors*: those of the typed function; a parameter that is missing, unknown, ambiguous or of the wrong type is
/// `invalid_request` and named.
boost::asio::awaitable<result<std::string>> call_json(basic_client client, const detail::operation_info& operation,
                                                      std::string params, call_options options = call_options());

} // namespace usher

#endif
