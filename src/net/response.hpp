// Reads one HTTP/1.1 answer from the bytes of a connection.
#ifndef USHER_NET_RESPONSE_HPP
#define USHER_NET_RESPONSE_HPP

#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace usher::detail {

/// What the service tells of its limits, as it came. Lines of one list are joined.
struct rate_fields {
    rate_fields() = default;
    bool any = false;         ///< false: all of these are empty
    std::string policy;       ///< RateLimit-Policy
    std::string limit;        ///< RateLimit
    std::string triple_limit; ///< RateLimit-Limit or X-RateLimit-Limit, whichever came first, and so with the others
    std::string triple_remaining;
    std::string triple_reset;

    void clear();
};

/// What the line needs of an answer's head. Texts keep their memory from one answer to the next.
struct response_head {
    response_head() = default;
    int status = 0;
    std::string retry_after;
    std::string date;
    std::string trace_id; ///< cf-ray, for answers without a body that names one
    std::optional<std::chrono::seconds> keep_alive_timeout;
    bool is_coded = false; ///< compressed, although `identity` was asked for
    rate_fields rate;
    std::vector<std::pair<std::string, std::string>> headers; ///< only when they are kept
    bool keep_headers = false;

    void clear();
};

/// Takes in the answer while it arrives, straight from the connection's buffer.
class answer_sink {
public:
    answer_sink() = default;
    answer_sink(const answer_sink&) = delete;
    answer_sink& operator=(const answer_sink&) = delete;
    virtual ~answer_sink() = default;
    /// The head of the final answer is there.
    virtual void begin(const response_head& head) = 0;
    /// A piece of the body, cut anywhere.
    virtual void body(std::string_view piece) = 0;
};

/// RFC 9112, and stricter where it leaves a choice: one transfer coding at most, and that is `chunked`; an answer of
/// HTTP/1.0 has none. Trailer fields are checked and dropped.
class response_reader {
public:
    response_reader();
    response_reader(const response_reader&) = delete;
    response_reader& operator=(const response_reader&) = delete;
    ~response_reader();

    /// Begins an answer. Limits are bytes of the header block and of the body.
    void start(answer_sink& sink, std::size_t max_header, std::uint64_t max_body, bool keep_headers);
    /// Takes bytes and says how many were used; what is left has to come again with more behind it.
    /// `ec` is set when the bytes are no answer, or one past a limit.
    std::size_t put(std::string_view bytes, boost::system::error_code& ec);
    /// The connection has ended. `ec` is set when the answer has not.
    void put_eof(boost::system::error_code& ec);

    bool head_done() const noexcept;
    bool done() const noexcept;
    /// Whether another request may follow on this connection.
    bool keep_alive() const noexcept;
    /// The answer can't have a body and yet announced one.
    bool has_stray_body() const noexcept;
    const response_head& head() const noexcept;
    /// True for the errors that mean "past a limit".
    static bool is_limit(const boost::system::error_code& ec) noexcept;

private:
    class parser;
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace usher::detail

#endif
