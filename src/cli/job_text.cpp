// What a job is called.
#include "cli/job_settings.hpp"

#include "cli/services.hpp"

#include <algorithm>

namespace usher::cli {

std::size_t concurrency_for(double limit) noexcept
{
    // A request takes up to some 250 ms, and a record has one under way at a time.
    constexpr double least = 64;
    constexpr double most = 1024;
    return static_cast<std::size_t>(std::clamp(limit / 4, least, most));
}

std::string input_hint(const job_settings& settings)
{
    return settings.source.format && settings.source.file == "-" ? "   (with the same input)" : "";
}

std::string source_text(const job_settings& settings)
{
    const auto& from = settings.source;
    if (from.format)
        return std::string(bulk::to_string(*from.format)) + " " + from.file;
    return from.live.service + " (live)" + (from.live.base_url.empty() ? "" : " at " + from.live.base_url);
}

std::string target_text(const job_settings& settings)
{
    const auto& to = settings.connect;
    return to.service + (to.base_url.empty() ? "" : " at " + to.base_url);
}

std::string elsewhere_text(const job_settings& settings, const std::string& job, const error& why)
{
    const auto& to = settings.connect;
    const std::string variable = to.key_env.empty() ? service_named(to.service).key_env : to.key_env;
    return "usher: " + job + ": " + why.details().text +
           ": nothing was changed\n  to go on: put the job's own key into " + variable +
           ", or name the variable that holds it with --key-env\n";
}

std::string shell_word(const std::string& text)
{
    if (!text.empty() && text.find_first_of(" \t\n\"'\\$&;|<>()*?`#~!") == std::string::npos)
        return text;
    std::string quoted = "'";
    for (const char c : text)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

} // namespace usher::cli
