#include <usher/secret.hpp>

#include <openssl/crypto.h>

#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace usher {

secret::secret(std::string_view text)
{
    if (text.empty())
        return;
    data_ = new char[text.size()];
    size_ = text.size();
    std::memcpy(data_, text.data(), text.size());
}

secret::secret(const secret& other) : secret(other.reveal()) {}

secret::secret(secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0))
{
}

secret& secret::operator=(const secret& other)
{
    if (this != &other)
        *this = secret(other);
    return *this;
}

secret& secret::operator=(secret&& other) noexcept
{
    if (this != &other) {
        wipe();
        data_ = std::exchange(other.data_, nullptr);
        size_ = std::exchange(other.size_, 0);
    }
    return *this;
}

secret::~secret()
{
    wipe();
}

secret secret::from_env(const char* variable)
{
    const char* text = std::getenv(variable);
    if (text == nullptr || *text == '\0')
        throw std::invalid_argument(std::string("the environment variable ") + variable + " is not set");
    return secret(text);
}

std::string secret::hint() const
{
    // The prefix names the kind of key and its instance type; it is no part of the secret.
    const auto text = reveal();
    std::size_t shown = 0;
    for (const std::string_view prefix : {"sk_test_", "sk_live_", "ak_", "mt_", "oat_", "whsec_"})
        if (text.starts_with(prefix))
            shown = prefix.size();
    return std::string(text.substr(0, shown)) + "… (" + std::to_string(size_) + " characters)";
}

bool operator==(const secret& a, const secret& b) noexcept
{
    return a.size_ == b.size_ && (a.size_ == 0 || CRYPTO_memcmp(a.data_, b.data_, a.size_) == 0);
}

void secret::wipe() noexcept
{
    if (data_ == nullptr)
        return;
    OPENSSL_cleanse(data_, size_);
    delete[] data_;
    data_ = nullptr;
    size_ = 0;
}

} // namespace usher
