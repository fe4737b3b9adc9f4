#include "cli/quota_options.hpp"

#include "cli/services.hpp"
#include "schedule/rule_table.hpp"

#include <usher/quota_store.hpp>
#include <usher/redis_budget.hpp>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace usher::cli {

std::optional<quota> quota_for(const connect_arguments& connect)
{
    if (connect.limit)
        return connect.service == "clerk" ? quota::clerk(*connect.limit, connect.window)
                                          : quota(*connect.limit, connect.window);
    if (connect.quota_file.empty())
        return std::nullopt;
    const auto refuse = [&](const std::string& why) {
        throw std::invalid_argument("--quota: " + connect.quota_file + ": " + why);
    };
    std::ifstream file(connect.quota_file, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    if (!file)
        refuse("can't be read");
    try {
        auto limits = quota::from_json(text);
        // Whatever does not fit the service is said here, where the file is known.
        const schedule::rule_table fits(limits, service_named(connect.service).info().operations);
        return limits;
    } catch (const std::invalid_argument& problem) {
        refuse(problem.what());
    }
    return std::nullopt;
}

namespace {

std::shared_ptr<budget> budget_at(const std::string& address, boost::asio::any_io_executor executor)
{
    redis_budget_options options;
    options.on_trouble = [](std::string_view why) {
        std::fprintf(stderr, "usher: limits are not shared now: %.*s\n", static_cast<int>(why.size()), why.data());
    };
    try {
        return redis_budget(std::move(executor), address, std::move(options));
    } catch (const std::invalid_argument& problem) {
        throw std::invalid_argument(std::string("--budget: ") + problem.what());
    }
}

} // namespace

engine_options engine_options_for(const connect_arguments& connect, boost::asio::any_io_executor executor)
{
    engine_options options;
    options.ca_file = connect.ca_file;
    if (!connect.quota_state.empty())
        options.quota_memory = quota_store_in(connect.quota_state);
    if (!connect.budget.empty())
        options.shared_budget = budget_at(connect.budget, std::move(executor));
    return options;
}

double requests_per_second(const quota& limits)
{
    double least = 0;
    for (const auto& rule : limits.rules) {
        const bool is_of_all = rule.key == quota_key::instance && rule.amount == quota_amount::known &&
                               rule.operations.empty() && rule.methods.empty() && rule.paths.empty();
        if (!is_of_all)
            continue;
        const double rate = rule.requests / std::chrono::duration<double>(rule.window).count();
        least = least > 0 && least < rate ? least : rate;
    }
    return least;
}

} // namespace usher::cli
