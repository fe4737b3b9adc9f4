#include "cli/source_options.hpp"

#include <CLI/CLI.hpp>

#include <charconv>

namespace usher::cli {

namespace {

const std::vector<std::string> live_services = {"clerk", "scalekit"};

std::string format_names()
{
    std::string names;
    for (const auto format : bulk::source_formats())
        names.append(to_string(format)).append(", ");
    return names + "clerk or scalekit (live)";
}

void refuse(const std::string& option, const std::string& why)
{
    throw CLI::ValidationError(option, why);
}

bool read_from(source_arguments& to, const std::string& name)
{
    to.format = bulk::parse_source_format(name);
    to.live.is_source = true;
    to.live.service = name;
    if (!to.format && std::find(live_services.begin(), live_services.end(), name) == live_services.end())
        refuse("--from", name + " is none of " + format_names());
    return true;
}

/// A part belongs to one machine or process.
constexpr std::uint32_t most_parts = 1024;

/// `2/3`: the second of three.
bool read_part(part_arguments& to, std::string_view text)
{
    const auto slash = text.find('/');
    if (slash == std::string_view::npos)
        return false;
    const auto number = [](std::string_view digits, std::uint32_t& value) {
        const auto* last = digits.data() + digits.size();
        const auto [end, failed] = std::from_chars(digits.data(), last, value);
        return failed == std::errc() && end == last;
    };
    std::uint32_t part = 0;
    if (!number(text.substr(0, slash), part) || !number(text.substr(slash + 1), to.parts))
        return false;
    to.part = part - 1;
    return part >= 1 && part <= to.parts && to.parts <= most_parts;
}

bool read_role(std::map<std::string, std::string>& to, const std::string& text)
{
    const auto sign = text.find('=');
    if (sign == 0 || sign == std::string::npos || sign + 1 == text.size())
        return false;
    return to.emplace(text.substr(0, sign), text.substr(sign + 1)).second;
}

} // namespace

void add_source(CLI::App& app, source_arguments& to)
{
    app.add_option("file", to.file, "The source, plain or gzip; - is standard input; none for a live instance")
        ->type_name("FILE");
    app.add_option(
           "--from", [&to](const std::vector<std::string>& texts) { return read_from(to, texts.back()); },
           "What the source is: " + format_names())
        ->required()
        ->type_name("FORMAT");
    app.add_option("--hashes", to.joined, "auth0: the file of password hashes")->type_name("FILE");
    app.add_option("--accounts", to.joined, "better-auth: the table account")->type_name("FILE");
    app.add_option("--firebase-hash", to.firebase_hash,
                   "firebase: the project's hash parameters, as the console shows them or as JSON")
        ->type_name("FILE");
    app.add_option("--mapping", to.mapping, "csv, ndjson: which member becomes what, as JSON")->type_name("FILE");
    app.add_flag("--public-user-metadata", to.public_user_metadata,
                 "What users could write becomes public_metadata instead of unsafe_metadata");
    app.add_option("--from-base-url", to.live.base_url, "Live: its address instead of the service's own")
        ->type_name("URL");
    app.add_option("--from-ca-file", to.live.ca_file, "Live: trust the authorities in this PEM file")
        ->check(CLI::Validator(CLI::ExistingFile).description(""))
        ->type_name("FILE");
    app.add_option("--from-key-env", to.live.key_env,
                   "Live: environment variable that holds its key [the usual one with _SOURCE, or the usual one]")
        ->type_name("NAME");
    app.add_option("--from-quota", to.live.quota_file, "Live: its limits as JSON [what the service documents]")
        ->type_name("FILE");
}

void add_target(CLI::App& app, connect_arguments& connect, target_arguments& to)
{
    app.add_option("--to", connect.service, "Where the records go: clerk or scalekit")
        ->check(CLI::IsMember(live_services).description(""))
        ->type_name("SERVICE")
        ->capture_default_str();
    app.add_option(
           "--role",
           [&to](const std::vector<std::string>& texts) {
               return std::all_of(texts.begin(), texts.end(),
                                  [&to](const std::string& text) { return read_role(to.roles, text); });
           },
           "A role of the source is this one at the target; may be repeated")
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->type_name("FROM=TO");
    app.add_option("--default-organization", to.default_organization,
                   "scalekit: where users go who belong to none (an id there)")
        ->type_name("ID");
    app.add_flag("--send-invitations", to.send_invitations, "scalekit: let it mail an invitation to each user");
}

void add_part(CLI::App& app, part_arguments& to)
{
    app.add_option(
           "--part",
           [&to](const std::vector<std::string>& texts) {
               if (!read_part(to, texts.back()))
                   refuse("--part",
                          texts.back() + " is not K/N, such as 1/4, with N up to " + std::to_string(most_parts));
               return true;
           },
           "This process takes the K-th of N parts of the source, without overlap")
        ->type_name("K/N");
}

void check_source(const source_arguments& from)
{
    if (!from.format) {
        if (!from.file.empty())
            refuse("--from", from.live.service + " is a live instance and takes no FILE" +
                                 (from.live.service == "clerk" ? "; the dashboard's export is clerk-csv" : ""));
        if (!from.joined.empty() || !from.mapping.empty() || !from.firebase_hash.empty())
            refuse("--from", "--hashes, --accounts, --mapping and --firebase-hash belong to files");
        return;
    }
    const std::string name(to_string(*from.format));
    if (from.file.empty())
        refuse("FILE", "is missing: --from " + name + " reads one");
    if (!from.live.base_url.empty() || !from.live.key_env.empty() || !from.live.ca_file.empty() ||
        !from.live.quota_file.empty())
        refuse("--from", name + " is a file: --from-base-url and the like belong to a live instance");
    const bool can_join =
        *from.format == bulk::source_format::auth0 || *from.format == bulk::source_format::better_auth;
    if (!from.joined.empty() && !can_join)
        refuse("--from", name + " takes neither --hashes nor --accounts");
    const bool is_generic = *from.format == bulk::source_format::csv || *from.format == bulk::source_format::ndjson;
    if (is_generic && from.mapping.empty())
        refuse("--mapping", "is missing: " + name + " says nothing of what its members mean");
    if (!is_generic && !from.mapping.empty() && *from.format != bulk::source_format::failures)
        refuse("--mapping", "belongs to csv and ndjson");
    if (!from.firebase_hash.empty() && *from.format != bulk::source_format::firebase &&
        *from.format != bulk::source_format::failures)
        refuse("--firebase-hash", "belongs to firebase");
}

void check_target(const connect_arguments& connect, const target_arguments& to)
{
    if (connect.service != "scalekit" && (!to.default_organization.empty() || to.send_invitations))
        refuse(to.send_invitations ? "--send-invitations" : "--default-organization", "belongs to --to scalekit");
}

} // namespace usher::cli
