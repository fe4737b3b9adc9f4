#include "own_memory.hpp"

#include <openssl/crypto.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <random>
#include <stdexcept>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace security {

namespace {

constexpr std::size_t piece = 1 << 20;
constexpr std::size_t window = 16;                           // bytes that have to be alike to count
constexpr std::size_t starts[] = {0, 12, 24};                // of the windows
constexpr std::size_t largest_region = std::size_t{1} << 31; // what a sanitizer maps for itself is larger

/// Memory that the search itself reads into, mapped apart and left out of it.
struct scratch {
    scratch()
        : at(static_cast<unsigned char*>(
              ::mmap(nullptr, 2 * piece, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)))
    {
        if (at == MAP_FAILED)
            throw std::runtime_error("no memory to search with");
    }
    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;
    ~scratch()
    {
        OPENSSL_cleanse(at, 2 * piece);
        ::munmap(at, 2 * piece);
    }
    unsigned char* at;
};

} // namespace

canary::canary()
{
    constexpr std::string_view letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    std::random_device random;
    for (std::size_t i = 0; i != size; ++i) {
        mask_[i] = static_cast<unsigned char>(random() | 0x80U);
        masked_[i] =
            static_cast<unsigned char>(static_cast<unsigned char>(letters[random() % letters.size()]) ^ mask_[i]);
    }
}

void canary::reveal(const std::function<void(std::string_view text)>& use) const
{
    const scratch own;
    for (std::size_t i = 0; i != size; ++i)
        own.at[i] = masked_[i] ^ mask_[i];
    use({reinterpret_cast<const char*>(own.at), size});
}

bool canary::matches(const unsigned char* at, std::size_t from) const noexcept
{
    for (std::size_t i = 0; i != window; ++i)
        if ((at[i] ^ mask_[from + i]) != masked_[from + i])
            return false;
    return true;
}

std::size_t canary::search(const unsigned char* bytes, std::size_t count) const
{
    constexpr std::size_t around = 48;
    std::size_t found = 0;
    for (const auto start : starts) {
        const auto first = static_cast<unsigned char>(masked_[start] ^ mask_[start]);
        for (std::size_t at = 0; at + window <= count;) {
            const auto* next = static_cast<const unsigned char*>(std::memchr(bytes + at, first, count - at));
            if (next == nullptr)
                break;
            at = static_cast<std::size_t>(next - bytes);
            if (at + window <= count && matches(next, start)) {
                ++found;
                // Without what belongs to the canary, which would be one more copy.
                const auto end = at - std::min(at, start);
                for (auto i = end - std::min(end, around); i != end; ++i)
                    surroundings_ += bytes[i] >= ' ' && bytes[i] < 0x7f ? static_cast<char>(bytes[i]) : '.';
                surroundings_ += "# from " + std::to_string(start) + "\n";
            }
            ++at;
        }
    }
    return found;
}

std::size_t canary::copies() const
{
    surroundings_.clear();
    const scratch own;
    const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    if (memory < 0)
        throw std::runtime_error("/proc/self/mem can't be read");
    std::size_t found = 0;
    std::size_t read = 0;
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        unsigned long long begin = 0;
        unsigned long long end = 0;
        char rights[5] = {};
        if (std::sscanf(line.c_str(), "%llx-%llx %4s", &begin, &end, rights) != 3 || rights[0] != 'r' ||
            rights[1] != 'w')
            continue;
        const auto mine = reinterpret_cast<unsigned long long>(own.at);
        if (end - begin > largest_region)
            continue;
        std::size_t kept = 0; // of the piece before, so that no copy is cut
        for (auto at = begin; at < end;) {
            if (at >= mine && at < mine + 2 * piece) {
                at = mine + 2 * piece;
                kept = 0;
                continue;
            }
            auto most = std::min<unsigned long long>(piece, end - at);
            if (at < mine && at + most > mine)
                most = mine - at;
            const auto got = ::pread(memory, own.at + kept, most, static_cast<off_t>(at));
            if (got <= 0)
                break;
            read += static_cast<std::size_t>(got);
            const auto there = kept + static_cast<std::size_t>(got);
            found += search(own.at, there);
            kept = std::min(there, window - 1);
            std::memmove(own.at, own.at + there - kept, kept);
            at += static_cast<unsigned long long>(got);
        }
    }
    ::close(memory);
    if (read < 64 * 1024)
        throw std::runtime_error("hardly any memory could be read");
    return found;
}

} // namespace security
