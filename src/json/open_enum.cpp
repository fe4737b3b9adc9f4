#include <usher/open_enum.hpp>

namespace usher::detail {

std::string_view enum_text(const open_enum_storage& storage, std::span<const std::string_view> names) noexcept
{
    if (storage.index == 0 || storage.index > names.size())
        return storage.other;
    return names[storage.index - 1U];
}

void enum_assign(open_enum_storage& storage, std::span<const std::string_view> names, std::string_view text)
{
    for (std::size_t i = 0; i != names.size(); ++i) {
        if (names[i] == text) {
            storage.index = static_cast<std::uint16_t>(i + 1);
            storage.other.clear();
            return;
        }
    }
    storage.other = text;
    storage.index = 0;
}

} // namespace usher::detail
