#include <usher/token/verifier.hpp>

#include "token/ask_limit.hpp"
#include "token/claim_reader.hpp"
#include "token/digest.hpp"
#include "token/jws.hpp"
#include "token/key_source.hpp"
#include "token/strict_json.hpp"
#include "token/verified_store.hpp"

#include <usher/secret.hpp>

#include <boost/asio/this_coro.hpp>

#include <atomic>
#include <stdexcept>

namespace usher::token {

namespace detail {

class verifier_state {
public:
    verifier_state(key_set of_keys, std::shared_ptr<key_source_state> of_source, verify_options how)
        : fixed(std::move(of_keys)), source(std::move(of_source)), options(std::move(how))
    {
        if (options.skew < std::chrono::seconds(0) || options.skew > std::chrono::seconds(300))
            throw std::invalid_argument("verify_options::skew is from 0 to 300 s");
        if (options.nonce && options.nonce->empty())
            throw std::invalid_argument("verify_options::nonce is set and empty");
        if (source && !source->issuer().empty() && !options.issuer.empty() && options.issuer != source->issuer())
            throw std::invalid_argument("verify_options::issuer is another one than that of the key source");
        static std::atomic<std::uint64_t> count{0};
        identity = ++count;
    }

    std::string_view issuer() const noexcept
    {
        return options.issuer.empty() && source ? std::string_view(source->issuer()) : options.issuer;
    }

    /// Whether the keys are good as they are; begins a fetch when one is due.
    bool has_keys_at_hand() const { return !source || source->look({}) == key_lookup::at_hand; }
    std::uint64_t generation() const noexcept { return source ? source->state().generation() : 0; }

    key_set fixed;
    std::shared_ptr<key_source_state> source; // null: fixed keys
    verify_options options;
    ask_limit asks;
    std::uint64_t identity = 0; // what is accepted differs from verifier to verifier
};

namespace {

constexpr std::size_t claims_depth = 32;

template <class Claims>
inline constexpr std::uint64_t kind_number = 0;
template <>
inline constexpr std::uint64_t kind_number<session_claims> = 1;
template <>
inline constexpr std::uint64_t kind_number<m2m_claims> = 2;
template <>
inline constexpr std::uint64_t kind_number<oauth_claims> = 3;
template <>
inline constexpr std::uint64_t kind_number<scalekit_access_claims> = 4;
template <>
inline constexpr std::uint64_t kind_number<scalekit_id_claims> = 5;
template <>
inline constexpr std::uint64_t kind_number<scalekit_idp_login_claims> = 6;

unix_seconds current_time()
{
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

rejection unavailable(error_kind kind, const char* text)
{
    error_details details;
    details.kind = kind;
    details.text = text;
    rejection why(reason::keys_unavailable, text);
    why.cause = usher::error(std::move(details));
    return why;
}

rejection no_keys(const key_source_state& source)
{
    if (!source.state().trouble())
        return unavailable(error_kind::timeout, "too many wait for the issuer's key set");
    rejection why(reason::keys_unavailable, "the issuer's key set could not be fetched");
    why.cause = source.state().trouble();
    why.text += ": " + why.cause.message();
    return why;
}

/// The keys to judge the token with, or null and why not.
const key_set* keys_for(const verifier_state& by, const signed_token& token, rejection& why)
{
    if (!by.source)
        return &by.fixed;
    switch (by.source->look(token.kid)) {
    case key_lookup::at_hand:
        return &by.source->state().keys();
    case key_lookup::wait:
        why = rejection(reason::keys_not_at_hand, "the issuer's key set is being fetched");
        return nullptr;
    case key_lookup::unknown:
        why = rejection(reason::unknown_key, "the issuer has no key with the kid " + quoted(token.kid));
        return nullptr;
    case key_lookup::unavailable:
        break;
    }
    why = no_keys(*by.source);
    return nullptr;
}

template <class Claims>
bool read_claims(const verifier_state& by, signed_token& token, unix_seconds now, Claims& to, rejection& why)
{
    auto all = parse_strict(token.payload, claims_depth);
    if (!all) {
        why = rejection(reason::malformed, "the claims are no JSON object, or have a member twice");
        return false;
    }
    claim_reader from(token.header, *all, why);
    if constexpr (std::is_same_v<Claims, scalekit_id_claims>)
        if (by.issuer().empty())
            return from.refuse(reason::issuer, "no issuer is configured, and an ID token is nothing without one");
    constexpr bool has_subject = !std::is_same_v<Claims, scalekit_idp_login_claims>;
    if (!read_common(from, to, has_subject) || !check_common(from, to, by.options, by.issuer(), now) ||
        !read_kind(from, to, by.options))
        return false;
    to.all = std::move(*all);
    return true;
}

template <class Claims>
verdict<Claims> check_uncached(const verifier_state& by, std::string_view text, unix_seconds now)
{
    signed_token token;
    rejection why;
    if (!read_signed_token(text, token, why))
        return why;
    const auto* keys = keys_for(by, token, why);
    if (!keys)
        return why;
    if (!check_signature(*keys, token, why))
        return why;
    auto claims = std::make_shared<Claims>();
    if (!read_claims(by, token, now, *claims, why))
        return why;
    return std::shared_ptr<const Claims>(std::move(claims));
}

template <class Claims>
verdict<Claims> check_token(const verifier_state& by, std::string_view text, unix_seconds now)
{
    if (!by.options.cache || text.size() > most_token_bytes)
        return check_uncached<Claims>(by, text, now);
    auto& store = *by.options.cache->store();
    verified_key key;
    key.digest = sha256(text);
    key.verifier = by.identity;
    key.kind = kind_number<Claims>;
    // Without good keys the entry says nothing: the ordinary way tells why.
    if (by.has_keys_at_hand())
        if (auto kept = store.find(key, now, by.generation()))
            return std::static_pointer_cast<const Claims>(std::move(kept));
    auto answer = check_uncached<Claims>(by, text, now);
    if (answer && answer->expires > now)
        store.keep(key, answer.share(), verified_span(now, answer->expires, by.generation()));
    return answer;
}

template <class Claims>
boost::asio::awaitable<verdict<Claims>> verify_token(std::shared_ptr<verifier_state> by, secret token)
{
    auto answer = check_token<Claims>(*by, token.reveal(), current_time());
    if (answer.error().reason != reason::keys_not_at_hand)
        co_return answer;
    co_await by->source->settled();
    const auto cancelled = co_await boost::asio::this_coro::cancellation_state;
    if (cancelled.cancelled() != boost::asio::cancellation_type::none)
        co_return unavailable(error_kind::cancelled, "cancelled by the caller while the key set was being fetched");
    answer = check_token<Claims>(*by, token.reveal(), current_time());
    if (answer.error().reason == reason::keys_not_at_hand)
        co_return unavailable(error_kind::timeout, "the issuer's key set did not come in time");
    co_return answer;
}

} // namespace

ask_limit& asks_of(verifier_state& by)
{
    return by.asks;
}

} // namespace detail

verifier::verifier(key_set keys, verify_options options)
    : state_(std::make_shared<detail::verifier_state>(std::move(keys), nullptr, std::move(options)))
{
}

verifier::verifier(key_source source, verify_options options)
    : state_(std::make_shared<detail::verifier_state>(key_set(), source.state(), std::move(options)))
{
}

template <signed_claims Claims>
verdict<Claims> verifier::check(std::string_view token) const
{
    return detail::check_token<Claims>(*state_, token, detail::current_time());
}

template <signed_claims Claims>
verdict<Claims> verifier::check(std::string_view token, unix_seconds now) const
{
    return detail::check_token<Claims>(*state_, token, now);
}

template <signed_claims Claims>
boost::asio::awaitable<verdict<Claims>> verifier::verify(std::string_view token) const
{
    return detail::verify_token<Claims>(state_, secret(token));
}

const verify_options& verifier::options() const noexcept
{
    return state_->options;
}

#define USHER_TOKEN_KIND(Claims)                                                                                       \
    template verdict<Claims> verifier::check<Claims>(std::string_view) const;                                          \
    template verdict<Claims> verifier::check<Claims>(std::string_view, unix_seconds) const;                            \
    template boost::asio::awaitable<verdict<Claims>> verifier::verify<Claims>(std::string_view) const;
USHER_TOKEN_KIND(session_claims)
USHER_TOKEN_KIND(m2m_claims)
USHER_TOKEN_KIND(oauth_claims)
USHER_TOKEN_KIND(scalekit_access_claims)
USHER_TOKEN_KIND(scalekit_id_claims)
USHER_TOKEN_KIND(scalekit_idp_login_claims)
#undef USHER_TOKEN_KIND

verdict<unverified> decode_unverified(std::string_view token)
{
    detail::signed_token parts;
    rejection why;
    if (!detail::split_token(token, parts, why))
        return why;
    auto all = detail::parse_strict(parts.payload, detail::claims_depth);
    if (!all)
        return rejection(reason::malformed, "the claims are no JSON object, or have a member twice");
    auto read = std::make_shared<unverified>();
    read->header = std::move(parts.header);
    read->claims = std::move(*all);
    return std::shared_ptr<const unverified>(std::move(read));
}

} // namespace usher::token
