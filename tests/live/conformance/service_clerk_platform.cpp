#include "clerk_platform.hpp"
#include "typed_service.hpp"

namespace conformance {

std::unique_ptr<conformance::service> make_clerk_platform(const usher::engine& engine,
                                                          const usher::client_options& options)
{
    using namespace usher::clerk_platform;
    return std::make_unique<
        typed_service<dispatch::client_type, dispatch::arguments, dispatch::outcome, dispatch::entry>>(
        usher::clerk_platform::service(), dispatch::entries, engine, "plapi_conformance000000000000", options);
}

} // namespace conformance
