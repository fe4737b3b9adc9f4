#pragma once

// One connection. Its vocabulary: a *turn* is one request and its answer; turns follow one another strictly, so that
// pipelined requests are answered in order. Without latency and faults, all requests that have arrived are answered
// with one write; otherwise each turn is: wait half the delay, ask the host, wait the other half, write, do the fault.
//
// Lifecycle: start → [handshake] → turns → end. A connection is kept alive by its pending operation alone; it ends when
// the peer does, after keep-alive ran out, after an answer that said so, or by a fault. Destroying the io_context frees
// it.

#include "sandbox/hang_up.hpp"
#include "sandbox/host.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include <memory>
#include <type_traits>

namespace usher::sandbox {

template <class Stream>
class connection : public std::enable_shared_from_this<connection<Stream>> {
public:
    static constexpr bool secure = !std::is_same_v<Stream, tcp::socket>;

    connection(std::shared_ptr<host> shared, Stream stream)
        : host_(std::move(shared)),
          stream_(std::move(stream)),
          idle_(stream_.get_executor()),
          pause_(stream_.get_executor())
    {
        host_->locked([](backend&, counters& n) {
            ++n.connections;
            ++n.open_connections;
        });
    }
    ~connection()
    {
        host_->locked([](backend&, counters& n) { --n.open_connections; });
    }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    void start()
    {
        error_code ignored;
        stream_.lowest_layer().set_option(tcp::no_delay(true), ignored);
        touch();
        watch();
        parser_.emplace();
        configure();
        if constexpr (secure)
            stream_.async_handshake(asio::ssl::stream_base::server,
                                    [self = this->shared_from_this()](error_code e) { self->shaken(e); });
        else
            read();
    }

private:
    using parser = http::request_parser<http::string_body>;

    void shaken(error_code e)
    {
        bool resumed = false;
        if constexpr (secure)
            resumed = SSL_session_reused(stream_.native_handle()) == 1;
        host_->locked([&](backend&, counters& n) { e ? ++n.tls_failed : resumed ? ++n.tls_resumed : 0; });
        if (e)
            return end(ending::plain);
        touch();
        read();
    }

    void configure()
    {
        parser_->body_limit(host_->max_body());
        parser_->header_limit(256 * 1024);
        parser_->eager(true);
        promised_ = false;
    }

    void read()
    {
        stream_.async_read_some(buffer_.prepare(16 * 1024),
                                [self = this->shared_from_this()](error_code e, std::size_t n) {
                                    if (e)
                                        return self->end(self->expired_ ? ending::graceful : ending::plain);
                                    self->touch();
                                    self->buffer_.commit(n);
                                    self->turn();
                                });
    }

    // Takes whole requests out of the buffer and answers them, as far as that needs no waiting.
    void turn()
    {
        for (;;) {
            error_code e;
            while (buffer_.size() != 0 && !parser_->is_done()) {
                const auto used = parser_->put(buffer_.data(), e);
                buffer_.consume(used);
                if (e || used == 0)
                    break;
            }
            if (e && e != http::error::need_more) {
                host_->reject(e == http::error::body_limit                                          ? 413
                              : e == http::error::header_limit || e == http::error::buffer_overflow ? 431
                                                                                                    : 400,
                              out_);
                return send();
            }
            if (!parser_->is_done()) {
                if (parser_->is_header_done() && !promised_ && parser_->get()[http::field::expect] == "100-continue") {
                    promised_ = true;
                    out_.bytes += "HTTP/1.1 100 Continue\r\n\r\n";
                }
                return out_.bytes.empty() ? read() : send();
            }
            if (const auto delay = host_->draw_delay(); delay.count() > 0)
                return delayed(delay / 2);
            ask();
            if (out_.failing || out_.close || buffer_.size() == 0 || out_.bytes.size() > 256 * 1024)
                return send();
        }
    }

    void ask()
    {
        host_->answer(parser_->get(), out_);
        parser_.emplace();
        configure();
    }

    // The first half of a delay is over when the request "arrives", the second when the answer leaves.
    void delayed(std::chrono::microseconds half)
    {
        wait(half, [self = this->shared_from_this(), half] {
            self->ask();
            self->wait(half, [self] { self->send(); });
        });
    }

    template <class F>
    void wait(std::chrono::steady_clock::duration time, F then)
    {
        pause_.expires_after(time);
        pause_.async_wait([self = this->shared_from_this(), then = std::move(then)](error_code e) mutable {
            if (e)
                return;
            self->touch();
            then();
        });
    }

    void send()
    {
        if (!out_.failing)
            return write(out_.bytes.size(),
                         [](auto& self) { self.out_.close ? self.end(ending::graceful) : self.next(); });
        using kind = fault::kind;
        const auto& f = *out_.failing;
        switch (f.what) {
        case kind::drop_request:
        case kind::drop_answer:
            return end(ending_of(f));
        case kind::cut_answer:
            return write(std::min(f.bytes, out_.bytes.size()),
                         [](auto& self) { self.end(ending_of(*self.out_.failing)); });
        case kind::close_after:
            return write(out_.bytes.size(), [](auto& self) {
                self.wait(self.out_.failing->delay,
                          [s = self.shared_from_this()] { s->end(ending_of(*s->out_.failing)); });
            });
        case kind::stray_bytes:
            return write(out_.bytes.size(), [](auto& self) {
                self.wait(self.out_.failing->delay, [s = self.shared_from_this()] { s->stray(); });
            });
        case kind::drip:
            return drip();
        case kind::silence:
            out_.bytes.clear();
            out_.failing.reset();
            return listen_in_silence();
        default:
            return write(out_.bytes.size(),
                         [](auto& self) { self.out_.close ? self.end(ending::graceful) : self.next(); });
        }
    }

    // Writes the first `size` bytes and goes on.
    template <class F>
    void write(std::size_t size, F then)
    {
        asio::async_write(stream_, asio::buffer(out_.bytes.data(), size),
                          [self = this->shared_from_this(), then](error_code e, std::size_t n) {
                              if (e)
                                  return self->end(ending::plain);
                              self->touch();
                              self->out_.bytes.erase(0, n);
                              then(*self);
                          });
    }

    void stray()
    {
        out_.bytes = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
        out_.failing.reset();
        write(out_.bytes.size(), [](auto& self) { self.next(); });
    }

    void drip()
    {
        if (out_.bytes.empty())
            return out_.close ? end(ending::graceful) : next();
        write(std::clamp<std::size_t>(out_.failing->bytes, 1, out_.bytes.size()),
              [](auto& self) { self.wait(self.out_.failing->delay, [s = self.shared_from_this()] { s->drip(); }); });
    }

    // Nothing is answered; the peer's going away, or keep-alive, ends it.
    void listen_in_silence()
    {
        stream_.async_read_some(buffer_.prepare(16 * 1024),
                                [self = this->shared_from_this()](error_code e, std::size_t) {
                                    if (e)
                                        return self->end(ending::plain);
                                    self->listen_in_silence();
                                });
    }

    void next()
    {
        out_.failing.reset();
        turn();
    }

    void touch()
    {
        active_ = std::chrono::steady_clock::now();
        expired_ = false;
    }

    // One timer looks now and then whether anything happened; it holds the connection weakly. When nothing did, the
    // read that is waiting is cancelled, and ends the connection.
    void watch()
    {
        idle_.expires_at(std::max(active_, std::chrono::steady_clock::now() - host_->keep_alive() / 2) +
                         host_->keep_alive());
        idle_.async_wait([weak = this->weak_from_this()](error_code e) {
            const auto self = weak.lock();
            if (e || !self)
                return;
            self->expired_ = self->active_ + self->host_->keep_alive() <= std::chrono::steady_clock::now();
            error_code ignored;
            if (self->expired_)
                self->stream_.lowest_layer().cancel(ignored);
            self->watch();
        });
    }

    void end(ending how)
    {
        if (ended_)
            return;
        ended_ = true;
        idle_.cancel();
        pause_.cancel();
        hang_up(this->shared_from_this(), stream_, idle_, how);
    }

    std::shared_ptr<host> host_;
    Stream stream_;
    asio::steady_timer idle_;
    asio::steady_timer pause_;
    boost::beast::flat_buffer buffer_;
    std::optional<parser> parser_;
    outgoing out_;
    std::chrono::steady_clock::time_point active_;
    bool promised_ = false;
    bool expired_ = false;
    bool ended_ = false;
};

} // namespace usher::sandbox
