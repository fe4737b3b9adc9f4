// What a token says, typed.
#ifndef USHER_TOKEN_CLAIMS_HPP
#define USHER_TOKEN_CLAIMS_HPP

#include <usher/time.hpp>

#include <boost/json/object.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace usher::token {

/// What tokens of every kind say.
struct claims {
    claims() = default;
    std::string subject; ///< `sub`
    std::string issuer;  ///< `iss`; empty if there is none
    std::vector<std::string> audience;
    unix_seconds expires = unix_seconds::max(); ///< `exp`; max: an opaque token that does not expire
    std::optional<unix_seconds> issued;         ///< `iat`
    std::optional<unix_seconds> not_before;     ///< `nbf`
    std::string id;                             ///< `jti`
    boost::json::object all;                    ///< every claim as it came
};

/// The organization that is active in a session.
struct organization_claims {
    organization_claims() = default;
    std::string id;
    std::string slug;
    std::string role;                     ///< `org:admin`
    std::vector<std::string> permissions; ///< `org:<feature>:<permission>`
};

/// A Clerk session token, claims of version 1 or 2.
struct session_claims : claims {
    session_claims() = default;
    int version = 1;              ///< `v`
    std::string session_id;       ///< `sid`
    std::string authorized_party; ///< `azp`
    bool is_pending = false;      ///< `sts`; accepted only when `verify_options::accept_pending` says so
    std::optional<organization_claims> organization;
    /// `fva`: how long ago each factor was verified when the token was issued. Not set: never, or not said.
    std::optional<std::chrono::minutes> first_factor_age;
    std::optional<std::chrono::minutes> second_factor_age;
    std::optional<boost::json::object> actor; ///< `act`: who impersonates the user
    std::vector<std::string> plans;           ///< `pla`: scope and plan, such as `u:free`
    std::vector<std::string> features;        ///< `fea`: scope and feature, such as `o:articles`

    /// True when the active organization grants it. `permission`: `org:articles:read`.
    bool has_permission(std::string_view permission) const noexcept;
    /// True when the user has this role in the active organization. `role`: `org:admin`.
    bool has_role(std::string_view role) const noexcept;
};

/// A Clerk machine-to-machine token.
struct m2m_claims : claims {
    m2m_claims() = default;
    std::vector<std::string> scopes; ///< ids of the machines that it may talk to

    bool has_scope(std::string_view scope) const noexcept;
};

/// An access token that Clerk issued as OAuth provider.
struct oauth_claims : claims {
    oauth_claims() = default;
    std::string client_id;
    std::vector<std::string> scopes;

    bool has_scope(std::string_view scope) const noexcept;
};

/// A Clerk API key: always opaque, verified by the service.
struct api_key_claims : claims {
    api_key_claims() = default;
    std::string name;
    std::vector<std::string> scopes;

    bool has_scope(std::string_view scope) const noexcept;
};

/// A Scalekit access token.
struct scalekit_access_claims : claims {
    scalekit_access_claims() = default;
    std::string session_id;      ///< `sid`
    std::string organization_id; ///< `oid`
    std::string client_id;
    std::vector<std::string> roles;
    std::vector<std::string> permissions;
    std::vector<std::string> scopes; ///< `scopes` or `scope`

    bool has_scope(std::string_view scope) const noexcept;
    bool has_permission(std::string_view permission) const noexcept;
    bool has_role(std::string_view role) const noexcept;
};

/// A Scalekit ID token.
struct scalekit_id_claims : claims {
    scalekit_id_claims() = default;
    std::string authorized_party; ///< `azp`
    std::string nonce;
    std::string organization_id; ///< `oid`
    std::string connection_id;   ///< `amr[0]`
    std::vector<std::string> amr;
    std::string session_id; ///< `sid`
    std::string email;
    std::optional<bool> is_email_verified;
    std::string name;
    std::string given_name;
    std::string family_name;
};

/// What Scalekit says of a login that began at the identity provider. It has no subject: nobody is logged in yet.
struct scalekit_idp_login_claims : claims {
    scalekit_idp_login_claims() = default;
    std::string connection_id;
    std::string organization_id;
    std::string login_hint;
    std::string relay_state; ///< the state of the authorization URL that answers it
};

} // namespace usher::token

#endif
