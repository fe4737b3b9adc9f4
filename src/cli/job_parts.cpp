#include "cli/job_parts.hpp"

#include "cli/firebase_hash.hpp"
#include "cli/quota_options.hpp"
#include "cli/services.hpp"

#include <usher/bulk/live.hpp>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace asio = boost::asio;

namespace usher::cli {

namespace {

std::string read_file(const std::string& option, const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(file), {});
    if (!file)
        throw std::invalid_argument(option + ": " + path + ": can't be read");
    return text;
}

double known_limit(const connect_arguments& connect)
{
    if (const auto given = quota_for(connect))
        return requests_per_second(*given);
    if (connect.service != "clerk")
        return 0;
    return requests_per_second(key_for(connect).reveal().starts_with("sk_live_") ? quota::clerk_production()
                                                                                 : quota::clerk_development());
}

const basic_client& base_of(const std::variant<clerk::client, scalekit::client>& client)
{
    return std::visit([](const auto& each) -> const basic_client& { return each; }, client);
}

constexpr const char* nowhere_key = "USHER_NO_KEY_IS_NEEDED";

} // namespace

service_link::any_client service_link::make_client(const engine& engine, const connect_arguments& connect,
                                                   std::shared_ptr<observer> watcher)
{
    client_options options;
    options.quota = quota_for(connect);
    options.user_agent = "usher-import";
    options.watcher = std::move(watcher);
    if (connect.key_env == nowhere_key) {
        options.base_url = connect.base_url;
        const secret key("sk_test_nothing_is_sent");
        if (connect.service == "scalekit")
            return scalekit::client(engine, key, std::move(options));
        return clerk::client(engine, key, std::move(options));
    }
    auto parts = parts_for(engine, connect, std::move(options));
    if (connect.service == "scalekit")
        return scalekit::client(engine, std::move(parts.who), std::move(parts.options));
    return clerk::client(engine, std::move(parts.who), std::move(parts.options));
}

service_link::service_link(asio::any_io_executor executor, const connect_arguments& connect,
                           std::shared_ptr<observer> watcher)
    : executor_(executor),
      engine_(executor, engine_options_for(connect, executor)),
      client_(make_client(engine_, connect, std::move(watcher))),
      known_per_second_(connect.key_env == nowhere_key ? 0 : known_limit(connect))
{
}

quota_usage service_link::usage() const
{
    return base_of(client_).usage();
}

double service_link::quota_per_second() const
{
    if (known_per_second_ > 0)
        return known_per_second_;
    for (const auto& limit : usage().limits)
        if (limit.requests > 0 && limit.window.count() > 0)
            return limit.requests / std::chrono::duration<double>(limit.window).count();
    return 0;
}

std::unique_ptr<bulk::target> service_link::make_target(const target_arguments& how, std::uint32_t part) const
{
    bulk::target_options options;
    options.part = part;
    options.roles = how.roles;
    options.default_organization = how.default_organization;
    options.send_invitations = how.send_invitations;
    if (const auto* to = std::get_if<scalekit::client>(&client_))
        return bulk::make_scalekit_target(executor_, *to, std::move(options));
    return bulk::make_clerk_target(executor_, std::get<clerk::client>(client_), std::move(options));
}

std::unique_ptr<bulk::source> service_link::make_source() const
{
    if (const auto* from = std::get_if<scalekit::client>(&client_))
        return bulk::open_scalekit(executor_, *from);
    return bulk::open_clerk(executor_, std::get<clerk::client>(client_));
}

connect_arguments nowhere(const std::string& service)
{
    connect_arguments connect;
    connect.service = service;
    connect.base_url = "http://127.0.0.1:9";
    connect.key_env = nowhere_key;
    return connect;
}

job_source::job_source(asio::any_io_executor executor, const source_arguments& from)
{
    if (!from.format) {
        link_ = std::make_unique<service_link>(executor, from.live);
        records_ = link_->make_source();
        return;
    }
    bulk::file_source_options options;
    options.format = *from.format;
    options.joined = from.joined;
    records_ = bulk::open_file(executor, from.file, options);
}

void read_mapping(source_arguments& from)
{
    if (!from.mapping.empty() && from.mapping_text.empty())
        from.mapping_text = read_file("--mapping", from.mapping);
}

bulk::mapping_options mapping_of(const source_arguments& from)
{
    bulk::mapping_options options;
    if (from.public_user_metadata)
        options.user_metadata = bulk::user_metadata_target::public_metadata;
    if (!from.mapping_text.empty()) {
        try {
            options.fields = bulk::parse_field_mapping(from.mapping_text);
        } catch (const std::invalid_argument& problem) {
            throw std::invalid_argument("--mapping: " + from.mapping + ": " + problem.what());
        }
    }
    if (!from.firebase_hash.empty()) {
        const auto text = read_file("--firebase-hash", from.firebase_hash);
        try {
            options.firebase = parse_firebase_hash(text);
        } catch (const std::invalid_argument& problem) {
            throw std::invalid_argument("--firebase-hash: " + from.firebase_hash + ": " + problem.what());
        }
    }
    return options;
}

void check_apart(const source_arguments& from, const connect_arguments& to)
{
    if (from.format || from.live.service != to.service || base_url_of(from.live) != base_url_of(to))
        return;
    // A Scalekit environment is its address; Clerk's instances are told apart by their keys.
    if (to.service == "scalekit" || key_for(from.live) == key_for(to))
        throw std::invalid_argument(
            "source and target are the same instance: name the source's key with --from-key-env");
}

} // namespace usher::cli
