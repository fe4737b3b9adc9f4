// A sandbox without TLS, and the command run against it.
#ifndef USHER_TESTS_LIVE_CLI_SERVICE_HPP
#define USHER_TESTS_LIVE_CLI_SERVICE_HPP

#include "live/cli/process.hpp"

#include <usher/sandbox.hpp>

#include <string>
#include <vector>

namespace usher::tests {

struct service {
    service() : server(options())
    {
        process.environment["CLERK_SECRET_KEY"] = "sk_test_000000000000000000000000000000000000";
    }

    static sandbox::options options()
    {
        sandbox::options options;
        options.tls = false;
        return options;
    }

    process_end usher(std::vector<std::string> words) const
    {
        words.insert(words.begin(), USHER_COMMAND);
        words.insert(words.end(), {"--base-url", server.url()});
        return run(words, process);
    }
    process_end call(std::vector<std::string> words) const
    {
        words.insert(words.begin(), "call");
        return usher(std::move(words));
    }

    sandbox::server server;
    process_options process;
};

} // namespace usher::tests

#endif
