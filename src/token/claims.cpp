#include "token/claim_reader.hpp"

namespace usher::token {

using detail::contains;

bool session_claims::has_permission(std::string_view permission) const noexcept
{
    return organization && contains(organization->permissions, permission);
}

bool session_claims::has_role(std::string_view role) const noexcept
{
    return organization && organization->role == role && !role.empty();
}

bool m2m_claims::has_scope(std::string_view scope) const noexcept
{
    return contains(scopes, scope);
}

bool oauth_claims::has_scope(std::string_view scope) const noexcept
{
    return contains(scopes, scope);
}

bool api_key_claims::has_scope(std::string_view scope) const noexcept
{
    return contains(scopes, scope);
}

bool scalekit_access_claims::has_scope(std::string_view scope) const noexcept
{
    return contains(scopes, scope);
}

bool scalekit_access_claims::has_permission(std::string_view permission) const noexcept
{
    return contains(permissions, permission);
}

bool scalekit_access_claims::has_role(std::string_view role) const noexcept
{
    return contains(roles, role);
}

} // namespace usher::token
