// What is done on a fresh stream before its first request.
#ifndef USHER_NET_OPENING_HPP
#define USHER_NET_OPENING_HPP

#include "net/deadline.hpp"
#include "net/stream.hpp"

#include <memory>
#include <string>

namespace usher::detail {

/// A TLS handshake, or the request for a tunnel: a step at a time, like the stream it runs on.
class opening {
public:
    opening() = default;
    opening(const opening&) = delete;
    opening& operator=(const opening&) = delete;
    virtual ~opening() = default;

    /// `ready` when it is done; `failed` is the end too.
    virtual io_state advance() noexcept = 0;
    /// Why it failed.
    virtual boost::system::error_code code() const noexcept = 0;
    virtual std::string text() const = 0;
};

class tls_opening final : public opening {
public:
    explicit tls_opening(stream& on) : on_(on) {}
    io_state advance() noexcept override;
    boost::system::error_code code() const noexcept override { return code_; }
    std::string text() const override;

private:
    stream& on_;
    boost::system::error_code code_;
};

/// Drives an opening to its end. The result: nothing when it is done; `timed_out`; `operation_aborted` when the caller
/// cancelled; what the wait failed with; or the opening's own code, never empty, when it failed itself.
struct opened {
    opened() = default;
    bool done = false;
    bool failed_itself = false; ///< the opening knows why
    boost::system::error_code error;
};
boost::asio::awaitable<opened> drive(std::shared_ptr<deadline_queue> deadlines, stream& on, opening& what,
                                     time_point end);

} // namespace usher::detail

#endif
