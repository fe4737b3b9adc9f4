// A text that must not be seen.
#ifndef USHER_SECRET_HPP
#define USHER_SECRET_HPP

#include <string>
#include <string_view>

namespace usher {

/// A key or token: it does not print, and its memory is wiped when it goes.
///
/// *Lifetime*: a copy is a copy of the bytes, wiped on its own. *Thread safety*: that of `std::string`.
class secret {
public:
    secret() noexcept = default;
    explicit secret(std::string_view text);
    secret(const secret& other);
    secret(secret&& other) noexcept;
    secret& operator=(const secret& other);
    secret& operator=(secret&& other) noexcept;
    ~secret();

    /// The value of an environment variable.
    /// *Errors*: `std::invalid_argument`, naming the variable, when it is not set or empty.
    static secret from_env(const char* variable);

    /// The bytes themselves, for the one place that sends them.
    std::string_view reveal() const noexcept { return {data_, size_}; }
    bool empty() const noexcept { return size_ == 0; }
    /// A few leading characters and a count, such as `sk_test_… (50 characters)`: for messages.
    std::string hint() const;

    /// Compares in a time that depends on the lengths alone.
    friend bool operator==(const secret& a, const secret& b) noexcept;

private:
    void wipe() noexcept;

    char* data_ = nullptr;
    std::size_t size_ = 0;
};

} // namespace usher

#endif
