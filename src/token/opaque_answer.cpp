#include "token/opaque_answer.hpp"

#include "token/claim_reader.hpp"
#include "token/jws.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

namespace usher::token::detail {

namespace {

namespace json = boost::json;

rejection no_answer(std::string text)
{
    return {reason::service_unavailable, std::move(text)};
}

/// The documents do not say the unit everywhere; no time of interest is near 1973, where milliseconds would be seconds.
/// False: it is there and no time.
bool read_time(const json::object& answer, const char* name, std::optional<unix_seconds>& out)
{
    constexpr double largest = 253'402'300'799.0;
    const auto* value = answer.if_contains(name);
    if (!value || value->is_null())
        return true;
    if (!value->is_number())
        return false;
    const double count = value->to_number<double>();
    const double seconds = count > 1e11 ? count / 1000 : count;
    if (!std::isfinite(seconds) || seconds < 0)
        return false;
    out = unix_seconds(std::chrono::seconds(static_cast<std::int64_t>(std::fmin(seconds, largest))));
    return true;
}

/// The members that every kind has. Nothing to say when the service vouches for the token.
rejection read_common(const json::object& answer, std::string_view object, unix_seconds now, claims& to)
{
    const json::object no_header;
    rejection why;
    claim_reader from(no_header, answer, why);
    std::string kind;
    std::optional<bool> revoked, expired;
    std::optional<unix_seconds> expires;
    if (!from.text("object", kind) || !from.flag("revoked", revoked) || !from.flag("expired", expired) ||
        !from.text("id", to.id) || !from.text("subject", to.subject))
        return no_answer("the service's answer can't be read: " + why.text);
    if (kind != object)
        return no_answer("the service's answer is no " + std::string(object));
    if (!revoked || !expired)
        return no_answer("the service does not say whether the token was revoked or has expired");
    if (!read_time(answer, "expiration", expires) || !read_time(answer, "created_at", to.issued))
        return no_answer("the service's answer can't be read: expiration or created_at is no time");
    if (*revoked)
        return {reason::revoked, "the token was revoked"};
    if (*expired || (expires && *expires <= now))
        return {reason::expired, "the token has expired"};
    if (to.subject.empty())
        return {reason::claim_missing, "the service names no subject"};
    to.expires = expires.value_or(unix_seconds::max());
    if (const auto* all = answer.if_contains("claims"); all && all->is_object())
        to.all = all->get_object();
    return {};
}

template <class Claims, class More>
verdict<Claims> read_answer(const json::value& answer, std::string_view object, unix_seconds now, const More& more)
{
    const auto* members = answer.if_object();
    if (!members)
        return no_answer("the service's answer is no object");
    auto found = std::make_shared<Claims>();
    auto why = read_common(*members, object, now, *found);
    if (why.reason != reason::none)
        return why;
    const json::object no_header;
    claim_reader from(no_header, *members, why);
    const auto* scopes = members->if_contains("scopes");
    if ((scopes && !scopes->is_null() && !from.texts("scopes", found->scopes)) || !more(from, *found))
        return no_answer("the service's answer can't be read: " + why.text);
    return std::shared_ptr<const Claims>(std::move(found));
}

bool is_about_the_token(const usher::error& why)
{
    const auto& all = why.errors();
    return std::any_of(all.begin(), all.end(), [](const service_error& one) {
        return one.code.find("not_found") != std::string::npos || one.code.find("token_invalid") != std::string::npos ||
               one.code.find("token-invalid") != std::string::npos;
    });
}

} // namespace

rejection check_opaque_text(std::string_view token)
{
    if (token.size() > most_opaque_bytes)
        return {reason::too_large, "the token is longer than 512 bytes"};
    const auto is_one_of_ours = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    const auto prefix = std::min(token.find('_'), token.size());
    if (token.size() < prefix + 2 || !std::all_of(token.begin(), token.end(), is_one_of_ours))
        return {reason::malformed, "the token is not a prefix and letters and digits"};
    return {};
}

rejection explain_call(const usher::error& why)
{
    // A proxy's 404, or one for a wrong address, says nothing about the token: the service's own code has to.
    if (why.kind() == error_kind::service && (why.status() == 400 || why.status() == 404) && is_about_the_token(why))
        return {reason::revoked, "the service does not know the token"};
    auto refused = no_answer("the service could not be asked: " + why.message());
    refused.cause = why;
    return refused;
}

verdict<m2m_claims> read_m2m_answer(const json::value& answer, unix_seconds now)
{
    return read_answer<m2m_claims>(answer, "machine_to_machine_token", now,
                                   [](claim_reader&, m2m_claims&) { return true; });
}

verdict<oauth_claims> read_oauth_answer(const json::value& answer, unix_seconds now)
{
    // RFC 7662 §2.2: an answer that says no more than this.
    if (const auto* members = answer.if_object()) {
        const auto* active = members->if_contains("active");
        if (active && active->is_bool() && !active->get_bool())
            return rejection(reason::revoked, "the service says that the token is not active");
    }
    return read_answer<oauth_claims>(
        answer, "clerk_idp_oauth_access_token", now,
        [](claim_reader& from, oauth_claims& to) { return from.text("client_id", to.client_id); });
}

verdict<api_key_claims> read_api_key_answer(const json::value& answer, unix_seconds now)
{
    return read_answer<api_key_claims>(
        answer, "api_key", now, [](claim_reader& from, api_key_claims& to) { return from.text("name", to.name); });
}

} // namespace usher::token::detail
