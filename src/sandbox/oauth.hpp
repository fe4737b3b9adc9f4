#pragma once

#include "sandbox/check.hpp"
#include "sandbox/random.hpp"
#include "sandbox/reply.hpp"
#include "sandbox/signing.hpp"

#include <functional>
#include <unordered_map>
#include <unordered_set>

namespace usher::sandbox {

// The words of a scope.
std::vector<std::string> words(std::string_view text);
bool has_word(std::string_view text, std::string_view word);

// Who logs in, or which program asks for a token of its own.
struct identity {
    identity() = default;

    std::string id; // usr_…, or the client's id
    std::string email, name, given_name, family_name, external_id;
    std::string organization;
    std::vector<std::string> roles, permissions;
    bool email_verified = true;
};

// A client of an organization, made through the API.
struct machine {
    machine() = default;

    std::string organization;
    std::vector<std::string> scopes, audience;
    json::object claims;
    std::int64_t lifetime = 0; // seconds; 0: the environment's
};

// What the pages look up in the resources that are kept.
struct directory_hooks {
    directory_hooks() = default;

    // Who logs in with this address at this organization. Nothing: nobody is kept who fits.
    std::function<std::optional<identity>(const std::string& email, const std::string& organization)> person;
    // Nothing: the secret does not open it.
    std::function<std::optional<machine>(const std::string& id, const std::string& secret)> open_machine;
    std::function<bool(const std::string& id)> known_machine;
    std::function<void(const identity& who, const std::string& client, const std::string& session)> begin_session;
    std::function<bool(const std::string& session)> session_alive;
    std::function<void(const std::string& session)> end_session;
};

// Scalekit's own pages: authorization, token, key set, discovery and logout (RFC 6749, 7636, OpenID Connect Core and
// RP-initiated Logout). Codes and refresh tokens are good for one use. No clock and no socket: time is an argument.
class oauth {
public:
    oauth(options& how, key_ring& keys, std::uint64_t seed) : how_(how), keys_(keys), source_(seed) {}

    std::string origin;
    directory_hooks hooks;

    void answer(builtin page, const request& asked, std::string_view query, std::int64_t wall, reply& to);

    enum class standing { good, foreign, machine }; // foreign: not issued here, expired or revoked
    // foreign also when its session has ended
    [[nodiscard]] standing look(std::string_view token, std::int64_t wall) const;

    void revoke_all();
    void end_session(const std::string& session);
    [[nodiscard]] std::uint64_t issued() const { return issued_; }

private:
    struct grant {
        grant() = default;
        identity who;
        std::string client, scope, session, nonce, connection, redirect_uri, challenge;
        std::int64_t until = 0; // milliseconds
    };
    struct access {
        access() = default;
        std::int64_t until = 0;
        std::string session;
        bool machine = false;
    };
    struct failure {
        failure(int status_, const char* error_, std::string description_)
            : status(status_), error(error_), description(std::move(description_))
        {
        }
        int status;
        const char* error;
        std::string description;
    };
    struct caller {
        caller() = default;
        std::string id;
        bool proved = false; // by its secret
        std::optional<machine> of_organization;
    };
    using members = std::unordered_map<std::string, std::string>;

    void token(const request& asked, std::int64_t wall, reply& to);
    json::object exchange(const members& form, const caller& who, std::int64_t wall);
    json::object exchange_code(const members& form, const caller& who, std::int64_t wall);
    json::object refresh(const members& form, const caller& who, std::int64_t wall);
    json::object own_token(const members& form, const caller& who, std::int64_t wall);
    json::object tokens(const grant& for_whom, std::int64_t wall);
    std::string access_token(const grant& for_whom, const std::optional<machine>& by, std::int64_t wall);
    caller authenticate(const members& form, std::string_view authorization);
    [[nodiscard]] bool known_client(const std::string& id) const;

    void authorize(std::string_view query, std::int64_t wall, reply& to);
    grant read_authorization(const members& form, std::int64_t wall);
    void logout(std::string_view query, reply& to);
    void configuration(reply& to) const;

    static members read(std::string_view form);
    static const std::string& value(const members& of, const char* name);
    static void fail(const failure& why, reply& to);
    static void redirect(std::string to_where, const std::vector<std::pair<const char*, std::string>>& more, reply& to);

    options& how_;
    key_ring& keys_;
    generator source_;
    std::unordered_map<std::string, grant> codes_;
    std::unordered_map<std::string, std::string> spent_; // codes that were used, and the session they began
    std::unordered_map<std::string, grant> refresh_;
    std::unordered_map<std::string, access> access_; // by token
    std::uint64_t issued_ = 0;
    std::size_t sweep_at_ = 1024; // when that many tokens are kept, those that have expired are dropped
};

} // namespace usher::sandbox
