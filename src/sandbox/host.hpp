#pragma once

#include "sandbox/service.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <chrono>
#include <mutex>
#include <optional>
#include <string>

namespace usher::sandbox {

namespace http = boost::beast::http;

// What is written for one request: the bytes, and what shall go wrong with them.
struct outgoing {
    outgoing() = default;

    std::string bytes;
    bool close = false; // after the bytes
    std::optional<fault> failing;
};

// What all connections share: the backend, the counters and the records, under one lock. Connections run on one thread;
// the lock is for those who look at the server from outside.
class host {
public:
    using message = http::request<http::string_body>;

    explicit host(options how);

    // The answer to a whole request; nothing of it is kept by reference.
    void answer(const message& asked, outgoing& to);

    // The answer to a request that could not be read to its end.
    void reject(int status, outgoing& to);

    // How long this round trip takes on top of what it costs.
    [[nodiscard]] std::chrono::microseconds draw_delay();

    template <class F>
    auto locked(F use)
    {
        const std::lock_guard hold(mutex_);
        return use(backend_, counted_);
    }

    [[nodiscard]] counters stats() const;
    [[nodiscard]] recorded_request last_request() const;
    [[nodiscard]] std::string last_answer() const;
    [[nodiscard]] std::size_t max_body() const { return max_body_; }
    [[nodiscard]] std::chrono::milliseconds keep_alive() const { return keep_alive_; }

    [[nodiscard]] static std::int64_t wall_clock();

private:
    void arrived(instant now);
    void record(const message& asked);
    void write(const message* asked, reply& from, bool keep, outgoing& to);
    void date(std::string& to);

    mutable std::mutex mutex_;
    backend backend_;
    counters counted_;
    instant started_;
    std::optional<instant> stopped_;
    recorded_request last_request_;
    std::string last_answer_;
    reply reply_; // scratch
    generator jitter_;
    std::string date_;
    std::int64_t date_second_ = 0;
    std::size_t max_body_;
    std::chrono::milliseconds keep_alive_;
};

} // namespace usher::sandbox
