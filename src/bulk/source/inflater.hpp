// Takes gzip apart (RFC 1952): members one after the other, as `cat a.gz b.gz` makes them, and zeros behind the last.
#ifndef USHER_BULK_INFLATER_HPP
#define USHER_BULK_INFLATER_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace usher::bulk {

class inflater {
public:
    inflater();
    ~inflater();

    /// Whether a file that begins like this is gzip. Two bytes are enough to tell.
    static bool is_gzip(std::string_view beginning) noexcept;

    /// Fills `out` as far as it goes and takes what it used from the front of `in`. Writes less than there is room for
    /// only when `in` is used up or the data is damaged; what is written is good also then.
    std::size_t run(std::string_view& in, std::span<char> out);
    /// What is wrong and where; empty: nothing is.
    const std::string& damage() const noexcept { return damage_; }
    /// Whether the data may end here.
    bool is_whole() const noexcept;
    /// How many compressed bytes were used.
    std::uint64_t position() const noexcept { return position_; }

private:
    struct stream;
    enum class place : std::uint8_t { between, inside, padding };

    void damaged(std::string_view why);
    bool begin_member(std::string_view& in);

    std::unique_ptr<stream> stream_;
    std::string damage_;
    std::uint64_t position_ = 0;
    place place_ = place::between;
    bool has_member_ = false;
};

} // namespace usher::bulk

#endif
