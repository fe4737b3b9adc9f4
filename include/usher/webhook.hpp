// Webhooks: whether a request comes from the provider, and why not.
//
// For a whole typed event see <usher/webhook/receive.hpp>. Every function takes texts, so that it fits any server:
//
//     using usher::webhook::provider;
//     usher::webhook::verifier verifier(provider::clerk, usher::secret::from_env("CLERK_WEBHOOK_SECRET"));
//
//     auto verdict = verifier.verify(headers, body); // the body as it came, byte by byte
//
//     if (!verdict)
//         return answer(verdict.error().http_status()); // verdict.error().message() says why, for the log
#ifndef USHER_WEBHOOK_HPP
#define USHER_WEBHOOK_HPP

#include <usher/secret.hpp>
#include <usher/webhook/replay_store.hpp>

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace usher::webhook {

/// Who sends; tells the names of the headers.
enum class provider : std::uint8_t {
    clerk,               ///< svix-id, svix-timestamp, svix-signature
    scalekit,            ///< webhook-…
    scalekit_interceptor ///< interceptor-…
};

/// Why a request is refused.
enum class reason : std::uint8_t {
    none, ///< it is not
    body_too_large,
    missing_header,
    duplicate_header,
    empty_header,
    malformed_id,        ///< a character that no id has: what is signed would be ambiguous
    malformed_timestamp, ///< no decimal number of seconds
    too_old,
    too_new,
    no_v1_signature, ///< the list has no entry `v1,…`
    signature_mismatch,
    pending,        ///< another request with this id is being handled: it is not known yet how that ends
    replayed,       ///< an event with this id was handled
    malformed_event ///< from the provider, but no JSON, or not the JSON of an event
};

/// A header's name and value.
using header = std::pair<std::string_view, std::string_view>;

/// Why a request is refused, for the program and for the log.
class refusal {
public:
    /// What an accepted request has for an error.
    refusal() noexcept = default;
    explicit refusal(reason why, std::string_view name = std::string_view(), std::string detail = std::string());

    reason why() const noexcept { return why_; }
    /// The name of the header in question, in small letters; empty if it is the body.
    std::string_view header() const noexcept { return header_; }
    /// One line for a person. Nothing of a secret or a signature.
    std::string message() const;
    /// What to answer: 400, 401 or 413; 200 for a repetition of what was handled, so that it is not sent again; 409 for
    /// one of what is being handled: the provider tries once more, in case that fails.
    int http_status() const noexcept;

private:
    reason why_ = reason::none;
    std::string_view header_; ///< a constant
    std::string detail_;
};

std::string_view to_string(reason why) noexcept;

/// Thrown by `verdict::value()`.
class refused : public std::runtime_error {
public:
    explicit refused(webhook::refusal refusal);
    const webhook::refusal& refusal() const noexcept { return refusal_; }

private:
    webhook::refusal refusal_;
};
[[noreturn]] void throw_exception_from_error(const refusal& refusal, const boost::source_location& where);

/// What is known of a request that is accepted.
class delivery {
public:
    delivery(std::string_view own_id, std::chrono::sys_seconds time, std::size_t which)
        : id(own_id), sent_at(time), secret(which)
    {
    }

    std::string_view id; ///< the same for every attempt to deliver one event; points into the headers
    std::chrono::sys_seconds sent_at;
    std::size_t secret; ///< which one signed it, counted from 0: the others can go once all come from the new one
};

using verdict = boost::system::result<delivery, refusal>;

struct verifier_options {
    verifier_options() = default;
    /// How far the timestamp may be from now, to both sides: above zero, 36,500 days at most.
    std::chrono::seconds tolerance{300};
    /// Longest body that is looked at, in bytes.
    std::size_t max_body = std::size_t{1} << 20;
    /// Refuses an id that was accepted before, as long as its timestamp is in time. Null: none is remembered. What is
    /// accepted has to be confirmed once it is handled: see `confirm`.
    std::shared_ptr<replay_store> replays;
    /// Whose ids these are, 64 visible ASCII characters at most: a provider sends one id to all its endpoints, and each
    /// has to handle it. Verifiers of one scope share what they know in one store, and are to have one tolerance.
    /// Empty: made from the provider and the first secret; name it where processes share a store while secrets are
    /// exchanged.
    std::string scope;
    /// What time it is; empty: the system's clock.
    std::function<std::chrono::system_clock::time_point()> now;
};

/// How a header is found in another program's request: by its name in small letters; nothing if it is not there.
template <class F>
concept header_lookup = std::same_as<std::invoke_result_t<const F&, std::string_view>, std::optional<std::string_view>>;

/// Checks requests of one provider. A small value: copies share the keys and the replay store.
///
/// *Thread safety*: any number of threads may verify with one verifier at a time.
class verifier {
public:
    /// `secret`: as the provider shows it, `whsec_…`.
    /// *Errors*: `std::invalid_argument` for a secret that is empty, no base64, or shorter than 16 bytes, and for
    /// options out of their range; `std::runtime_error` when OpenSSL has no HMAC-SHA256.
    verifier(provider from, const secret& key, verifier_options options = verifier_options());
    /// Several secrets, while they are exchanged: a signature by any of them counts.
    verifier(provider from, std::span<const secret> keys, verifier_options options = verifier_options());

    /// Whether the request is the provider's, untouched, and of now.
    ///
    /// Names of headers are compared without regard to case; others than the provider's three may be among them.
    /// `body` must be what came over the wire: JSON that was read and written again has another signature.
    /// With a replay store the id is pending from here on, until `confirm`, `forget`, or the end of its time.
    /// *Errors*: see `reason`; what the store throws. *Lifetime*: the id points into `headers`.
    verdict verify(std::span<const header> headers, std::string_view body) const;

    /// The same for headers that are looked up:
    /// `[&](std::string_view name) -> std::optional<std::string_view> { … }`. It has to notice itself, or have refused
    /// before, if one comes twice.
    template <header_lookup Lookup>
    verdict verify(const Lookup& find, std::string_view body) const
    {
        const auto& names = header_names();
        return verify_values({find(names[0]), find(names[1]), find(names[2])}, body);
    }

    /// The event with this id was handled: from now on a repetition is answered with 200, and not with 409.
    ///
    /// To be called within the tolerance, which begins with the timestamp: after it an id is forgotten, and a
    /// repetition would be handled beside the first. What takes longer goes into a queue, and is confirmed once it is
    /// there.
    void confirm(std::string_view id) const;

    /// The event with this id could not be handled: the next attempt to deliver it is welcome.
    /// `handling`, in <usher/webhook/handling.hpp>, calls one of the two in any case.
    void forget(std::string_view id) const;

    /// Id, timestamp, signature.
    const std::array<std::string_view, 3>& header_names() const noexcept;

private:
    struct state;
    verdict verify_values(const std::array<std::optional<std::string_view>, 3>& values, std::string_view body) const;

    std::shared_ptr<const state> state_;
};

/// The names of a provider's headers: id, timestamp, signature.
const std::array<std::string_view, 3>& header_names(provider of) noexcept;

/// The headers of a signed request, for tests and for those who send.
class signed_headers {
public:
    signed_headers(std::string own_id, std::string time, std::string list)
        : id(std::move(own_id)), timestamp(std::move(time)), signature(std::move(list))
    {
    }

    std::string id;
    std::string timestamp;
    std::string signature;

    /// With their names. *Lifetime*: the values point into this object.
    std::array<header, 3> of(provider sender) const;
};

/// Signs a request as the providers do (HMAC-SHA256 over id, timestamp and body).
/// *Errors*: `std::invalid_argument` for a secret, an id or a time that a verifier would refuse in any case (a secret
/// that is empty, no base64, or shorter than 16 bytes; a time before 1970).
signed_headers sign(const secret& key, std::string_view id, std::chrono::sys_seconds time, std::string_view body);

/// Answers to a Scalekit interceptor, as JSON; the status is 200 for both.
std::string allow();
/// `message` is what the person sees who is not let in.
std::string deny(std::string_view message);

} // namespace usher::webhook

#endif
