#include "net/dial.hpp"

#include "net/opening.hpp"
#include "net/race.hpp"
#include "net/tcp_stream.hpp"
#include "net/tunnel.hpp"

#include <algorithm>

namespace usher::detail {

namespace asio = boost::asio;
using boost::system::error_code;
using clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds addresses_kept{30};

void describe(dial_result& result, error_kind kind, call_stage stage, const error_code& ec, std::string text)
{
    result.stage = stage;
    result.text = std::move(text);
    if (ec == asio::error::timed_out) {
        result.failure = error_kind::timeout;
    } else if (ec == asio::error::operation_aborted) {
        result.failure = error_kind::cancelled;
        result.text = "cancelled by the caller";
    } else {
        result.failure = kind;
        result.code = ec;
    }
}

// What an opening failed with, or what ended it before.
void describe(dial_result& result, call_stage stage, error_kind kind, const opened& ended, const opening& what,
              const std::string& late)
{
    if (ended.failed_itself)
        describe(result, kind, stage, ended.error, what.text());
    else if (ended.error == asio::error::timed_out)
        describe(result, kind, stage, ended.error, late);
    else
        describe(result, kind, stage, ended.error, "waiting for the other side failed");
}

// Adds the time until it goes to a phase, however that is left.
struct phase_clock {
    explicit phase_clock(std::chrono::nanoseconds& phase) : sum(phase) {}
    phase_clock(const phase_clock&) = delete;
    phase_clock& operator=(const phase_clock&) = delete;
    ~phase_clock() { sum += clock::now() - begun; }
    std::chrono::nanoseconds& sum;
    time_point begun = clock::now();
};

// The addresses of the origin, or of the proxy on the way to it. Leaves `result` as it is when there are some.
asio::awaitable<std::vector<asio::ip::tcp::endpoint>> addresses_of(asio::any_io_executor executor,
                                                                   std::shared_ptr<dial_target> target, time_point end,
                                                                   dial_result& result)
{
    const phase_clock counted(result.resolve);
    if (clock::now() < target->addresses.until && !target->addresses.addresses.empty())
        co_return target->addresses.addresses;
    const auto& host = target->proxy ? target->proxy->host : target->url.host;
    auto found = co_await find_addresses(executor, host, target->proxy ? target->proxy->port : target->url.port, end,
                                         target->lookup);
    if (found.addresses.empty())
        describe(result, error_kind::resolve, call_stage::resolve, found.error,
                 (target->proxy ? "the proxy's name " : "the name ") + host + " could not be resolved");
    else
        target->addresses = {found.addresses, clock::now() + addresses_kept};
    co_return std::move(found.addresses);
}

// TLS with the proxy if it is spoken to so, and the tunnel. Null: `result` says why.
asio::awaitable<std::unique_ptr<stream>> through_proxy(std::shared_ptr<deadline_queue> deadlines,
                                                       std::shared_ptr<dial_target> target, dial_limits limits,
                                                       std::unique_ptr<stream> io, dial_result& result)
{
    const phase_clock counted(result.connect);
    const auto name = "the proxy " + target->proxy->name();
    if (target->proxy_tls) {
        io = std::make_unique<tls_stream>(std::move(io), *target->proxy_tls, target->proxy->host,
                                          target->proxy_sessions);
        tls_opening shake_hands(*io);
        const auto done =
            co_await drive(deadlines, *io, shake_hands, std::min(limits.end, clock::now() + limits.handshake));
        if (!done.done) {
            describe(result, call_stage::proxy, error_kind::tls, done, shake_hands,
                     "the TLS handshake did not end in time");
            result.text = name + ": " + result.text;
            co_return nullptr;
        }
    }
    tunnel ask(*io, *target->proxy, target->url);
    const auto made = co_await drive(deadlines, *io, ask, std::min(limits.end, clock::now() + limits.connect));
    if (!made.done) {
        describe(result, call_stage::proxy, error_kind::connect, made, ask, name + " made no tunnel in time");
        co_return nullptr;
    }
    co_return std::move(io);
}

} // namespace

asio::awaitable<dial_result> dial(asio::any_io_executor executor, std::shared_ptr<deadline_queue> deadlines,
                                  std::shared_ptr<dial_target> target, dial_limits limits)
{
    dial_result result;
    const auto begun = clock::now();
    if (target->make_stream) {
        auto made = target->make_stream();
        if (made)
            result.made = std::make_unique<connection>(std::move(made), begun);
        else
            describe(result, error_kind::connect, call_stage::connect, asio::error::connection_refused,
                     "no stream could be made");
        co_return std::move(result);
    }
    const auto connect_end = std::min(limits.end, begun + limits.connect);
    auto addresses = co_await addresses_of(executor, target, connect_end, result);
    if (addresses.empty())
        co_return std::move(result);
    // Whatever the machine's resolver makes of "localhost": without TLS nothing leaves the machine (RFC 6761 §6.3).
    if (!target->url.tls)
        std::erase_if(addresses, [](const auto& one) { return !one.address().is_loopback(); });
    if (addresses.empty()) {
        target->addresses.addresses.clear();
        describe(result, error_kind::connect, call_stage::connect, asio::error::access_denied,
                 target->url.host + " is another machine, and plain http is for this one only");
        co_return std::move(result);
    }
    const auto connecting = clock::now();
    auto won = co_await race(executor, std::move(addresses), connect_end);
    result.connect = clock::now() - connecting;
    if (!won.socket) {
        target->addresses.addresses.clear();
        const auto whom = target->proxy ? "the proxy " + target->proxy->name() : target->url.host;
        describe(result, error_kind::connect, call_stage::connect, won.error,
                 won.error == asio::error::timed_out ? "no address of " + whom + " connected in time"
                                                     : "no address of " + whom + " accepted a connection");
        co_return std::move(result);
    }
    std::unique_ptr<stream> io = std::make_unique<tcp_stream>(std::move(*won.socket));
    if (target->proxy) {
        io = co_await through_proxy(deadlines, target, limits, std::move(io), result);
        if (!io)
            co_return std::move(result);
    }
    if (target->tls) {
        const auto shaking = clock::now();
        io = std::make_unique<tls_stream>(std::move(io), *target->tls, target->url.host, target->sessions);
        tls_opening shake_hands(*io);
        const auto done =
            co_await drive(deadlines, *io, shake_hands, std::min(limits.end, clock::now() + limits.handshake));
        result.handshake = clock::now() - shaking;
        if (!done.done) {
            describe(result, call_stage::handshake, error_kind::tls, done, shake_hands,
                     "the TLS handshake did not end in time");
            co_return std::move(result);
        }
        result.resumed = io->resumed();
    }
    result.made = std::make_unique<connection>(std::move(io), clock::now());
    co_return std::move(result);
}

} // namespace usher::detail
