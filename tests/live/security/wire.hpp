// What a server sees: the bytes of requests, read by a parser that forgives nothing.
#ifndef USHER_TESTS_SECURITY_WIRE_HPP
#define USHER_TESTS_SECURITY_WIRE_HPP

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace security {

struct seen_request {
    seen_request() = default;
    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers; ///< in their order
    std::string body;

    std::string path() const { return target.substr(0, target.find('?')); }
    /// The path's segments as they stand, the part before the first slash left out.
    std::vector<std::string> segments() const;
    /// Names and values of the query, decoded.
    std::vector<std::pair<std::string, std::string>> query() const;
    /// The one value of a header; "(none)" and "(several)" for other numbers of it.
    std::string header(std::string_view name) const;
    std::vector<std::string> header_names() const;
    std::vector<std::string> query_names() const;
};

/// All requests in `bytes`. Throws `std::runtime_error` for whatever RFC 9112 does not allow a client to send, and for
/// what it allows and usher never sends: a folded line, an empty name, a byte above 0x7e in a head, a target that is
/// not in origin form, a body that is longer or shorter than its Content-Length.
std::vector<seen_request> read_requests(std::string_view bytes);

struct form_part {
    form_part() = default;
    std::string name;
    std::optional<std::string> file_name; ///< as it stands, between the quotes
    std::string media_type;
    std::string content;
};

/// A form's parts. Throws for anything but parts with the head lines that usher writes: a disposition
/// with a name, or a name and a file name, and a media type.
std::vector<form_part> form_parts(const seen_request& request);

/// A text as it stands between the quotes of a disposition.
std::string in_quotes(const std::string& text);

/// Percent-decoding. Throws for a % without two digits.
std::string percent_decoded(std::string_view text);

} // namespace security

#endif
