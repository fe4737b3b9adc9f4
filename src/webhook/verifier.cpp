// Vocabulary. An *entry* is one `version,signature` of the signature header. *Values* are the three headers in the
// order id, timestamp, signature. A *key* is an id with its scope, as the replay store knows it. Order. What costs
// nothing comes first; the replay store is asked last, so that it knows only ids that were signed.
#include <usher/webhook.hpp>

#include "core/http_text.hpp"
#include "webhook/signing_key.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <charconv>
#include <vector>

namespace usher::webhook {

using std::chrono::sys_seconds;
using std::chrono::system_clock;

namespace {

constexpr std::chrono::days longest_tolerance{36'500};

enum part : std::size_t { id_part, timestamp_part, signature_part };

/// Decimal digits alone, without a zero in front; at most twelve, which is more than 30,000 years.
std::optional<sys_seconds> read_timestamp(std::string_view text) noexcept
{
    std::int64_t seconds = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (fault != std::errc() || end != text.data() + text.size() || text.size() > 12 || text[0] < '1')
        return std::nullopt;
    return sys_seconds(std::chrono::seconds(seconds));
}

/// Calls `look(signature)` for every v1 entry until it returns true; whether it did. What is malformed is passed over.
template <class Look>
bool any_v1(std::string_view list, Look look)
{
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(' '), list.size());
        const std::string_view entry = list.substr(0, end);
        list.remove_prefix(std::min(end + 1, list.size()));
        const std::size_t comma = entry.find(',');
        if (comma != std::string_view::npos && entry.substr(0, comma) == "v1" && comma + 1 < entry.size() &&
            look(entry.substr(comma + 1)))
            return true;
    }
    return false;
}

std::vector<signing_key> keys_of(std::span<const secret> secrets)
{
    if (secrets.empty())
        throw std::invalid_argument("webhook: a verifier needs a secret");
    std::vector<signing_key> keys;
    keys.reserve(secrets.size());
    for (const secret& each : secrets) {
        const std::string number =
            secrets.size() == 1 ? "" : " " + std::to_string(keys.size() + 1) + " of " + std::to_string(secrets.size());
        keys.emplace_back(each, "the webhook secret" + number);
    }
    return keys;
}

/// The same in every process that has the secret, and nothing that tells about it: no request is signed for 1970.
std::string scope_of(provider from, const signing_key& first)
{
    const signature_text mark = first.sign("scope", "1", {});
    return std::string(header_names(from)[id_part]) + "." + std::string(mark.data(), 16);
}

} // namespace

struct verifier::state {
    state(provider own_provider, std::span<const secret> secrets, verifier_options own_options)
        : from(own_provider), keys(keys_of(secrets)), options(std::move(own_options))
    {
        if (options.tolerance <= std::chrono::seconds::zero() || options.tolerance > longest_tolerance)
            throw std::invalid_argument("webhook: the tolerance is above zero and at most 36,500 days");
        if (options.scope.size() > 64 ||
            !std::all_of(options.scope.begin(), options.scope.end(), [](char c) { return c > ' ' && c <= '~'; }))
            throw std::invalid_argument("webhook: a scope has 64 visible characters at most");
        if (options.scope.empty())
            options.scope = scope_of(from, keys.front());
    }

    /// Ids have no full stop, so that no two pairs have one key.
    std::string key_of(std::string_view id) const { return options.scope + "." + std::string(id); }

    provider from;
    std::vector<signing_key> keys;
    verifier_options options;
};

verifier::verifier(provider from, const secret& key, verifier_options options)
    : verifier(from, std::span<const secret>(&key, 1), std::move(options))
{
}

verifier::verifier(provider from, std::span<const secret> keys, verifier_options options)
    : state_(std::make_shared<const state>(from, keys, std::move(options)))
{
}

const std::array<std::string_view, 3>& verifier::header_names() const noexcept
{
    return webhook::header_names(state_->from);
}

verdict verifier::verify(std::span<const header> headers, std::string_view body) const
{
    const auto& names = header_names();
    std::array<std::optional<std::string_view>, 3> values;
    for (const auto& [name, value] : headers)
        for (std::size_t i = 0; i < names.size(); ++i)
            if (usher::detail::same_header_name(name, names[i])) {
                if (values[i])
                    return refusal(reason::duplicate_header, names[i]);
                values[i] = value;
            }
    return verify_values(values, body);
}

verdict verifier::verify_values(const std::array<std::optional<std::string_view>, 3>& values,
                                std::string_view body) const
{
    const auto& names = header_names();
    const verifier_options& options = state_->options;
    if (body.size() > options.max_body)
        return refusal(reason::body_too_large, {}, std::to_string(options.max_body));
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!values[i])
            return refusal(reason::missing_header, names[i]);
        if (values[i]->empty())
            return refusal(reason::empty_header, names[i]);
    }
    const std::string_view id = *values[id_part];
    if (!is_signable_id(id))
        return refusal(reason::malformed_id, names[id_part]);

    const auto sent = read_timestamp(*values[timestamp_part]);
    if (!sent)
        return refusal(reason::malformed_timestamp, names[timestamp_part]);
    const auto now = options.now ? options.now() : system_clock::now();
    // In seconds: as nanoseconds a timestamp of twelve digits would overflow.
    if (std::chrono::ceil<std::chrono::seconds>(now) > *sent + options.tolerance)
        return refusal(reason::too_old, names[timestamp_part], std::to_string(options.tolerance.count()));
    if (*sent - options.tolerance > std::chrono::floor<std::chrono::seconds>(now))
        return refusal(reason::too_new, names[timestamp_part], std::to_string(options.tolerance.count()));

    const std::string_view list = *values[signature_part];
    if (!any_v1(list, [](std::string_view) { return true; }))
        return refusal(reason::no_v1_signature, names[signature_part]);
    std::size_t number = 0;
    for (const signing_key& key : state_->keys) {
        // Texts are compared, not the bytes behind them: base64 has several texts for some bytes.
        const signature_text expected = key.sign(id, *values[timestamp_part], body);
        const bool found = any_v1(list, [&](std::string_view given) {
            return given.size() == expected.size() &&
                   CRYPTO_memcmp(given.data(), expected.data(), expected.size()) == 0;
        });
        if (found)
            break;
        ++number;
    }
    if (number == state_->keys.size())
        return refusal(reason::signature_mismatch, names[signature_part]);
    if (options.replays) {
        const claim known = options.replays->take(state_->key_of(id), now, *sent + options.tolerance);
        if (known != claim::taken)
            return refusal(known == claim::done ? reason::replayed : reason::pending, names[id_part]);
    }
    return delivery(id, *sent, number);
}

void verifier::confirm(std::string_view id) const
{
    if (state_->options.replays)
        state_->options.replays->confirm(state_->key_of(id));
}

void verifier::forget(std::string_view id) const
{
    if (state_->options.replays)
        state_->options.replays->forget(state_->key_of(id));
}

} // namespace usher::webhook
