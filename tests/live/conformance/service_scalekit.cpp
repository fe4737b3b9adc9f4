#include "scalekit.hpp"
#include "typed_service.hpp"

namespace conformance {

std::unique_ptr<conformance::service> make_scalekit(const usher::engine& engine, const usher::client_options& options)
{
    using namespace usher::scalekit;
    return std::make_unique<
        typed_service<dispatch::client_type, dispatch::arguments, dispatch::outcome, dispatch::entry>>(
        usher::scalekit::service(), dispatch::entries, engine, "conformance-token", options);
}

} // namespace conformance
