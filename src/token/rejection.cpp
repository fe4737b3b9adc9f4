#include <usher/token/rejection.hpp>

#include <array>

namespace usher::token {

std::string_view to_string(reason reason) noexcept
{
    static constexpr std::array<std::string_view, 25> names = {"none",
                                                               "no_token",
                                                               "ambiguous",
                                                               "not_accepted",
                                                               "too_large",
                                                               "malformed",
                                                               "critical_header",
                                                               "algorithm",
                                                               "keys_not_at_hand",
                                                               "keys_unavailable",
                                                               "unknown_key",
                                                               "signature",
                                                               "token_type",
                                                               "claim_missing",
                                                               "claim_invalid",
                                                               "expired",
                                                               "not_yet_valid",
                                                               "issued_in_future",
                                                               "issuer",
                                                               "audience",
                                                               "authorized_party",
                                                               "nonce",
                                                               "session_pending",
                                                               "scope",
                                                               "revoked"};
    const auto place = static_cast<std::size_t>(reason);
    return place < names.size() ? names[place] : "service_unavailable";
}

} // namespace usher::token
