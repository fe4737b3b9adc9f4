#include "cli/firebase_hash.hpp"

#include <boost/json/parse.hpp>

#include <charconv>
#include <map>
#include <stdexcept>
#include <string>

namespace usher::cli {

namespace {

using parameters = std::map<std::string, std::string, std::less<>>;

constexpr std::string_view space = " \t\r\n,{}";

/// `name: value` pairs, in lines or with commas, in braces or not.
parameters read_console_text(std::string_view text)
{
    parameters found;
    while (true) {
        const auto colon = text.find(':');
        if (colon == std::string_view::npos)
            return found;
        auto name = text.substr(0, colon);
        name.remove_suffix(name.size() - (name.find_last_not_of(space) + 1));
        if (const auto before = name.find_last_of(space); before != std::string_view::npos)
            name.remove_prefix(before + 1);
        text.remove_prefix(colon + 1);
        const auto begin = std::min(text.find_first_not_of(" \t"), text.size());
        const auto end = std::min(text.find_first_of(space, begin), text.size());
        found.emplace(name, text.substr(begin, end - begin));
        text.remove_prefix(end);
    }
}

parameters read_json(std::string_view text)
{
    boost::system::error_code failed;
    const auto value = boost::json::parse({text.data(), text.size()}, failed);
    if (failed || !value.is_object())
        throw std::invalid_argument("is no JSON object");
    parameters found;
    for (const auto& [name, member] : value.get_object()) {
        if (member.is_string())
            found.emplace(name, member.get_string());
        else if (member.is_int64())
            found.emplace(name, std::to_string(member.get_int64()));
    }
    return found;
}

const std::string& text_of(const parameters& all, std::string_view name)
{
    auto found = all.find(name);
    if (found == all.end())
        found = all.find("base64_" + std::string(name));
    if (found == all.end() || found->second.empty())
        throw std::invalid_argument(std::string(name) + " is missing");
    if (found->second.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") !=
        std::string::npos)
        throw std::invalid_argument(std::string(name) + " is no base64");
    return found->second;
}

int number_of(const parameters& all, std::string_view name, int most)
{
    const auto found = all.find(name);
    if (found == all.end())
        throw std::invalid_argument(std::string(name) + " is missing");
    int number = 0;
    const auto* last = found->second.data() + found->second.size();
    const auto [end, failed] = std::from_chars(found->second.data(), last, number);
    if (failed != std::errc() || end != last || number < 1 || number > most)
        throw std::invalid_argument(std::string(name) + " is a number from 1 to " + std::to_string(most));
    return number;
}

} // namespace

bulk::firebase_hash_parameters parse_firebase_hash(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    const bool is_json = first != std::string_view::npos && text[first] == '{' && text.find('"') != text.npos;
    const auto all = is_json ? read_json(text) : read_console_text(text);
    if (const auto algorithm = all.find("algorithm"); algorithm != all.end() && algorithm->second != "SCRYPT")
        throw std::invalid_argument("algorithm is " + algorithm->second + ", and only SCRYPT is known");
    bulk::firebase_hash_parameters parameters;
    parameters.signer_key = text_of(all, "signer_key");
    parameters.salt_separator = text_of(all, "salt_separator");
    parameters.rounds = number_of(all, "rounds", 8);
    parameters.memory_cost = number_of(all, "mem_cost", 14);
    return parameters;
}

} // namespace usher::cli
