#include "net/tunnel.hpp"

#include "core/host_text.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

namespace usher::detail {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

} // namespace

tunnel::tunnel(stream& on, const proxy_address& proxy, const base_url& origin) : on_(on), proxy_(proxy)
{
    const auto authority = bracketed(origin.host) + ':' + std::to_string(origin.port);
    const auto credentials = proxy.authorization.reveal();
    output_.reserve(2 * authority.size() + credentials.size() + 80); // it never moves: no copy stays behind
    output_.append("CONNECT ").append(authority).append(" HTTP/1.1\r\nHost: ").append(authority).append("\r\n");
    if (!credentials.empty())
        output_.append("Proxy-Authorization: ").append(credentials).append("\r\n");
    output_.append("\r\n");
}

tunnel::~tunnel()
{
    wipe(output_);
    OPENSSL_cleanse(input_.data(), input_.size());
}

io_state tunnel::advance() noexcept
{
    if (ending_ != ending::none)
        return io_state::failed;
    if (!output_.empty()) {
        const auto state = write_more();
        if (state != io_state::ready)
            return state;
        wipe(output_);
    }
    return read_more();
}

io_state tunnel::write_more() noexcept
{
    while (written_ < output_.size()) {
        const auto step = on_.write_some(output_.data() + written_, output_.size() - written_);
        if (step.state == io_state::failed || step.state == io_state::closed)
            return fail(step.state == io_state::closed ? ending::closed : ending::broken, step.error);
        if (step.state != io_state::ready)
            return step.state;
        written_ += step.bytes;
    }
    return io_state::ready;
}

io_state tunnel::read_more() noexcept
{
    for (;;) {
        const auto step = on_.read_some(input_.data(), input_.size());
        if (step.state == io_state::closed)
            return fail(ending::closed, asio::error::eof);
        if (step.state == io_state::failed)
            return fail(ending::broken, step.error);
        if (step.state != io_state::ready)
            return step.state;
        const auto state = take({input_.data(), step.bytes});
        if (state != io_state::want_read)
            return state;
    }
}

// Heads until a final one: `ready` at the end of a 2xx, `want_read` when more is needed.
io_state tunnel::take(std::string_view bytes) noexcept
{
    const auto bad_message = boost::system::errc::make_error_code(boost::system::errc::bad_message);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char one = bytes[i];
        if (++taken_ > most_head)
            return fail(ending::too_long, boost::system::errc::make_error_code(boost::system::errc::message_size));
        if (one != '\n') {
            if (after_cr_ || (static_cast<unsigned char>(one) < 0x20 && one != '\t' && one != '\r') || one == 0x7f)
                return fail(ending::not_http, bad_message);
            after_cr_ = one == '\r';
            if (after_cr_)
                continue;
            // No folded line, no field without a name.
            if (lines_ > 0 && line_size_ == 0 && (one == ' ' || one == '\t' || one == ':'))
                return fail(ending::not_http, bad_message);
            has_colon_ = has_colon_ || one == ':';
            if (line_size_ < line_begin_.size())
                line_begin_[line_size_] = one;
            ++line_size_;
            // Whatever is no HTTP is told by its first bytes, not by its end, which may never come.
            constexpr std::string_view version = "HTTP/1.";
            if (lines_ == 0 && line_size_ <= version.size() && one != version[line_size_ - 1])
                return fail(ending::not_http, bad_message);
            continue;
        }
        after_cr_ = false;
        const bool is_end = lines_ > 0 && line_size_ == 0;
        if (!is_end && !end_line())
            return fail(ending::not_http, bad_message);
        if (!is_end)
            continue;
        lines_ = 0;
        if (status_ >= 100 && status_ < 200)
            continue;
        if (status_ < 200 || status_ >= 300)
            return fail(ending::refused, error_code(status_, proxy_status_category()));
        if (i + 1 < bytes.size())
            return fail(ending::early_bytes, bad_message);
        return io_state::ready;
    }
    return io_state::want_read;
}

bool tunnel::end_line() noexcept
{
    const bool is_first = lines_++ == 0;
    const std::string_view begin(line_begin_.data(), std::min(line_size_, line_begin_.size()));
    const bool had_colon = std::exchange(has_colon_, false);
    line_size_ = 0;
    if (!is_first)
        return had_colon;
    // "HTTP/1.1 200", then a blank or nothing.
    if (begin.size() < 12 || !begin.starts_with("HTTP/1.") || !is_digit(begin[7]) || begin[8] != ' ' ||
        !std::all_of(begin.begin() + 9, begin.begin() + 12, is_digit) || (begin.size() > 12 && begin[12] != ' '))
        return false;
    status_ = (begin[9] - '0') * 100 + (begin[10] - '0') * 10 + (begin[11] - '0');
    // A connection that changes its protocol is no tunnel.
    return status_ >= 100 && status_ < 600 && status_ != 101;
}

io_state tunnel::fail(ending why, error_code code) noexcept
{
    ending_ = why;
    code_ = code;
    return io_state::failed;
}

std::string tunnel::text() const
{
    const auto name = "the proxy " + proxy_.name();
    switch (ending_) {
    case ending::refused:
        return name + " refused the tunnel: " + code_.message();
    case ending::broken:
        return "the connection to " + name + " broke before there was a tunnel";
    case ending::closed:
        return name + " closed the connection instead of making a tunnel";
    case ending::too_long:
        return name + " answered with more than " + std::to_string(most_head) + " bytes of header";
    case ending::not_http:
        return name + " did not answer in HTTP";
    case ending::early_bytes:
        return name + " sent bytes ahead of the tunnel's";
    case ending::none:
        break;
    }
    return name + " made no tunnel";
}

} // namespace usher::detail
