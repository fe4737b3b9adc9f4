#pragma once

#include <boost/json.hpp>

#include <string>
#include <string_view>

namespace sandbox_test {

// With other eyes than the sandbox's: OpenSSL's own base64 and verification.
std::string unbase64url(std::string text);
boost::json::object claims_of(std::string_view token);
boost::json::object header_of(std::string_view token);
bool verified(const std::string& token, const boost::json::object& key_set); // by the key of its kid
bool verified(const std::string& token, const std::string& pem);
std::string hmac(const std::string& key, const std::string& text); // base64

} // namespace sandbox_test
