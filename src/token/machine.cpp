// Clerk's tokens of machines and of OAuth clients.
#include "token/claim_reader.hpp"
#include "token/jws.hpp"

namespace usher::token::detail {

bool read_kind(claim_reader& from, m2m_claims& to, const verify_options& options)
{
    const auto category = from.header_text("cat");
    if (!category.empty() && category != category_m2m)
        return from.refuse(reason::token_type, "cat is " + quoted(category) + ": the token is no machine's");
    if (is_access_token(from))
        return from.refuse(reason::token_type, "typ is at+jwt: the token is an OAuth access token, no machine's");
    if (!to.subject.starts_with("mch_"))
        return from.refuse(reason::token_type, "sub is no machine");
    if (!from.words("scopes", to.scopes))
        return false;
    // The machines that a token may talk to are its audience.
    if (!from.all().contains("scopes"))
        to.scopes = to.audience;
    return check_machine(from, to.scopes, options) && check_scopes(from, to.scopes, options);
}

bool read_kind(claim_reader& from, oauth_claims& to, const verify_options& options)
{
    if (!is_access_token(from))
        return from.refuse(reason::token_type, "typ is " + quoted(from.header_text("typ")) +
                                                   "; expected \"at+jwt\" of an OAuth access token");
    const auto category = from.header_text("cat");
    if (category == category_session || category == category_template || category == category_m2m)
        return from.refuse(reason::token_type, "cat is " + quoted(category) + ": the token is no OAuth access token");
    if (to.subject.starts_with("mch_"))
        return from.refuse(reason::token_type, "sub is a machine: the token is no OAuth access token");
    if (!from.text("client_id", to.client_id))
        return false;
    for (const char* name : {"scp", "scope"}) {
        if (!to.scopes.empty())
            break;
        if (!from.words(name, to.scopes))
            return false;
    }
    return check_scopes(from, to.scopes, options);
}

} // namespace usher::token::detail
