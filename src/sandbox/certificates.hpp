#pragma once

#include <string>

namespace usher::sandbox {

struct credentials {
    credentials() = default;
    std::string authority_pem;   // what a client trusts
    std::string certificate_pem; // the server's, signed by it
    std::string key_pem;
};

// A certificate authority and a server certificate for 127.0.0.1, ::1, localhost and `address`; EC P-256, valid for 30
// days. The authority's key is forgotten at once. Errors: std::runtime_error with OpenSSL's reason.
credentials make_credentials(const std::string& address);

} // namespace usher::sandbox
