#include "live/lifetime/peer.hpp"

#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>

namespace usher::tests {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

reply answer_of(int status, const std::string& body, const std::string& headers)
{
    reply out;
    out.pieces.push_back("HTTP/1.1 " + std::to_string(status) + " X\r\n" + headers +
                         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return out;
}

reply half_of(int status, const std::string& body)
{
    auto out = answer_of(status, body);
    auto& all = out.pieces.front();
    auto rest = all.substr(all.size() - body.size() / 2);
    all.resize(all.size() - rest.size());
    out.pieces.push_back(std::move(rest));
    return out;
}

reply silence()
{
    auto out = answer_of(200, count_body());
    out.held = 0;
    return out;
}

std::string count_body()
{
    return R"({"object":"total_count","total_count":7})";
}

peer::peer(int backlog)
    : acts([](const std::string&, int) { return answer_of(200, count_body()); }), acceptor_(io_, tcp::v4())
{
    acceptor_.bind({asio::ip::address_v4::loopback(), 0});
    acceptor_.listen(backlog);
    acceptor_.non_blocking(true);
}

void peer::turn()
{
    while (accepts) {
        error_code none;
        auto socket = acceptor_.accept(none);
        if (none)
            break;
        socket.non_blocking(true);
        socket.set_option(tcp::no_delay(true));
        links_.emplace_back(std::move(socket));
    }
    for (auto& one : links_) {
        write(one);
        if (reads)
            read(one);
        else if (error_code failed; !one.is_counted && one.socket.available(failed) != 0)
            one.is_counted = ++begun != 0;
    }
    links_.remove_if([](const link& one) { return one.is_closed; });
}

void peer::release()
{
    is_released_ = true;
    accepts = true;
    reads = true;
    for (auto& one : links_)
        one.out.held = static_cast<std::size_t>(-1);
}

void peer::read(link& from)
{
    std::array<char, 65536> some{};
    for (;;) {
        error_code ec;
        const auto got = from.socket.read_some(asio::buffer(some), ec);
        if (ec == asio::error::would_block || ec == asio::error::try_again)
            return;
        if (ec) {
            from.is_closed = true;
            return;
        }
        from.input.append(some.data(), got);
        take(from);
    }
}

void peer::take(link& from)
{
    while (!from.input.empty()) {
        begun += from.is_counted ? 0 : 1;
        from.is_counted = true;
        if (!from.in_body) {
            const auto end = from.input.find("\r\n\r\n");
            if (end == std::string::npos)
                return;
            const auto length = from.input.find("Content-Length: ");
            from.body_left = length < end ? std::stoul(from.input.substr(length + 16)) : 0;
            from.in_body = true;
            from.out = acts(from.input.substr(0, end + 4), whole + 1);
            if (is_released_)
                from.out.held = static_cast<std::size_t>(-1);
            from.input.erase(0, end + 4);
        }
        const auto used = std::min(from.body_left, from.input.size());
        from.input.erase(0, used);
        from.body_left -= used;
        if (from.body_left != 0)
            return;
        ++whole;
        from.in_body = false;
        from.is_counted = false;
    }
}

void peer::write(link& to)
{
    if (to.out.pieces.empty() || to.out.held == 0 || to.in_body)
        return;
    error_code ec;
    asio::write(to.socket, asio::buffer(to.out.pieces.front()), ec);
    to.out.pieces.pop_front();
    if (to.out.held != static_cast<std::size_t>(-1))
        --to.out.held;
    to.is_closed = static_cast<bool>(ec);
}

} // namespace usher::tests
