// Texts that have broken other clients.
#ifndef USHER_TESTS_SECURITY_EVIL_HPP
#define USHER_TESTS_SECURITY_EVIL_HPP

#include <string>
#include <vector>

namespace security {

/// What is tried in every place where a caller's text goes.
const std::vector<std::string>& evil_texts();

/// What an error may hold: one line of UTF-8 without control characters.
bool is_one_clean_line(const std::string& text);

} // namespace security

#endif
