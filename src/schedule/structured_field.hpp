// Reads structured fields (RFC 9651): what a list of items with parameters, or a dictionary of items, is made of.
#ifndef USHER_SRC_SCHEDULE_STRUCTURED_FIELD_HPP
#define USHER_SRC_SCHEDULE_STRUCTURED_FIELD_HPP

#include <cstdint>
#include <string_view>

namespace usher::schedule {

/// Numbers from 0 on and texts (strings and tokens) are kept; of other types it is only known that they are
/// well-formed.
struct bare_item {
    enum class type : std::uint8_t { count, text, other };
    type kind = type::other;
    std::uint64_t number = 0;
    std::string_view text; ///< as it was written, escapes and all
};

/// Reads what stands at the front, and takes it away. The functions are false when it is not there or malformed; then
/// the whole field is to be ignored. Allocates nothing. *Lifetime*: `text` has to stay, items point into it.
class field_cursor {
public:
    explicit field_cursor(std::string_view text) noexcept;

    bool at_end() const noexcept { return left_.empty(); }
    bool take(char c) noexcept;
    void skip(std::string_view blanks) noexcept;
    /// To the next member of a list or dictionary; one has to follow a comma.
    bool next_member() noexcept;
    bool key(std::string_view& name) noexcept;
    bool item(bare_item& read) noexcept;
    /// What follows a key: an item, or nothing, which means true.
    bool value(bare_item& read) noexcept
    {
        read = bare_item();
        return !take('=') || item(read);
    }
    /// The parameters of an item; `use(name, value)` is false when one of them may not be so.
    template <typename Use>
    bool parameters(Use use) noexcept
    {
        while (take(';')) {
            skip(" ");
            std::string_view name;
            bare_item read;
            if (!key(name) || !value(read) || !use(name, read))
                return false;
        }
        return true;
    }

private:
    bool number(bare_item& read) noexcept;
    bool quoted(std::string_view& text) noexcept;
    bool bytes() noexcept;

    std::string_view left_;
};

} // namespace usher::schedule

#endif
