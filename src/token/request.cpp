#include <usher/token/request.hpp>

#include "token/claim_reader.hpp"
#include "token/cookies.hpp"
#include "token/plan.hpp"
#include "token/publishable_key.hpp"

#include <algorithm>

namespace usher::token {

namespace {

constexpr std::string_view session_cookie = "__session";

bool same_scheme(std::string_view a, std::string_view lower) noexcept
{
    return std::equal(a.begin(), a.end(), lower.begin(), lower.end(), [](char x, char y) {
        return (x >= 'A' && x <= 'Z' ? static_cast<char>(x + ('a' - 'A')) : x) == y;
    });
}

/// RFC 6750 §2.1. True: the field has this scheme, and `out` is what follows it.
bool read_bearer(std::string_view field, std::string_view& out)
{
    const auto begin = std::min(field.find_first_not_of(" \t"), field.size());
    field.remove_prefix(begin);
    const auto end = std::min(field.find_first_of(" \t"), field.size());
    if (!same_scheme(field.substr(0, end), "bearer"))
        return false;
    field.remove_prefix(end);
    const auto first = field.find_first_not_of(" \t");
    const auto last = field.find_last_not_of(" \t");
    out = first == std::string_view::npos ? std::string_view() : field.substr(first, last - first + 1);
    return true;
}

bool is_token_text(std::string_view text) noexcept
{
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               std::string_view("-._~+/=").find(c) != std::string_view::npos;
    });
}

rejection no_token()
{
    return {reason::no_token, "the request carries no token"};
}

verdict<carried_token> carried(std::string_view text, bool in_cookie)
{
    if (text.empty())
        return no_token();
    if (!is_token_text(text))
        return rejection(reason::malformed, in_cookie ? "the session cookie holds no token"
                                                      : "Authorization: Bearer is followed by no token");
    auto found = std::make_shared<carried_token>();
    found->text = text;
    found->in_cookie = in_cookie;
    return std::shared_ptr<const carried_token>(std::move(found));
}

/// The value of the cookies that `is_wanted`; several that differ are refused: a neighbouring host may have planted
/// one.
template <class Wanted>
bool find_cookie(const std::vector<detail::cookie>& cookies, const Wanted& is_wanted, std::string_view& out)
{
    for (const auto& [name, value] : cookies) {
        if (!is_wanted(name) || value.empty())
            continue;
        if (!out.empty() && out != value)
            return false;
        out = value;
    }
    return true;
}

/// `__session_` and what `cookie_suffix` makes: anybody's cookie may begin like this.
bool is_suffixed_cookie(std::string_view name) noexcept
{
    constexpr std::size_t prefix = session_cookie.size() + 1;
    const auto is_base64url = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    return name.size() == prefix + 8 && name.starts_with("__session_") &&
           std::all_of(name.begin() + prefix, name.end(), is_base64url);
}

verdict<carried_token> find_in_cookies(std::string_view field, const authenticate_options& options)
{
    std::vector<detail::cookie> cookies;
    if (!detail::read_cookies(field, cookies))
        return rejection(reason::malformed, "the Cookie field holds control characters");
    std::string_view value;
    const rejection several(reason::ambiguous,
                            "several session cookies of the same name, or of several instances, differ");
    if (!options.publishable_key.empty()) {
        const auto name = std::string(session_cookie) + '_' + detail::cookie_suffix(options.publishable_key);
        if (!find_cookie(
                cookies, [&name](std::string_view one) { return one == name; }, value))
            return several;
    }
    if (value.empty() && !find_cookie(
                             cookies, [](std::string_view one) { return one == session_cookie; }, value))
        return several;
    if (value.empty() && options.publishable_key.empty() && !find_cookie(cookies, is_suffixed_cookie, value))
        return several;
    return carried(value, true);
}

std::optional<token_kind> opaque_kind(std::string_view token) noexcept
{
    if (token.starts_with("mt_"))
        return token_kind::opaque_m2m;
    if (token.starts_with("oat_"))
        return token_kind::opaque_oauth;
    if (token.starts_with("ak_"))
        return token_kind::api_key;
    return std::nullopt;
}

} // namespace

const token::claims* authentication::claims() const noexcept
{
    if (const auto* found = session())
        return found;
    if (const auto* found = m2m())
        return found;
    if (const auto* found = oauth())
        return found;
    return api_key();
}

const rejection& authentication::why() const noexcept
{
    static const rejection nothing;
    const auto* held = std::get_if<rejection>(&is_);
    return held ? *held : nothing;
}

token_kind kind_of(std::string_view token)
{
    if (const auto opaque = opaque_kind(token))
        return *opaque;
    const auto read = decode_unverified(token);
    if (!read)
        return token_kind::session; // whose verification says what is wrong
    rejection unused;
    const detail::claim_reader from(read->header, read->claims, unused);
    if (detail::is_access_token(from))
        return token_kind::oauth;
    const auto* subject = read->claims.if_contains("sub");
    if (from.header_text("cat") == detail::category_m2m ||
        (subject && subject->is_string() && subject->get_string().starts_with("mch_")))
        return token_kind::m2m;
    return token_kind::session;
}

verdict<carried_token> find_token(const request_headers& request, const authenticate_options& options)
{
    std::string_view bearer;
    if (read_bearer(request.authorization, bearer))
        return carried(bearer, false);
    if (!options.accept_cookie || request.cookie.empty())
        return no_token();
    return find_in_cookies(request.cookie, options);
}

namespace detail {

plan make_plan(const request_headers& request, const authenticate_options& options, bool can_ask)
{
    plan made;
    const auto found = find_token(request, options);
    if (!found) {
        made.why = found.error();
        return made;
    }
    made.text = found->text;
    // Looking inside costs a reading; where only sessions are accepted, their verification tells as much.
    if (!found->in_cookie)
        made.kind = options.accept_m2m || options.accept_oauth ? kind_of(found->text)
                                                               : opaque_kind(found->text).value_or(token_kind::session);
    struct rule {
        const char* what;
        bool is_accepted;
        bool is_opaque;
    };
    const rule rules[] = {
        {"a session token", options.accept_session, false},     {"a machine's token", options.accept_m2m, false},
        {"an OAuth access token", options.accept_oauth, false}, {"a machine's token", options.accept_m2m, true},
        {"an OAuth access token", options.accept_oauth, true},  {"an API key", options.accept_api_key, true}};
    const auto& rule = rules[static_cast<std::size_t>(made.kind)];
    if (!rule.is_accepted)
        made.why = rejection(reason::not_accepted, std::string(rule.what) + " is not accepted here");
    else if (rule.is_opaque && !can_ask)
        made.why = rejection(reason::not_accepted,
                             std::string(rule.what) + " that is opaque can't be verified without asking the service");
    return made;
}

authentication check_signed(const plan& made, const verifier& by, const std::vector<std::string>& required)
{
    if (made.kind == token_kind::m2m)
        return by.check<m2m_claims>(made.text);
    if (made.kind == token_kind::oauth)
        return granted(by.check<oauth_claims>(made.text), required);
    return by.check<session_claims>(made.text);
}

boost::asio::awaitable<authentication> verify_signed(const plan& made, const verifier& by,
                                                     const std::vector<std::string>& required)
{
    if (made.kind == token_kind::m2m)
        return answered(by.verify<m2m_claims>(made.text));
    if (made.kind == token_kind::oauth)
        return answered(by.verify<oauth_claims>(made.text), required);
    return answered(by.verify<session_claims>(made.text));
}

boost::asio::awaitable<authentication> refused(rejection why)
{
    co_return authentication(std::move(why));
}

} // namespace detail

authentication authenticate(const request_headers& request, const verifier& verifier,
                            const authenticate_options& options)
{
    const auto made = detail::make_plan(request, options, false);
    if (made.why.reason != reason::none)
        return made.why;
    return detail::check_signed(made, verifier, options.required_scopes);
}

boost::asio::awaitable<authentication> authenticate_online(const request_headers& request, const verifier& verifier,
                                                           const authenticate_options& options)
{
    auto made = detail::make_plan(request, options, false);
    if (made.why.reason != reason::none)
        return detail::refused(std::move(made.why));
    return detail::verify_signed(made, verifier, options.required_scopes);
}

} // namespace usher::token
