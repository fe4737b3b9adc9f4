#include "live/report/picture.hpp"

#include <zlib.h>

#include <cstdlib>
#include <numeric>
#include <stdexcept>
#include <string_view>

namespace usher::tests {

namespace {

std::uint32_t number_at(std::string_view bytes, std::size_t at)
{
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i)
        number = number << 8U | static_cast<unsigned char>(bytes.at(at + i));
    return number;
}

std::vector<std::uint8_t> inflated(std::string_view packed, std::size_t size)
{
    std::vector<std::uint8_t> bytes(size);
    uLongf got = size;
    if (uncompress(bytes.data(), &got, reinterpret_cast<const Bytef*>(packed.data()), packed.size()) != Z_OK ||
        got != size)
        throw std::runtime_error("a PNG whose data does not unpack to its size");
    return bytes;
}

int paeth(int left, int above, int corner)
{
    const int guess = left + above - corner;
    const int to_left = std::abs(guess - left), to_above = std::abs(guess - above),
              to_corner = std::abs(guess - corner);
    if (to_left <= to_above && to_left <= to_corner)
        return left;
    return to_above <= to_corner ? above : corner;
}

/// Takes back the filter of each row; channels beyond the third are left out.
void unfilter(std::vector<std::uint8_t>& raw, std::size_t channels, picture& into)
{
    const std::size_t row = into.width * channels;
    for (std::size_t y = 0; y < into.height; ++y) {
        std::uint8_t* line = &raw[y * (row + 1) + 1];
        const int filter = line[-1];
        for (std::size_t x = 0; x < row; ++x) {
            const int left = x >= channels ? line[x - channels] : 0;
            const int above = y > 0 ? line[static_cast<std::ptrdiff_t>(x) - static_cast<std::ptrdiff_t>(row + 1)] : 0;
            const int corner =
                y > 0 && x >= channels
                    ? line[static_cast<std::ptrdiff_t>(x - channels) - static_cast<std::ptrdiff_t>(row + 1)]
                    : 0;
            const int guesses[] = {0, left, above, (left + above) / 2, paeth(left, above, corner)};
            if (filter > 4)
                throw std::runtime_error("a PNG with an unknown filter");
            line[x] = static_cast<std::uint8_t>(line[x] + guesses[filter]);
            if (x % channels < 3)
                into.bytes.push_back(line[x]);
        }
    }
}

} // namespace

double picture::brightness() const
{
    return std::accumulate(bytes.begin(), bytes.end(), 0.0) / static_cast<double>(bytes.size());
}

std::size_t picture::count(const std::string& colour) const
{
    pixel wanted{};
    for (std::size_t i = 0; i < 3; ++i)
        wanted[i] = static_cast<std::uint8_t>(std::stoul(colour.substr(1 + 2 * i, 2), nullptr, 16));
    std::size_t found = 0;
    for (std::size_t i = 0; i + 2 < bytes.size(); i += 3) {
        bool same = true;
        for (std::size_t c = 0; c < 3; ++c)
            same = same && std::abs(bytes[i + c] - wanted[c]) <= 3;
        found += same ? 1U : 0U;
    }
    return found;
}

picture read_png(const std::string& bytes)
{
    constexpr std::string_view mark("\x89PNG\r\n\x1a\n", 8);
    if (!std::string_view(bytes).starts_with(mark))
        throw std::runtime_error("no PNG");
    picture read;
    std::string packed;
    std::size_t channels = 0;
    for (std::size_t at = mark.size(); at + 12 <= bytes.size();) {
        const std::size_t size = number_at(bytes, at);
        const auto kind = bytes.substr(at + 4, 4);
        if (kind == "IHDR") {
            read.width = number_at(bytes, at + 8);
            read.height = number_at(bytes, at + 12);
            const int depth = bytes.at(at + 16), colours = bytes.at(at + 17), interlaced = bytes.at(at + 20);
            if (depth != 8 || (colours != 2 && colours != 6) || interlaced != 0)
                throw std::runtime_error("a PNG of a kind that browsers do not make");
            channels = colours == 2 ? 3 : 4;
        } else if (kind == "IDAT") {
            packed += bytes.substr(at + 8, size);
        }
        at += size + 12;
    }
    auto raw = inflated(packed, read.height * (read.width * channels + 1));
    unfilter(raw, channels, read);
    return read;
}

} // namespace usher::tests
