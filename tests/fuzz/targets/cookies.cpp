// The Cookie field of a request.
#include "token/cookies.hpp"

#include "fuzz/promise.hpp"
#include "fuzz/targets.hpp"

namespace usher::fuzz {

void cookies(std::string_view bytes)
{
    using usher::token::detail::cookie;
    std::vector<cookie> read{{"old", "old"}};
    const bool done = usher::token::detail::read_cookies(bytes, read);
    const bool has_control = std::any_of(bytes.begin(), bytes.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    });
    promise(done == !has_control, "a field with a control character is refused, and nothing else");
    if (!done) {
        promise(read.empty(), "nothing is taken from a field that is refused");
        return;
    }
    std::size_t pairs = 0;
    for (std::string_view rest = bytes; !rest.empty();) {
        const auto one = rest.substr(0, rest.find(';'));
        rest.remove_prefix(std::min(rest.size(), one.size() + 1));
        const auto equals = one.find('=');
        pairs += equals != one.npos && one.substr(0, equals).find_first_not_of(" \t") != one.npos ? 1U : 0U;
    }
    promise(pairs == read.size(), "every pair is a cookie");
    std::string again;
    for (const auto& [name, value] : read) {
        promise(!name.empty() && name.find_first_of(";=") == name.npos, "a name has no separator");
        promise(value.find(';') == value.npos, "a value has no separator");
        again.append(again.empty() ? "" : "; ").append(name).append("=").append(value);
    }
    std::vector<cookie> second;
    promise(usher::token::detail::read_cookies(again, second) && second == read,
            "what is read is the same when written");
}

} // namespace usher::fuzz
