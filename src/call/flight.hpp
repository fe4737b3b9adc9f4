// One exchange that goes on by itself, so that somebody can wait for several at once.
#ifndef USHER_CALL_FLIGHT_HPP
#define USHER_CALL_FLIGHT_HPP

#include "call/answer.hpp"
#include "call/prepared_call.hpp"

#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <optional>

namespace usher::detail {

/// Vocabulary: see hedge.hpp. Invariants. Between `start` and `stop` the connection, the call and the timer are there;
/// after `stop` nothing of them is touched. The timer is cancelled when the exchange is over.
/// Lifecycle. Made, started once, stopped by whoever waits; a handler that is still out keeps it.
class flight : public std::enable_shared_from_this<flight> {
public:
    /// For an answer of type `*type` into `target`; without a type its body is kept in `raw`.
    flight(connection& on, const prepared_call& call, const type_info* type, void* target, const decode_limits& limits,
           raw_answer* raw);
    ~flight() { stop(); }
    flight(const flight&) = delete;
    flight& operator=(const flight&) = delete;

    /// The connection has a socket to wait on.
    void start(deadline_queue& deadlines, const exchange_limits& limits, boost::asio::steady_timer& wake);
    /// The caller has cancelled.
    void cancel();
    /// Lets go of the connection. The report stays.
    void stop() noexcept;

    bool is_over() const noexcept { return over_; }
    const exchange_report& report() const noexcept { return report_; }
    answer& taken() noexcept { return taken_; }

private:
    void go_on();
    void end();

    connection* on_;
    header_block_ptr block_; // the request's lines, whatever becomes of the call's
    wire_request request_;
    answer taken_;
    std::optional<exchange_machine> machine_;
    boost::asio::steady_timer* wake_ = nullptr;
    exchange_report report_;
    bool over_ = false;
};

} // namespace usher::detail

#endif
