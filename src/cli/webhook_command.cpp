#include "cli/commands.hpp"

#include <usher/time.hpp>
#include <usher/webhook.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <charconv>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <stdexcept>

namespace usher::cli {

namespace {

webhook::provider provider_of(const std::string& name)
{
    return name == "clerk"      ? webhook::provider::clerk
           : name == "scalekit" ? webhook::provider::scalekit
                                : webhook::provider::scalekit_interceptor;
}

std::string read_body(const std::string& name)
{
    if (name == "-")
        return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
    std::ifstream file(name, std::ios::binary);
    std::string body{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file)
        throw std::runtime_error(name + " can't be read");
    return body;
}

/// `Name: value`, without the blanks around the value. Nothing without a colon.
std::optional<webhook::header> split(std::string_view line)
{
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0)
        return std::nullopt;
    std::string_view value = line.substr(colon + 1);
    constexpr std::string_view blanks = " \t\r\n";
    value.remove_prefix(std::min(value.find_first_not_of(blanks), value.size()));
    value = value.substr(0, value.find_last_not_of(blanks) + 1);
    return webhook::header(line.substr(0, colon), value);
}

exit_status complain(const std::string& what)
{
    std::cerr << "usher: " << what << '\n';
    return bad_usage;
}

exit_status finish()
{
    std::cout.flush();
    return std::cout ? done : could_not_run;
}

void print(const webhook::delivery& accepted, const webhook_arguments& arguments)
{
    const std::string time = format_rfc3339(accepted.sent_at);
    const std::string& secret = arguments.secret_envs.at(accepted.secret);
    if (!arguments.json) {
        std::cout << "accepted: " << accepted.id << ", sent at " << time << ", signed with " << secret << '\n';
        return;
    }
    boost::json::object line;
    line["accepted"] = true;
    line["id"] = accepted.id;
    line["sent_at"] = time;
    line["secret"] = secret;
    std::cout << boost::json::serialize(line) << '\n';
}

void print(const webhook::refusal& refused, bool json)
{
    if (!json) {
        std::cout << "refused: " << refused.message() << '\n';
        return;
    }
    boost::json::object line;
    line["accepted"] = false;
    line["reason"] = to_string(refused.why());
    line["header"] = refused.header();
    line["message"] = refused.message();
    std::cout << boost::json::serialize(line) << '\n';
}

exit_status verify(const webhook_arguments& arguments)
{
    const webhook::provider from = provider_of(arguments.provider);
    const auto& names = webhook::header_names(from);
    std::vector<webhook::header> headers;
    const std::optional<std::string>* given[] = {&arguments.id, &arguments.timestamp, &arguments.signature};
    for (std::size_t i = 0; i < names.size(); ++i)
        if (*given[i])
            headers.emplace_back(names[i], **given[i]);
    for (const std::string& line : arguments.headers) {
        const auto header = split(line);
        if (!header)
            return complain("--header: \"" + line + "\" is not NAME: VALUE");
        headers.push_back(*header);
    }
    std::vector<secret> secrets;
    for (const std::string& name : arguments.secret_envs)
        secrets.push_back(secret::from_env(name.c_str()));
    webhook::verifier_options options;
    options.tolerance = arguments.tolerance;
    options.max_body = std::size_t{64} << 20;
    const webhook::verifier verifier(from, secrets, std::move(options));

    const std::string body = read_body(arguments.body);
    const auto verdict = verifier.verify(headers, body);
    if (verdict) {
        print(*verdict, arguments);
        return finish();
    }
    print(verdict.error(), arguments.json);
    const exit_status written = finish();
    return written == done ? some_failed : written;
}

std::string made_up_id()
{
    constexpr std::string_view digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    std::random_device source;
    std::uniform_int_distribution<std::size_t> pick(0, digits.size() - 1);
    std::string id = "msg_";
    for (int i = 0; i < 27; ++i)
        id += digits[pick(source)];
    return id;
}

exit_status sign(const webhook_arguments& arguments)
{
    auto time = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    if (arguments.timestamp) {
        const std::string& text = *arguments.timestamp;
        std::int64_t seconds = 0;
        const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seconds);
        if (fault != std::errc() || end != text.data() + text.size() || seconds <= 0)
            return complain("--timestamp: \"" + text + "\" is no number of seconds since 1970");
        time = std::chrono::sys_seconds(std::chrono::seconds(seconds));
    }
    const secret key = secret::from_env(arguments.secret_envs.at(0).c_str());
    const std::string body = read_body(arguments.body);
    const auto made = webhook::sign(key, arguments.id.value_or(made_up_id()), time, body);
    boost::json::object all;
    for (const auto& [name, value] : made.of(provider_of(arguments.provider))) {
        all[name] = value;
        if (!arguments.json)
            std::cout << name << ": " << value << '\n';
    }
    if (arguments.json)
        std::cout << boost::json::serialize(all) << '\n';
    return finish();
}

} // namespace

exit_status run_webhook(const webhook_arguments& arguments)
{
    try {
        return arguments.sign ? sign(arguments) : verify(arguments);
    } catch (const std::invalid_argument& problem) {
        return complain(problem.what());
    }
}

} // namespace usher::cli
