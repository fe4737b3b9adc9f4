#include "bulk/source/fingerprint.hpp"

#include <openssl/evp.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <string_view>
#include <vector>

namespace usher::bulk {

namespace {

constexpr std::size_t piece = 64 * 1024;
constexpr std::uint64_t read_whole = 64 * 1024 * 1024;
constexpr std::uint64_t pieces_between = 64;

struct descriptor {
    explicit descriptor(const std::string& path)
        : number(path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK))
    {
    }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor()
    {
        if (number >= 0)
            ::close(number);
    }
    int number;
};

/// Up to `piece` bytes from there; fewer when the file can't be read so far.
std::vector<char> bytes_at(int file, std::uint64_t at)
{
    std::vector<char> bytes(piece);
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto got = ::pread(file, bytes.data() + done, bytes.size() - done, static_cast<off_t>(at + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        done += static_cast<std::size_t>(got);
    }
    bytes.resize(done);
    return bytes;
}

/// Where the pieces begin that are read.
std::vector<std::uint64_t> places_in(std::uint64_t size)
{
    std::vector<std::uint64_t> places;
    if (size <= read_whole) {
        for (std::uint64_t at = 0; at < size; at += piece)
            places.push_back(at);
        return places;
    }
    const std::uint64_t last = size - piece;
    const std::uint64_t distance = last / (pieces_between + 1);
    for (std::uint64_t i = 0; i <= pieces_between; ++i)
        places.push_back(i * distance);
    places.push_back(last);
    return places;
}

} // namespace

std::string fingerprint_of(const std::string& path)
{
    const descriptor file(path);
    struct stat facts {};
    if (file.number < 0 || ::fstat(file.number, &facts) != 0 || !S_ISREG(facts.st_mode))
        return {};
    const auto size = static_cast<std::uint64_t>(facts.st_size);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::array<unsigned char, EVP_MAX_MD_SIZE> made{};
    unsigned length = 0;
    if (!digest || EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) != 1)
        return {};
    for (const auto at : places_in(size)) {
        const auto bytes = bytes_at(file.number, at);
        EVP_DigestUpdate(digest.get(), bytes.data(), bytes.size());
    }
    if (EVP_DigestFinal_ex(digest.get(), made.data(), &length) != 1)
        return {};
    constexpr std::string_view digits = "0123456789abcdef";
    auto text = std::to_string(size) + "-";
    for (unsigned i = 0; i < length; ++i) {
        text += digits[made[i] >> 4U];
        text += digits[made[i] & 0xFU];
    }
    return text;
}

} // namespace usher::bulk
