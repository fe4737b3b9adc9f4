// A picture that a browser made: enough of PNG (ISO/IEC 15948) to look at its pixels.
#ifndef USHER_TESTS_REPORT_PICTURE_HPP
#define USHER_TESTS_REPORT_PICTURE_HPP

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace usher::tests {

struct picture {
    picture() = default;
    using pixel = std::array<std::uint8_t, 3>;

    pixel at(std::size_t x, std::size_t y) const
    {
        const auto* from = &bytes[(y * width + x) * 3];
        return {from[0], from[1], from[2]};
    }
    /// Mean of all channels, between 0 and 255.
    double brightness() const;
    /// Pixels of about this colour, given as `#rrggbb`.
    std::size_t count(const std::string& colour) const;

    std::size_t width = 0;
    std::size_t height = 0;
    std::vector<std::uint8_t> bytes; ///< red, green, blue
};

/// *Errors*: `std::runtime_error` for what is no PNG of 8 bits a channel in red, green and blue, without interlacing.
picture read_png(const std::string& bytes);

} // namespace usher::tests

#endif
