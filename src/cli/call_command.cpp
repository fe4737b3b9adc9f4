#include "cli/commands.hpp"
#include "cli/quota_options.hpp"
#include "cli/services.hpp"
#include "cli/text.hpp"
#include "core/utf8.hpp"

#include <usher/client.hpp>
#include <usher/trace.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>

namespace asio = boost::asio;

namespace usher::cli {

namespace {

const detail::operation_info* find_operation(const detail::service_info& service, std::string_view id)
{
    for (const auto* operation : service.operations)
        if (operation->id == id)
            return operation;
    return nullptr;
}

void complain_about(const detail::service_info& service, std::string_view id)
{
    std::vector<std::string_view> names;
    for (const auto* operation : service.operations)
        names.push_back(operation->id);
    std::cerr << "usher: no operation of this service is called \"" << id << "\"\n";
    const auto near = near_names(id, names);
    if (near.empty())
        std::cerr << "usher endpoints lists all of them\n";
    else
        std::cerr << "Is it one of these?\n";
    for (const auto name : near)
        std::cerr << "  " << name << '\n';
}

std::string read_params(const std::string& params)
{
    if (!params.starts_with('@'))
        return params;
    if (params == "@-")
        return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
    std::ifstream file(params.substr(1), std::ios::binary);
    if (!file)
        throw std::invalid_argument("--params: " + params.substr(1) + " can't be read");
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

boost::json::object error_json(const error& why)
{
    boost::json::object json;
    json["kind"] = to_string(why.kind());
    json["message"] = why.message();
    json["operation"] = why.operation();
    json["status"] = why.status();
    json["stage"] = to_string(why.stage());
    json["outcome"] = to_string(why.outcome());
    json["attempts"] = why.attempts();
    json["stopped"] = to_string(why.stopped());
    if (!why.trace_id().empty())
        json["trace_id"] = why.trace_id();
    if (const auto wait = why.retry_after())
        json["retry_after"] = wait->count();
    boost::json::array errors;
    for (const auto& each : why.errors()) {
        boost::json::object one;
        one["code"] = each.code;
        one["message"] = each.message;
        one["long_message"] = each.long_message;
        one["meta"] = each.meta;
        errors.push_back(std::move(one));
    }
    json["errors"] = std::move(errors);
    boost::json::object whole;
    whole["error"] = std::move(json);
    return whole;
}

void print_error(const error& why, bool as_json)
{
    if (as_json) {
        std::cerr << boost::json::serialize(error_json(why)) << '\n';
        return;
    }
    std::cerr << "usher: " << why.message() << '\n';
    for (const auto& each : why.errors()) {
        // The service's texts may repeat a stranger's: nothing of them moves the cursor or makes lines.
        constexpr std::size_t longest = 1000;
        std::cerr << "  " << detail::one_line(each.code) << ": "
                  << detail::one_line(each.long_message.empty() ? each.message : each.long_message, longest);
        if (!each.meta.empty())
            std::cerr << ' ' << boost::json::serialize(each.meta);
        std::cerr << '\n';
    }
    if (!why.trace_id().empty())
        std::cerr << "  trace id " << detail::one_line(why.trace_id()) << '\n';
}

asio::awaitable<void> call(basic_client client, const detail::operation_info& operation, std::string params,
                           call_options options, std::optional<result<std::string>>& answer)
{
    answer = co_await call_json(std::move(client), operation, std::move(params), std::move(options));
}

exit_status status_of(const error& why)
{
    switch (why.kind()) {
    case error_kind::invalid_request:
        return bad_usage;
    case error_kind::resolve:
    case error_kind::connect:
    case error_kind::tls:
    case error_kind::credentials:
        return could_not_run;
    default:
        return some_failed;
    }
}

exit_status call_operation(const call_arguments& arguments, const detail::operation_info& operation)
{
    client_options of_client;
    of_client.quota = quota_for(arguments.connect);
    call_options options;
    options.deadline = arguments.deadline;
    call_trace trace;
    if (arguments.trace)
        options.trace = &trace;

    asio::io_context io(1);
    engine shared(io.get_executor(), engine_options_for(arguments.connect, io.get_executor()));
    const auto client = client_for(shared, arguments.connect, of_client);
    std::optional<result<std::string>> answer;
    std::exception_ptr thrown;
    asio::co_spawn(io, call(client, operation, read_params(arguments.params), options, answer),
                   [&](std::exception_ptr trouble) { thrown = trouble; });
    io.run();
    if (thrown)
        std::rethrow_exception(thrown);
    if (trace.number() != 0)
        std::cerr << trace;
    if (!*answer) {
        print_error(answer->error(), arguments.json);
        return status_of(answer->error());
    }
    const std::string& text = **answer;
    if (!text.empty())
        std::cout << (arguments.compact ? text : indented_json(text)) << std::endl;
    return std::cout ? done : could_not_run;
}

} // namespace

exit_status run_call(const call_arguments& arguments)
{
    const auto& service = service_named(arguments.connect.service).info();
    const auto* operation = find_operation(service, arguments.operation);
    if (!operation) {
        complain_about(service, arguments.operation);
        return bad_usage;
    }
    try {
        return call_operation(arguments, *operation);
    } catch (const std::invalid_argument& problem) {
        std::cerr << "usher: " << problem.what() << '\n';
        return bad_usage;
    }
}

} // namespace usher::cli
