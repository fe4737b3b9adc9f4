// What stands in this process' own memory.
#ifndef USHER_TESTS_SECURITY_OWN_MEMORY_HPP
#define USHER_TESTS_SECURITY_OWN_MEMORY_HPP

#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace security {

/// A random text of which this object holds no plain copy.
class canary {
public:
    static constexpr std::size_t size = 40;
    canary();
    canary(const canary&) = delete;
    canary& operator=(const canary&) = delete;

    /// Shows the text, for as long as `use` runs. What `use` copies is its own business.
    void reveal(const std::function<void(std::string_view text)>& use) const;
    /// How often three quarters of the text stand somewhere in memory that can be written: a whole copy, or one that
    /// was overwritten in part. Not counted: the kernel's copies.
    std::size_t copies() const;
    /// What stands around the copies that the last `copies` found, with the canary as `#`.
    const std::string& surroundings() const noexcept { return surroundings_; }

private:
    bool matches(const unsigned char* at, std::size_t from) const noexcept;
    std::size_t search(const unsigned char* bytes, std::size_t count) const;

    std::array<unsigned char, size> mask_;
    std::array<unsigned char, size> masked_;
    mutable std::string surroundings_;
};

} // namespace security

#endif
