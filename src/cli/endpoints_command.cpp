#include "cli/commands.hpp"
#include "cli/services.hpp"
#include "codegen/naming.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <string>

namespace usher::cli {

namespace {

std::string cpp_call(const detail::service_info& service, const detail::operation_info& operation)
{
    std::string call(service.name);
    call.append(".").append(operation.group).append("().").append(operation.name).append("(");
    std::string arguments;
    for (const auto& each : operation.path_parameters)
        arguments.append(arguments.empty() ? "" : ", ").append(codegen::snake_case(each.name));
    if (operation.params) {
        const auto& members = operation.params->members;
        const bool needed = std::any_of(members.begin(), members.end(),
                                        [](const auto& m) { return (m.flags & detail::member_required) != 0; });
        arguments.append(arguments.empty() ? "" : ", ").append(needed ? "params" : "[params]");
    }
    return call + arguments + ")";
}

void print_json(const known_service& service, const detail::operation_info& operation)
{
    boost::json::object line;
    line["service"] = service.name;
    line["id"] = operation.id;
    line["method"] = operation.method;
    line["path"] = operation.path;
    line["call"] = cpp_call(service.info(), operation);
    line["summary"] = operation.summary;
    line["deprecated"] = operation.deprecated;
    std::cout << boost::json::serialize(line) << '\n';
}

void print_table(const known_service& service)
{
    const auto& info = service.info();
    std::size_t widest_id = 0;
    std::size_t widest_path = 0;
    for (const auto* operation : info.operations) {
        widest_id = std::max(widest_id, operation->id.size());
        widest_path = std::max(widest_path, operation->path.size());
    }
    std::cout << service.name << ", " << info.operations.size() << " operations (API version " << info.version << ")\n";
    for (const auto* operation : info.operations)
        std::cout << std::left << std::setw(static_cast<int>(widest_id) + 2) << operation->id << std::setw(8)
                  << operation->method << std::setw(static_cast<int>(widest_path) + 2) << operation->path
                  << cpp_call(info, *operation) << (operation->deprecated ? "  (deprecated)" : "") << '\n';
}

} // namespace

exit_status run_endpoints(const endpoints_arguments& arguments)
{
    bool first = true;
    for (const auto& service : known_services()) {
        if (!arguments.service.empty() && arguments.service != service.name)
            continue;
        if (arguments.json) {
            for (const auto* operation : service.info().operations)
                print_json(service, *operation);
            continue;
        }
        if (!first)
            std::cout << '\n';
        first = false;
        print_table(service);
    }
    std::cout.flush();
    return std::cout ? done : could_not_run;
}

} // namespace usher::cli
