// What the service answers when it is asked about an opaque token.
//
// Such an answer decides about access, so it is read by hand: a flag that is not there is no `false`, and an answer of
// another kind vouches for nothing.
#ifndef USHER_TOKEN_OPAQUE_ANSWER_HPP
#define USHER_TOKEN_OPAQUE_ANSWER_HPP

#include <usher/error.hpp>
#include <usher/time.hpp>
#include <usher/token/claims.hpp>
#include <usher/token/rejection.hpp>

#include <boost/json/value.hpp>

#include <string_view>

namespace usher::token::detail {

/// Longer than any real one.
inline constexpr std::size_t most_opaque_bytes = 512;

/// Refuses, before anything is sent, what can be no opaque token.
rejection check_opaque_text(std::string_view token);

/// What an error of the call says about the token.
rejection explain_call(const usher::error& why);

verdict<m2m_claims> read_m2m_answer(const boost::json::value& answer, unix_seconds now);
verdict<oauth_claims> read_oauth_answer(const boost::json::value& answer, unix_seconds now);
verdict<api_key_claims> read_api_key_answer(const boost::json::value& answer, unix_seconds now);

} // namespace usher::token::detail

#endif
