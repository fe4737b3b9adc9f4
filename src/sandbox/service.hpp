#pragma once

#include "sandbox/context.hpp"
#include "sandbox/limiter.hpp"
#include "sandbox/oauth.hpp"
#include "sandbox/router.hpp"
#include "sandbox/store.hpp"
#include "sandbox/synthesize.hpp"

#include <memory>
#include <set>
#include <unordered_map>

namespace usher::sandbox {

// The roles that every Clerk instance begins with.
void add_first_roles(store& kept, std::uint64_t seed, std::int64_t wall);
void add_instance(store& kept, std::string_view key, std::uint64_t seed, std::int64_t wall);

// The services without their wire: a request and the time in, an answer out. No clock, no socket, no thread; whoever
// shares it between threads locks it.
//
// A request goes: route → fault that drops it → credentials → limits → fault that answers it → validation → action.
// Scalekit's own pages and the published key sets take the first two steps only.
class backend : neighbours {
public:
    explicit backend(options how);
    void set_origin(std::string origin);

    void handle(const request& asked, instant now, std::int64_t wall, reply& to);

    [[nodiscard]] const options& how() const { return how_; }
    [[nodiscard]] options& how() { return how_; }
    void set_limits(const limits& quota, instant now);
    void set_faults(std::vector<fault> faults);
    [[nodiscard]] std::uint64_t faults_made() const { return faults_made_; }

    [[nodiscard]] std::size_t count(std::string_view collection) const;
    [[nodiscard]] std::size_t mails() const;
    void add_users(std::size_t count, std::string_view key, instant now, std::int64_t wall);
    void clear();

    [[nodiscard]] key_ring& keys() { return keys_; }
    [[nodiscard]] oauth& login() { return oauth_; }
    [[nodiscard]] const oauth& login() const { return oauth_; }
    [[nodiscard]] std::string session_token(std::string_view claims, std::int64_t wall);
    [[nodiscard]] std::string new_oauth_token(std::string_view members, std::int64_t wall);

private:
    struct instance {
        instance(const limits& quota, bool production, instant now, std::uint64_t seed)
            : limit(quota, production, now), made(seed)
        {
        }
        store kept;
        limiter limit;
        synthesizer made;
    };
    struct fault_state {
        fault what;
        std::uint32_t seen = 0;
        std::uint32_t done = 0;
    };

    void refuse(reply& to, service of, problems why);
    void add_pages();
    void connect_login();
    std::string_view check_credentials(const request& asked, const operation& of, std::int64_t wall,
                                       problems& why) const;
    [[nodiscard]] bool scalekit_token(std::string_view token, std::int64_t wall, problems& why) const;
    instance& instance_of(service of, std::string_view key, instant now);
    store& of_key(std::string_view secret_key) override;
    const json::object* oauth_token(std::string_view token) override;
    const fault* next_fault(const operation& of);
    void perform(instance& of, call& asked, std::string_view key, instant now, std::int64_t wall, reply& to);
    void resolve_slug(instance& of, call& asked);

    options how_;
    key_ring keys_;
    oauth oauth_;
    std::vector<std::unique_ptr<api>> documents_;
    std::vector<std::unique_ptr<operation>> pages_; // that no document describes
    router routes_;
    std::set<std::string, std::less<>> creatable_;
    std::unordered_map<std::string, std::unique_ptr<instance>> instances_;
    instance* first_ = nullptr;                                  // machine keys belong to it
    std::unordered_map<std::string, json::object> oauth_tokens_; // opaque ones of Clerk's
    std::vector<fault_state> faults_;
    std::uint64_t faults_made_ = 0;
    std::vector<std::string_view> captures_; // scratch
    generator traces_;
    std::optional<instant> started_;
    instant now_;           // of the request that is being answered
    std::int64_t wall_ = 0; // as well
};

} // namespace usher::sandbox
