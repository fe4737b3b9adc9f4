// Does something with a secret and looks for what is left of it in memory.
#ifndef USHER_TESTS_SECURITY_LEAVES_NOTHING_HPP
#define USHER_TESTS_SECURITY_LEAVES_NOTHING_HPP

#include "own_memory.hpp"

#include <openssl/crypto.h>

#include <boost/test/unit_test.hpp>

#include <functional>
#include <string>

namespace security {

inline void wipe(std::string& text)
{
    OPENSSL_cleanse(text.data(), text.capacity());
    text.clear();
}

/// Does the work, and looks for the canary once everything that it made has gone.
inline void leaves_nothing(const canary& hidden, const std::function<void()>& work)
{
    work();
    const auto left = hidden.copies();
    BOOST_TEST(left == 0U, left << " copies are left:\n" << hidden.surroundings());
}

} // namespace security

#endif
