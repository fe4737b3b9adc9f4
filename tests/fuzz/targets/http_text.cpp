// The gate for the texts of a request: what passes it is read by another program as it was meant.
#include "core/http_text.hpp"

#include "fuzz/promise.hpp"
#include "fuzz/targets.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace usher::fuzz {

void http_text(std::string_view bytes)
{
    namespace http = boost::beast::http;
    using namespace usher::detail;
    input from(bytes);
    const auto target = from.line();
    const auto name = from.line();
    const auto value = from.rest();
    promise(same_header_name(name, value) == same_header_name(value, name), "whether names are the same has no order");
    promise(same_header_name(name, name), "a name is the same as itself");
    promise(!is_bearer(value) || is_header_value("Bearer " + std::string(value)), "a token fits behind its scheme");
    promise(!is_header_name(name) || is_header_value(name), "a name could be a value");
    if (!is_target(target) || !is_header_name(name) || !is_header_value(value))
        return;

    const auto head = "GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n" + std::string(name) + ": " +
                      std::string(value) + "\r\nLast: 1\r\n\r\n";
    http::request_parser<http::string_body> parser;
    parser.header_limit(1U << 20U);
    parser.skip(true);
    boost::system::error_code failed;
    const auto used = parser.put(boost::asio::buffer(head), failed);
    const auto known = http::string_to_field({name.data(), name.size()});
    if (known == http::field::content_length || known == http::field::transfer_encoding ||
        known == http::field::connection || known == http::field::proxy_connection || known == http::field::upgrade)
        return; // these have a grammar of their own
    promise(!failed && used == head.size() && parser.is_header_done(), "a request is read by another program");
    const auto& request = parser.get();
    promise(request.target() == boost::beast::string_view(target.data(), target.size()), "its target is the same");
    promise(std::distance(request.begin(), request.end()) == 3, "it has the fields that it was given");
    const auto second = std::next(request.begin());
    promise(second->name_string() == boost::beast::string_view(name.data(), name.size()) ||
                request.count(boost::beast::string_view(name.data(), name.size())) > 1,
            "a name is the same");
    promise(second->value() == boost::beast::string_view(value.data(), value.size()) ||
                request.count(boost::beast::string_view(name.data(), name.size())) > 1,
            "a value is the same");
}

} // namespace usher::fuzz
