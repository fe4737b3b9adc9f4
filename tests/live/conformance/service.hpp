// One service under test: its typed functions, by the place of the operation in its document.
#ifndef USHER_TESTS_CONFORMANCE_SERVICE_HPP
#define USHER_TESTS_CONFORMANCE_SERVICE_HPP

#include <usher/client.hpp>
#include <usher/sandbox.hpp>

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>
#include <vector>

namespace conformance {

struct outcome {
    outcome() = default;
    usher::error failure;
    std::string answer;    ///< decoded and encoded again; empty without content
    std::size_t items = 0; ///< of the first page
};

enum class form { call, bare, page };

class service {
public:
    service() = default;
    service(const service&) = delete;
    service& operator=(const service&) = delete;
    virtual ~service() = default;

    virtual const usher::detail::service_info& info() const = 0;
    virtual const usher::basic_client& client() const = 0;
    virtual bool has(form which, std::size_t index) const = 0;
    virtual outcome run(boost::asio::io_context& io, form which, std::size_t index,
                        const std::vector<std::string>& path, const void* params,
                        const usher::call_options& options) const = 0;
};

/// A service of the sandbox, and how a client of it is made.
struct known_service {
    const char* document; ///< in src/spec
    std::size_t operations;
    usher::sandbox::service in_sandbox;
    std::unique_ptr<service> (*make)(const usher::engine& engine, const usher::client_options& options);
};

std::unique_ptr<service> make_clerk(const usher::engine& engine, const usher::client_options& options);
std::unique_ptr<service> make_clerk_platform(const usher::engine& engine, const usher::client_options& options);
std::unique_ptr<service> make_scalekit(const usher::engine& engine, const usher::client_options& options);

inline constexpr known_service all_services[] = {
    {"clerk-backend", 206, usher::sandbox::service::clerk, make_clerk},
    {"clerk-platform", 41, usher::sandbox::service::clerk_platform, make_clerk_platform},
    {"scalekit", 89, usher::sandbox::service::scalekit, make_scalekit},
};
inline constexpr std::size_t all_operations = 336;

} // namespace conformance

#endif
