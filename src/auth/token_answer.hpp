// The answer of a token endpoint (RFC 6749 §5.1).
#ifndef USHER_AUTH_TOKEN_ANSWER_HPP
#define USHER_AUTH_TOKEN_ANSWER_HPP

#include <usher/result.hpp>
#include <usher/secret.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace usher::auth {

class token_answer {
public:
    token_answer() = default;

    secret access_token;
    secret refresh_token; ///< empty: none
    secret id_token;      ///< empty: none
    std::optional<std::chrono::seconds> expires_in;
    std::string scope;
};

/// *Errors*: `decode`, which says what is missing or wrong, and nothing of the answer's values.
result<token_answer> read_token_answer(std::string_view body);

} // namespace usher::auth

#endif
