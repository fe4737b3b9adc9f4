// Enumerations that survive values added by the service.
#ifndef USHER_OPEN_ENUM_HPP
#define USHER_OPEN_ENUM_HPP

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace usher {

namespace detail {

/// What every open enumeration is made of; the decoder and the encoder work on this alone.
/// `index` counts the documented values from 1; 0 means a text that is not documented, kept in `other`.
struct open_enum_storage {
    std::uint16_t index = 0;
    std::string other;

    friend bool operator==(const open_enum_storage&, const open_enum_storage&) = default;
};

/// The text of a stored value. `names` holds the documented texts in order.
std::string_view enum_text(const open_enum_storage& storage, std::span<const std::string_view> names) noexcept;
/// Stores a text: as a documented value if it is one, else as it is.
void enum_assign(open_enum_storage& storage, std::span<const std::string_view> names, std::string_view text);

} // namespace detail

/// One of the documented values of `E`, or a text that the API document does not know (yet).
///
/// `E` is an enumeration whose value 0 is `unknown`; its texts are found by `usher_enum_names(E)`.
/// Compare with values of `E`, or switch over `value()`; `text()` is what stands in the JSON, always.
template <class E>
class open_enum : private detail::open_enum_storage {
public:
    using enum_type = E;

    /// Unknown, with an empty text.
    open_enum() noexcept = default;
    /// A documented value.
    open_enum(E value) noexcept : detail::open_enum_storage{static_cast<std::uint16_t>(value), {}} {}
    /// Any text, for a value that is newer than this library.
    explicit open_enum(std::string_view text) { detail::enum_assign(*this, usher_enum_names(E{}), text); }

    /// The documented value, or `E::unknown`.
    E value() const noexcept { return static_cast<E>(index); }
    /// The text in the JSON; valid as long as this object is not changed.
    std::string_view text() const noexcept { return detail::enum_text(*this, usher_enum_names(E{})); }
    bool is_known() const noexcept { return index != 0; }

    friend bool operator==(const open_enum& a, const open_enum& b) noexcept
    {
        return a.index == b.index && a.other == b.other;
    }
    friend bool operator==(const open_enum& a, E b) noexcept { return a.value() == b; }
};

} // namespace usher

#endif
