// The sandbox in a process of its own, so that the memory that is measured is the client's.
#ifndef USHER_BENCH_SOAK_SERVICE_HPP
#define USHER_BENCH_SOAK_SERVICE_HPP

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace soak {

/// What the sandbox has counted.
struct service_figures {
    std::uint64_t requests = 0;
    std::uint64_t refused = 0; ///< by its limits, with 429
    std::uint64_t faults = 0;
    std::uint64_t users = 0;
    std::uint64_t connections = 0;
    std::uint64_t resumed = 0;
};

constexpr std::uint32_t requests_per_window = 3000; // in 10 s

class service {
public:
    /// Call it before anything else of the program runs. *Errors*: `std::runtime_error`.
    explicit service(std::uint64_t seed);
    ~service();
    service(const service&) = delete;
    service& operator=(const service&) = delete;

    const std::string& clerk_url() const noexcept { return clerk_url_; }
    const std::string& scalekit_origin() const noexcept { return scalekit_origin_; }
    const std::string& ca_pem() const noexcept { return ca_pem_; }
    /// No fault and no limit from now on.
    void calm();
    service_figures figures();

private:
    std::string ask(const std::string& what);

    int to_ = -1;
    int from_ = -1;
    pid_t child_ = -1;
    std::string clerk_url_;
    std::string scalekit_origin_;
    std::string ca_pem_;
};

} // namespace soak

#endif
