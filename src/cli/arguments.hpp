// What the command line says, as plain values: the one place that knows CLI11 fills them, the commands read them.
#ifndef USHER_CLI_ARGUMENTS_HPP
#define USHER_CLI_ARGUMENTS_HPP

#include <usher/bulk/record.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace usher::cli {

/// What the exit status means.
enum exit_status : int { done = 0, some_failed = 1, bad_usage = 2, could_not_run = 3 };

/// Where to call and as whom.
struct connect_arguments {
    std::string service = "clerk";
    std::string base_url;    ///< empty: the service's own
    std::string ca_file;     ///< empty: the system's authorities
    std::string key_env;     ///< empty: the usual one of the service
    std::string quota_file;  ///< empty: the service's documented limits
    std::string quota_state; ///< folder; empty: what was used of a limit is not remembered
    std::string budget;      ///< address of the Redis by which limits are shared; empty: they are not
    /// Requests of the whole instance in `window`; nothing: as the service documents.
    std::optional<std::uint32_t> limit;
    std::chrono::milliseconds window{10'000};
    /// What is read from while something else is written to: variables whose name ends in `_SOURCE` come first.
    bool is_source = false;
};

/// Where records come from, and what they mean.
struct source_arguments {
    /// Nothing: a live instance, of the service `live` names.
    std::optional<bulk::source_format> format = bulk::source_format::auth0;
    std::string file;
    connect_arguments live;
    std::string joined;        ///< Auth0's hashes, Better Auth's accounts; empty: there are none
    std::string mapping;       ///< file that maps generic records
    std::string mapping_text;  ///< … what it says, once it was read
    std::string firebase_hash; ///< file with the parameters of a Firebase project's scrypt
    bool public_user_metadata = false;
};

/// How records are written.
struct target_arguments {
    std::map<std::string, std::string> roles;
    std::string default_organization;
    bool send_invitations = false;
};

/// Which of several processes this one is, counted from 0.
struct part_arguments {
    std::uint32_t part = 0;
    std::uint32_t parts = 1;
};

struct import_arguments {
    connect_arguments connect;
    source_arguments source;
    target_arguments target;
    part_arguments part;
    std::string job;                        ///< empty: beside the file
    std::string failures;                   ///< empty: in the journal only
    std::string notes;                      ///< empty: counted only
    std::optional<std::size_t> concurrency; ///< nothing: as the limit asks for
    bool dry_run = false;
    bool yes = false;
    bool json = false;
};

struct plan_arguments {
    connect_arguments connect;
    source_arguments source;
    target_arguments target;
    part_arguments part;
    std::string findings; ///< empty: the first ones are shown
    bool ask_target = true;
    bool json = false;
};

/// What is done with a job that exists.
struct job_arguments {
    enum class action { resume, retry, verify, undo };
    action what = action::resume;
    std::string job;
    /// Instead of what the job remembers, where it is said: addresses of files, variables and limits.
    connect_arguments connect;
    std::string file;     ///< the source, when it was moved; for `retry` the failures, mended
    std::string failures; ///< empty: in the journal only
    std::string notes;    ///< empty: counted only
    std::optional<std::size_t> concurrency;
    std::chrono::milliseconds patience{10'000}; ///< of `verify`
    bool source_changed_ok = false;
    bool only_begun = false; ///< of `resume`
    bool force = false;      ///< of `undo`
    bool yes = false;
    bool json = false;
};

struct status_arguments {
    std::string job;
    std::string ids;      ///< file; empty: not asked for
    std::string failures; ///< file; empty: not asked for
    bool json = false;
};

struct merge_arguments {
    std::vector<std::string> parts;
    std::string to;
};

struct report_arguments {
    std::string job;
    std::string html;
};

struct export_arguments {
    connect_arguments connect;
    std::string file; ///< `-`: standard output
    bool organizations = true;
    bool users = true;
    bool memberships = true;
    bool json = false; ///< progress events on standard error, and the summary last
};

struct call_arguments {
    connect_arguments connect;
    std::string operation;
    std::string params = "{}";
    std::chrono::milliseconds deadline{120'000};
    bool compact = false;
    bool trace = false;
    bool json = false;
};

struct endpoints_arguments {
    std::string service; ///< empty: all
    bool json = false;
};

struct sandbox_arguments {
    std::vector<std::pair<std::string, std::string>> options; ///< names and values of the sandbox's own options
    std::vector<std::string> settings;                        ///< further ones as name=value
    std::string limit;                                        ///< empty: none is enforced
    std::string window = "10s";
    std::string ca_file;
    std::string report;
};

struct webhook_arguments {
    bool sign = false; ///< or verify
    std::string provider = "clerk";
    std::vector<std::string> secret_envs;
    std::optional<std::string> id;
    std::optional<std::string> timestamp;
    std::optional<std::string> signature;
    std::vector<std::string> headers;
    std::chrono::seconds tolerance{300};
    std::string body;
    bool json = false;
};

struct token_arguments {
    bool inspect = false; ///< or verify
    std::string token;
    std::string pem;           ///< file
    std::string jwks;          ///< file or address
    connect_arguments connect; ///< no service: keys come another way
    std::string type = "session";
    std::string issuer;
    std::vector<std::string> audiences;
    std::vector<std::string> authorized_parties;
    std::vector<std::string> scopes;
    std::optional<std::string> nonce;
    std::chrono::seconds skew{5};
    bool accept_pending = false;
    bool json = false;
};

/// Nothing to do: help or the version was shown, or the usage was wrong and said so.
struct nothing_to_do {
    exit_status status = done;
};

using command = std::variant<nothing_to_do, import_arguments, plan_arguments, job_arguments, status_arguments,
                             merge_arguments, report_arguments, export_arguments, call_arguments, endpoints_arguments,
                             sandbox_arguments, webhook_arguments, token_arguments>;

/// Reads the command line. Help goes to standard output, complaints to standard error.
command parse_command_line(int count, const char* const* texts);

} // namespace usher::cli

#endif
