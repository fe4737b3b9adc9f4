#include "cli/commands.hpp"
#include "cli/sandbox_report.hpp"

#include <usher/sandbox.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/json/serialize.hpp>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace usher::cli {

namespace {

sandbox::options read_options(const sandbox_arguments& arguments)
{
    sandbox::options options;
    for (const auto& [name, value] : arguments.options)
        sandbox::set_option(options, name, value);
    const bool is_number = arguments.limit.find_first_not_of("0123456789") == std::string::npos;
    if (!arguments.limit.empty())
        sandbox::set_option(options, "quota", is_number ? arguments.limit + "/" + arguments.window : arguments.limit);
    for (const auto& setting : arguments.settings) {
        const auto equals = setting.find('=');
        if (equals == std::string::npos)
            throw std::invalid_argument("--set " + setting + ": NAME=VALUE is wanted");
        sandbox::set_option(options, setting.substr(0, equals), setting.substr(equals + 1));
    }
    return options;
}

// One service: its address alone, for scripts. Several: a line each, beginning with the service's name.
std::string addresses(const sandbox::server& server, const std::vector<sandbox::service>& services)
{
    if (services.size() == 1)
        return server.url() + "\n";
    std::string text;
    for (const auto one : services) {
        text += one == sandbox::service::clerk            ? "clerk "
                : one == sandbox::service::clerk_platform ? "clerk-platform "
                                                          : "scalekit ";
        text += server.url(one) + "\n";
    }
    return text;
}

void write_file(const std::string& path, const std::string& text)
{
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    if (!file)
        throw std::runtime_error(path + " can't be written");
}

} // namespace

exit_status run_sandbox(const sandbox_arguments& arguments)
{
    // Before the address is known to anybody, so that no early signal ends it without its report.
    boost::asio::io_context io(1);
    boost::asio::signal_set signals(io, SIGINT, SIGTERM);
    sandbox::options options;
    try {
        options = read_options(arguments);
    } catch (const std::invalid_argument& problem) {
        std::fprintf(stderr, "usher: %s\n", problem.what());
        return bad_usage;
    }
    sandbox::server server(options);
    if (!arguments.ca_file.empty())
        write_file(arguments.ca_file, server.ca_pem());
    std::fputs(addresses(server, options.services).c_str(), stdout);
    std::fflush(stdout);
    signals.async_wait([](const boost::system::error_code&, int) {});
    io.run();
    server.stop();
    const auto seen = server.stats();
    if (!arguments.report.empty())
        write_file(arguments.report, boost::json::serialize(sandbox_json(seen)) + "\n");
    std::fputs(sandbox_text(seen).c_str(), stderr);
    return done;
}

} // namespace usher::cli
