// Calls of one instance of a sandbox's service, one after the other.
#ifndef USHER_TESTS_MIGRATE_INSTANCE_CALLER_HPP
#define USHER_TESTS_MIGRATE_INSTANCE_CALLER_HPP

#include <usher/client.hpp>
#include <usher/engine.hpp>
#include <usher/sandbox.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace usher::tests {

class instance_caller {
public:
    instance_caller(const sandbox::server& on, sandbox::service which, const std::string& key);

    /// *Errors*: throws `std::runtime_error`.
    boost::json::value call(std::string_view operation, const boost::json::object& params);

private:
    boost::asio::io_context io_{1};
    engine on_;
    basic_client client_;
};

} // namespace usher::tests

#endif
