// All services in one sandbox, and what every sweep over their operations does.
#ifndef USHER_TESTS_CONFORMANCE_FIXTURE_HPP
#define USHER_TESTS_CONFORMANCE_FIXTURE_HPP

#include "sample.hpp"
#include "service.hpp"

#include <usher/engine.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/json/value.hpp>

#include <functional>
#include <string>

namespace conformance {

struct fixture {
    fixture();
    ~fixture();

    /// Calls `check` for every operation of every service with its sample, and says how many were good.
    using checker =
        std::function<bool(const service& own, const usher::detail::operation_info& operation, const sample& with)>;
    void sweep(amount how, usher::sandbox::answers mode, const checker& check);

    /// Whether the request that the sandbox saw last is what the sample asks for: path, query, headers and body.
    bool same_request(const usher::detail::operation_info& operation, const sample& with);

    /// `call_json`, run to its end.
    usher::result<std::string> call_json(const service& own, const usher::detail::operation_info& operation,
                                         const std::string& params);

    const boost::json::value& document(const known_service& of);

    std::string upload; ///< a file that uploads are taken from
    usher::sandbox::server server;
    boost::asio::io_context io{1};
    usher::engine engine;
    usher::call_options options;

private:
    std::string base_path_; ///< of the service under test
    std::map<std::string, boost::json::value> documents_;
};

inline constexpr std::string_view upload_content = "not really a picture";

} // namespace conformance

#endif
