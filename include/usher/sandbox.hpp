#pragma once

// A server that behaves like the services, inside your own program.
//
// It routes and validates by the providers' API documents, keeps what it is given, enforces the documented limits, and
// fails on demand. It shares no code with the client, so that a fault in one does not hide in the other.
//
//     usher::sandbox::server service(usher::sandbox::options{});
//     connect to service.url(), trusting service.ca_pem()

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace usher::sandbox {

enum class service { clerk, clerk_platform, scalekit };

// What a request that passed authentication, routing and validation is answered with.
enum class answers {
    stateful, // as the service would: resources are kept, found, listed, changed and deleted
    full,     // every member of the answer's schema is set; arrays have two elements; union alternatives take turns
    required, // required members only
    nulls,    // every member is there, and null wherever the schema allows it
    future    // full, and members, enum texts and union alternatives that no document knows
};

// A round trip takes mean ± jitter (uniform), half of it before the request is looked at and half after.
struct latency {
    latency() = default;
    latency(std::chrono::microseconds mean_, std::chrono::microseconds jitter_) : mean(mean_), jitter(jitter_) {}

    std::chrono::microseconds mean{0};
    std::chrono::microseconds jitter{0};
};

enum class algorithm { fixed_window, sliding_log, sliding_counter, gcra };

// So many requests in so much time.
struct allowance {
    allowance() = default;
    allowance(std::uint32_t requests_, std::chrono::milliseconds window_) : requests(requests_), window(window_) {}

    std::uint32_t requests = 0;
    std::chrono::milliseconds window{0};
};

// The service's rate limits. Off by default: a unit test that sends 101 requests with a test key should not fail by
// surprise. Counted when a request arrives, per secret key; limits of an endpoint and of an entity nest inside.
struct limits {
    limits() = default;

    bool enabled = false;
    algorithm how = algorithm::fixed_window;
    std::uint32_t burst = 0;            // gcra only: 0 means the whole allowance
    std::optional<allowance> instance;  // nothing: 1000 per 10 s for sk_live_…, 100 per 10 s for any other key
    bool endpoints = true;              // the hourly limits of invitations
    bool entities = true;               // 10 changes per 10 s of one user, organization or membership
    bool charge_refused = false;        // whether a refused request uses up allowance as well
    std::chrono::milliseconds phase{0}; // fixed_window: where the first window ends, counted from the start
};

// Something that goes wrong on purpose, at every n-th request that it matches.
struct fault {
    enum class kind {
        answer,       // `status` instead of an answer; the request takes no effect
        late_answer,  // `status` instead of an answer, and the request did take effect
        drop_request, // the connection ends before the request is looked at
        drop_answer,  // the request takes effect, the connection ends without a byte
        cut_answer,   // the request takes effect, `bytes` of the answer arrive, then the connection ends
        close_after,  // a whole answer that promises keep-alive, and the connection ends `delay` after it
        stray_bytes,  // a whole answer, and `delay` after it bytes that belong to nothing
        drip,         // the answer in slices of `bytes`, `delay` apart
        silence       // no answer at all, the connection stays
    };

    fault() = default;
    explicit fault(kind what_, std::uint32_t every_ = 1) : what(what_), every(every_) {}

    kind what = kind::answer;
    std::uint32_t every = 1; // 1: each matching request
    std::uint32_t skip = 0;  // matching requests that pass first
    std::uint32_t count = 0; // how often in all; 0 means no end
    std::string operation;   // an operationId; empty means any
    int status = 500;
    int retry_after = -1; // seconds; below 0 means no such header
    std::string body;     // empty means the service's usual error body for that status
    std::size_t bytes = 1;
    std::chrono::milliseconds delay{0};
    bool reset = false; // end the connection with RST rather than FIN
};

struct options {
    options();

    std::vector<service> services{service::clerk};
    std::string address = "127.0.0.1";
    std::uint16_t port = 0; // 0: any free one
    bool tls = true;
    std::vector<std::string> keys; // empty: any well formed key is accepted
    std::uint64_t seed = 1;        // of everything that is made up: ids, jitter, answers without state
    latency delay;
    limits quota;
    std::chrono::milliseconds listing_lag{0}; // a listing or count does not show what is younger; get by id does
    answers mode = answers::stateful;
    std::size_t max_body = 8u << 20;
    std::chrono::milliseconds keep_alive{60'000}; // an idle connection is closed after this
    std::size_t max_users = 0;                    // quotas answered with 403; 0 means none
    std::size_t max_organizations = 0;
    std::size_t max_memberships = 0; // per organization, unless it was created with a number of its own
    bool password_required = false;  // refuse a new user without password, digest or skip_password_requirement
    bool record = true;              // keep what last_request() and last_answer() return
    std::vector<std::pair<std::string, std::string>> clients; // ids and secrets that get Scalekit tokens; empty: any
    std::chrono::seconds token_lifetime{86'399};              // of Scalekit's access tokens
    std::vector<fault> faults;
};

// Sets one option from text: "listing_lag", "2s". Durations take us, ms, s, m or h (a bare number is milliseconds);
// lists are separated by commas; limits are "1000/10s"; a fault is "kind" or "kind:name=value:…", and each adds one.
// Errors: std::invalid_argument, with the name and what it may be. option_help() lists names and meanings, one a line.
void set_option(options& to, std::string_view name, std::string_view value);
std::string_view option_help();

struct counters {
    counters() = default;

    std::uint64_t requests = 0;
    std::uint64_t refused = 0; // answered 429 by a limit (not by a fault)
    std::map<int, std::uint64_t> by_status;
    std::uint64_t faults = 0;
    std::uint64_t tokens = 0; // access tokens that the token endpoint gave
    std::uint64_t connections = 0;
    std::uint64_t open_connections = 0;
    std::uint64_t tls_resumed = 0;
    std::uint64_t tls_failed = 0;
    std::uint64_t bytes_in = 0; // of requests and answers, TLS not counted
    std::uint64_t bytes_out = 0;
    std::chrono::milliseconds running{0};
    std::vector<std::uint32_t> arrivals; // requests in each 100 ms since the start
};

// An event on its way to a webhook receiver, signed as the service signs it.
struct event {
    event() = default;

    service from = service::scalekit; // or clerk: the envelope and the names of the headers
    std::string type;                 // "organization.created"; of Scalekit: one of event_types()
    std::string data;                 // JSON; empty: the documented example (Scalekit), an empty object (Clerk)
    std::string url;                  // where to: https, or http to loopback
    std::string secret;               // "whsec_…"
    std::string ca_pem;               // trusted for https, beside the sandbox's own authority
    std::string id;                   // of the message; empty: a new one. The same one again is a replay
    std::chrono::seconds age{0};      // how old the timestamp is
    std::chrono::milliseconds timeout{10'000};
};

// The types of Scalekit's documented events.
std::vector<std::string> event_types();

struct recorded_request {
    recorded_request() = default;

    std::string method;
    std::string target;                                       // as it came: percent-encoded, with its query
    std::vector<std::pair<std::string, std::string>> headers; // in order; never the credentials
    std::string body;
};

// Runs from construction to destruction, on one thread of its own.
// Errors: std::system_error when it cannot listen, std::invalid_argument for an option that makes no sense.
// Thread safety: every member may be called from any thread.
class server {
public:
    explicit server(options how);
    ~server();

    server(const server&) = delete;
    server& operator=(const server&) = delete;

    // Base URL of the first service (or of a given one), with the path under which it lives:
    // "https://127.0.0.1:4711/v1".
    [[nodiscard]] std::string url() const;
    [[nodiscard]] std::string url(service of) const;
    [[nodiscard]] std::string origin() const;
    [[nodiscard]] std::uint16_t port() const;

    // The certificate authority that signed the server's certificate, made anew at each start; empty without TLS.
    [[nodiscard]] std::string ca_pem() const;

    [[nodiscard]] counters stats() const;

    // How many there are of a collection, over all keys: "users", "organizations", "memberships", or a path such as
    // "/organizations/org_…/memberships". Listing lag does not apply.
    [[nodiscard]] std::size_t count(std::string_view collection) const;

    // The last request that was routed, and the body of the last answer. Empty when options::record is off.
    [[nodiscard]] recorded_request last_request() const;
    [[nodiscard]] std::string last_answer() const;

    void set_mode(answers mode);
    void set_delay(latency delay);
    void set_limits(limits quota); // counting begins afresh
    void set_listing_lag(std::chrono::milliseconds lag);
    void set_faults(std::vector<fault> faults); // counting begins afresh

    // Creates users ("user-0@example.com", external_id "user-0", …) for one key without a request each.
    void add_users(std::size_t count, std::string_view key);

    // Scalekit's own tokens: from now on, everything issued so far is answered with 401.
    void revoke_tokens();
    void set_token_lifetime(std::chrono::seconds lifetime);

    // Signs with a new key from now on. The key sets that the services publish go on showing the old ones if told so.
    void rotate_keys(bool publish_old);

    // A JWT with exactly these claims (a JSON object), signed (RS256) with the key that the services publish. Members
    // of `header` replace those that it has of its own (alg, typ, kid).
    [[nodiscard]] std::string mint(std::string_view claims, std::string_view header = "{}");

    // A Clerk session token (claims v2); claims that are given replace those that it has of its own.
    [[nodiscard]] std::string session_token(std::string_view claims = "{}");

    // An opaque OAuth access token of Clerk's (oat_…) that its verification knows; members that are given (subject,
    // client_id, scopes, expiration, revoked, …) replace those that it has of its own.
    [[nodiscard]] std::string oauth_token(std::string_view members = "{}");

    // PEM of the public key that signs now, for verification without a network.
    [[nodiscard]] std::string jwt_key();

    // Sends an event and waits for the answer.
    // Returns: its HTTP status. Errors: std::system_error when there is none, std::invalid_argument for what cannot be
    // sent.
    int send_event(const event& what) const;

    // How many mails Scalekit would have sent to people: invitations (sent unless told otherwise) and codes to log in
    // with. Nobody reads them, so the code is always 424242.
    [[nodiscard]] std::size_t mails() const;

    void clear(); // forgets every resource; limits and counters stay

    // Closes everything and joins. The destructor does the same; the counters and the state can still be read.
    void stop();

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace usher::sandbox
