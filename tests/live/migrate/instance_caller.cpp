#include "live/migrate/instance_caller.hpp"

#include "call/client_state.hpp"
#include "live/run_to_end.hpp"

#include <usher/clerk/client.hpp>
#include <usher/scalekit/client.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <stdexcept>

namespace usher::tests {

namespace {

engine_options trusting(const sandbox::server& service)
{
    engine_options options;
    options.ca_pem = service.ca_pem();
    return options;
}

basic_client client_of(const engine& on, const sandbox::server& service, sandbox::service which, const std::string& key)
{
    client_options options;
    options.base_url = service.url(which);
    options.quota = quota::unlimited();
    if (which == sandbox::service::scalekit)
        return scalekit::client(on, secret(key), options);
    return clerk::client(on, secret(key), options);
}

const detail::operation_info& operation_named(const basic_client& client, std::string_view id)
{
    for (const auto* each : client.state()->service.operations)
        if (each->id == id)
            return *each;
    throw std::logic_error("no such operation");
}

} // namespace

instance_caller::instance_caller(const sandbox::server& on, sandbox::service which, const std::string& key)
    : on_(io_.get_executor(), trusting(on)), client_(client_of(on_, on, which, key))
{
}

boost::json::value instance_caller::call(std::string_view operation, const boost::json::object& params)
{
    const auto answer =
        run_to_end(io_, call_json(client_, operation_named(client_, operation), boost::json::serialize(params)));
    if (!answer)
        throw std::runtime_error(answer.error().message());
    return boost::json::parse(*answer);
}

} // namespace usher::tests
