// All targets. Each takes the bytes of one execution, and throws `broken_promise` when the code under test breaks one.
#ifndef USHER_TESTS_FUZZ_TARGETS_HPP
#define USHER_TESTS_FUZZ_TARGETS_HPP

#include <string_view>

namespace usher::fuzz {

void answer(std::string_view bytes);
void cookies(std::string_view bytes);
void csv(std::string_view bytes);
void decode(std::string_view bytes);
void form(std::string_view bytes);
void generator(std::string_view bytes);
void http_text(std::string_view bytes);
void jwk_set(std::string_view bytes);
void jwt(std::string_view bytes);
void ndjson(std::string_view bytes);
void pattern(std::string_view bytes);
void proxy(std::string_view bytes);
void quota_json(std::string_view bytes);
void rate_headers(std::string_view bytes);
void redis(std::string_view bytes);
void retry_after(std::string_view bytes);
void times(std::string_view bytes);
void tunnel(std::string_view bytes);
void url(std::string_view bytes);
void webhook(std::string_view bytes);

} // namespace usher::fuzz

#endif
