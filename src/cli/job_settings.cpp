#include "cli/job_settings.hpp"

#include "cli/services.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <filesystem>
#include <stdexcept>

namespace usher::cli {

namespace {

constexpr std::int64_t version = 1;

/// Members that are not there leave what they are read into as it is: an older version did not know them.
void read(const boost::json::object& from, std::string_view name, std::string& to)
{
    if (const auto* value = from.if_contains(name))
        to = value->as_string();
}

void read(const boost::json::object& from, std::string_view name, bool& to)
{
    if (const auto* value = from.if_contains(name))
        to = value->as_bool();
}

template <class Number>
void read_number(const boost::json::object& from, std::string_view name, Number& to)
{
    if (const auto* value = from.if_contains(name))
        to = value->to_number<Number>();
}

void read_time(const boost::json::object& from, std::string_view name, bulk::journal_time& to)
{
    if (const auto* value = from.if_contains(name))
        to = bulk::journal_time(std::chrono::milliseconds(value->to_number<std::int64_t>()));
}

std::string without_password(const std::string& address)
{
    const auto scheme = address.find("://");
    const auto at = address.rfind('@');
    if (scheme == std::string::npos || at == std::string::npos || at < scheme)
        return address;
    return address.substr(0, scheme + 3) + address.substr(at + 1);
}

boost::json::object local_json(const connect_arguments& connect)
{
    boost::json::object local{{"ca_file", connect.ca_file},
                              {"key_env", connect.key_env},
                              {"quota_file", connect.quota_file},
                              {"quota_state", connect.quota_state},
                              {"budget", without_password(connect.budget)},
                              {"window_ms", connect.window.count()}};
    if (connect.limit)
        local["limit"] = *connect.limit;
    return local;
}

void read_local(const boost::json::object& local, connect_arguments& connect)
{
    read(local, "ca_file", connect.ca_file);
    read(local, "key_env", connect.key_env);
    read(local, "quota_file", connect.quota_file);
    read(local, "quota_state", connect.quota_state);
    read(local, "budget", connect.budget);
    std::int64_t window = connect.window.count();
    read_number(local, "window_ms", window);
    connect.window = std::chrono::milliseconds(window);
    if (const auto* limit = local.if_contains("limit"))
        connect.limit = limit->to_number<std::uint32_t>();
}

boost::json::object run_json(const run_facts& run)
{
    boost::json::object facts{{"command", run.command},
                              {"state", to_string(run.state)},
                              {"begun", run.begun.time_since_epoch().count()},
                              {"ended", run.ended.time_since_epoch().count()}};
    if (!run.reason.empty())
        facts["reason"] = run.reason;
    if (!run.mended.empty())
        facts["mended"] = run.mended;
    if (run.undo_waits)
        facts["undo_waits"] = true;
    return facts;
}

run_facts read_run(const boost::json::object& facts)
{
    run_facts run;
    read(facts, "command", run.command);
    read_time(facts, "begun", run.begun);
    read_time(facts, "ended", run.ended);
    read(facts, "reason", run.reason);
    read(facts, "mended", run.mended);
    read(facts, "undo_waits", run.undo_waits);
    std::string name;
    read(facts, "state", name);
    for (const auto state :
         {run_state::running, run_state::finished, run_state::stopped, run_state::given_up, run_state::failed})
        if (to_string(state) == name)
            run.state = state;
    return run;
}

/// A journal may be resumed from another folder.
void make_whole(std::string& path)
{
    path = whole_path(path);
}

void make_paths_whole(job_settings& settings)
{
    auto& from = settings.source;
    for (auto* path : {&from.file, &from.joined, &from.mapping, &from.firebase_hash})
        make_whole(*path);
    for (auto* connect : {&from.live, &settings.connect})
        for (auto* path : {&connect->ca_file, &connect->quota_file, &connect->quota_state})
            make_whole(*path);
}

} // namespace

std::string_view to_string(run_state state) noexcept
{
    switch (state) {
    case run_state::running:
        return "running";
    case run_state::finished:
        return "finished";
    case run_state::stopped:
        return "stopped";
    case run_state::given_up:
        return "given_up";
    case run_state::failed:
        return "failed";
    }
    return "";
}

std::string whole_path(const std::string& path)
{
    if (path.empty() || path == "-")
        return path;
    return std::filesystem::absolute(path).lexically_normal().string();
}

std::string job_settings::job_json() const
{
    boost::json::object roles;
    for (const auto& [from, to] : target.roles)
        roles[from] = to;
    boost::json::object job{
        {"version", version},
        {"from", source.format ? bulk::to_string(*source.format) : std::string_view(source.live.service)},
        {"live", !source.format},
        {"from_base_url", source.live.base_url},
        {"fingerprint", fingerprint},
        {"mapping", source.mapping_text},
        {"public_user_metadata", source.public_user_metadata},
        {"to", connect.service},
        {"base_url", connect.base_url},
        {"roles", std::move(roles)},
        {"default_organization", target.default_organization},
        {"send_invitations", target.send_invitations}};
    return boost::json::serialize(job);
}

std::string job_settings::part_json() const
{
    boost::json::object here{{"file", source.file},
                             {"joined", source.joined},
                             {"mapping_file", source.mapping},
                             {"firebase_hash", source.firebase_hash},
                             {"source", local_json(source.live)},
                             {"target", local_json(connect)},
                             {"concurrency", concurrency},
                             {"part", part.part},
                             {"parts", part.parts},
                             {"run", run_json(last)},
                             {"reading", run_json(reading)}};
    return boost::json::serialize(here);
}

job_settings job_settings::from_json(std::string_view job_text, std::string_view part_text)
{
    job_settings settings;
    try {
        const auto job = boost::json::parse({job_text.data(), job_text.size()}).as_object();
        const auto here = boost::json::parse({part_text.data(), part_text.size()}).as_object();
        if (job.at("version").as_int64() > version)
            throw std::runtime_error("a newer version of usher began it");
        read(job, "from", settings.source.live.service);
        settings.source.live.is_source = true;
        settings.source.format = bulk::parse_source_format(settings.source.live.service);
        if (job.at("live").as_bool())
            settings.source.format.reset();
        read(job, "from_base_url", settings.source.live.base_url);
        read(job, "fingerprint", settings.fingerprint);
        read(job, "mapping", settings.source.mapping_text);
        read(job, "public_user_metadata", settings.source.public_user_metadata);
        read(job, "to", settings.connect.service);
        read(job, "base_url", settings.connect.base_url);
        for (const auto& [from, to] : job.at("roles").as_object())
            settings.target.roles.emplace(from, to.as_string());
        read(job, "default_organization", settings.target.default_organization);
        read(job, "send_invitations", settings.target.send_invitations);

        read(here, "file", settings.source.file);
        read(here, "joined", settings.source.joined);
        read(here, "mapping_file", settings.source.mapping);
        read(here, "firebase_hash", settings.source.firebase_hash);
        read_local(here.at("source").as_object(), settings.source.live);
        read_local(here.at("target").as_object(), settings.connect);
        read_number(here, "concurrency", settings.concurrency);
        read_number(here, "part", settings.part.part);
        read_number(here, "parts", settings.part.parts);
        settings.last = read_run(here.at("run").as_object());
        const auto* reading = here.if_contains("reading");
        settings.reading = reading ? read_run(reading->as_object()) : settings.last;
    } catch (const std::logic_error&) {
        throw std::runtime_error("what it says of its job can't be read");
    } catch (const boost::system::system_error&) {
        throw std::runtime_error("what it says of its job can't be read");
    }
    return settings;
}

job_settings settings_of(const import_arguments& arguments)
{
    job_settings settings;
    settings.connect = arguments.connect;
    settings.source = arguments.source;
    settings.target = arguments.target;
    settings.part = arguments.part;
    settings.concurrency = arguments.concurrency.value_or(0);
    // Another environment variable tomorrow must not lead the job elsewhere.
    settings.connect.base_url = base_url_of(settings.connect);
    if (!settings.source.format)
        settings.source.live.base_url = base_url_of(settings.source.live);
    make_paths_whole(settings);
    return settings;
}

job_settings settings_in(const bulk::journal_reader& job)
{
    const auto common = job.setting("job");
    const auto here = job.setting("part");
    if (!common || !here)
        throw std::runtime_error("no usher import began this journal: usher import begins it");
    return job_settings::from_json(*common, *here);
}

void override_with(job_settings& settings, const job_arguments& arguments)
{
    const auto& said = arguments.connect;
    const auto take = [](std::string& to, const std::string& from) {
        if (!from.empty())
            to = from;
    };
    take(settings.connect.ca_file, said.ca_file);
    take(settings.connect.key_env, said.key_env);
    take(settings.connect.quota_state, said.quota_state);
    take(settings.connect.budget, said.budget);
    if (said.limit || !said.quota_file.empty()) {
        settings.connect.limit = said.limit;
        settings.connect.window = said.window;
        settings.connect.quota_file = said.quota_file;
    }
    if (arguments.what != job_arguments::action::retry)
        take(settings.source.file, arguments.file);
    make_paths_whole(settings);
    settings.concurrency = arguments.concurrency.value_or(settings.concurrency);
}

} // namespace usher::cli
