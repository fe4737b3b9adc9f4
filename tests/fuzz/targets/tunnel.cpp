// What a proxy answers before there is a tunnel.
#include "net/tunnel.hpp"

#include "cut_stream.hpp"
#include "fuzz/promise.hpp"
#include "fuzz/targets.hpp"

namespace usher::fuzz {
namespace {

using namespace usher::detail;

struct outcome {
    io_state state = io_state::want_read;
    std::size_t consumed = 0;
    std::string text;
};

outcome asked(std::string_view answer, bool ends, std::uint8_t seed)
{
    static const auto proxy = parse_proxy("http://user:hidden-password@proxy.example:3128", "proxy");
    static const auto origin = parse_base_url("https://api.example.com");
    cut_stream on(answer, ends, seed);
    detail::tunnel machine(on, proxy, origin);
    outcome made;
    made.state = machine.advance();
    made.consumed = on.given;
    made.text = machine.text();
    promise(made.state != io_state::want_write && made.state != io_state::closed,
            "a tunnel is there, fails or is waited for");
    promise(made.text.find("hidden") == std::string::npos, "no text has the password");
    for (const char c : made.text)
        promise(c >= ' ' && c <= '~', "a text is one line");
    return made;
}

} // namespace

void tunnel(std::string_view bytes)
{
    input from(bytes);
    const bool ends = (from.byte() & 1U) != 0;
    const auto seed = from.byte();
    const auto answer = from.rest();
    const auto whole = asked(answer, ends, 255);
    const auto single = asked(answer, ends, 0);
    const auto other = asked(answer, ends, seed);
    if (whole.state == io_state::ready) {
        promise(whole.consumed == answer.size(), "a tunnel begins with no byte left");
        promise(other.state == io_state::ready && other.consumed == answer.size(), "however its answer is cut");
    }
    if (single.state != io_state::ready) {
        promise(whole.state == single.state && other.state == single.state && whole.text == single.text,
                "why there is none does not depend on how an answer is cut");
        return;
    }
    // Byte by byte exactly the head is taken; in longer pieces, what is behind it ends the connection.
    const auto head = answer.substr(0, single.consumed);
    promise(head.ends_with('\n') && head.starts_with("HTTP/1."), "a tunnel begins behind a head");
    promise(asked(head, ends, 255).state == io_state::ready, "a head is whole without what follows it");
    promise(asked(head.substr(0, head.size() - 1), false, seed).state == io_state::want_read,
            "and ends with its last byte");
    promise(asked(std::string(head) + "x", ends, 255).state == io_state::failed,
            "a byte behind it ends the connection");
}

} // namespace usher::fuzz
