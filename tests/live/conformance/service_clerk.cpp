#include "clerk.hpp"
#include "typed_service.hpp"

namespace conformance {

std::unique_ptr<conformance::service> make_clerk(const usher::engine& engine, const usher::client_options& options)
{
    using namespace usher::clerk;
    return std::make_unique<
        typed_service<dispatch::client_type, dispatch::arguments, dispatch::outcome, dispatch::entry>>(
        usher::clerk::service(), dispatch::entries, engine, "sk_test_conformance0000000000000000000000", options);
}

} // namespace conformance
