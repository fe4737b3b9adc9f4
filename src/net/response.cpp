#include "net/response.hpp"

#include "net/response_fields.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/rfc7230.hpp>

namespace usher::detail {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr int most_interim = 100;          // 1xx answers before the final one
constexpr std::size_t status_rest = 15;    // of a status line, without its reason phrase
constexpr std::size_t most_status = 1024;  // bytes of a status line
constexpr std::size_t least_of_chunks = 5; // what a chunked body that has not ended still lacks: "0\r\n\r\n"

} // namespace

class response_reader::parser final : public http::basic_parser<false> {
public:
    parser(answer_sink& sink, response_head& head, std::size_t max_header)
        : sink_(sink), head_(head), max_header_(max_header)
    {
    }

    bool has_stray_body() const noexcept { return has_stray_body_; }
    bool may_follow() const
    {
        return keep_alive() && !need_eof() && !closes_ && (!is_old_ || stays_) && !has_stray_body_;
    }
    /// Counts bytes of the head. The parser's own limit is for what it sees at once.
    bool count_head(std::size_t bytes) noexcept
    {
        head_size_ += bytes;
        return head_size_ <= max_header_ + status_size_;
    }

private:
    void on_request_impl(http::verb, beast::string_view, beast::string_view, int, error_code&) override {}

    void on_response_impl(int code, beast::string_view reason, int version, error_code& ec) override
    {
        head_.status = code;
        status_size_ = reason.size() + status_rest;
        is_old_ = version < 11;
        if (code < 100 || code > 599)
            ec = http::error::bad_status;
        else if (status_size_ > most_status)
            ec = http::error::header_limit;
    }

    void on_field_impl(http::field name, beast::string_view text, beast::string_view value, error_code& ec) override
    {
        if (is_trailer_)
            return;
        const std::string_view v(value.data(), value.size());
        switch (name) {
        case http::field::transfer_encoding:
            if (has_coding_ || is_old_ || !beast::iequals(value, "chunked"))
                ec = http::error::bad_transfer_encoding;
            has_coding_ = true;
            break;
        case http::field::connection:
            for (const auto option : http::opt_token_list(value)) {
                closes_ = closes_ || beast::iequals(option, "close");
                stays_ = stays_ || beast::iequals(option, "keep-alive");
            }
            break;
        case http::field::content_encoding:
            head_.is_coded = head_.is_coded || !(v.empty() || beast::iequals(value, "identity"));
            break;
        case http::field::retry_after:
            head_.retry_after = v;
            break;
        case http::field::date:
            head_.date = v;
            break;
        case http::field::keep_alive:
            head_.keep_alive_timeout = keep_alive_timeout_of(v);
            break;
        case http::field::unknown:
            if (beast::iequals(text, "cf-ray"))
                head_.trace_id = v;
            else
                take_rate(head_.rate, {text.data(), text.size()}, v);
            break;
        default:
            break;
        }
        if (head_.keep_headers)
            head_.headers.emplace_back(std::string(text.data(), text.size()), std::string(v));
    }

    void on_header_impl(error_code& ec) override
    {
        is_trailer_ = true;
        const bool is_interim = head_.status < 200;
        if (!is_interim && head_.status != 204 && head_.status != 304)
            return;
        has_stray_body_ = has_coding_ || content_length().value_or(0) != 0;
        // Nobody could say where the final answer begins.
        if (is_interim && has_stray_body_)
            ec = http::error::unexpected_body;
    }

    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}

    std::size_t on_body_impl(beast::string_view body, error_code&) override
    {
        begin();
        sink_.body({body.data(), body.size()});
        return body.size();
    }

    void on_chunk_header_impl(std::uint64_t, beast::string_view extension, error_code& ec) override
    {
        for (const char one : extension)
            if ((static_cast<unsigned char>(one) < 0x20 && one != '\t') || one == 0x7f)
                ec = http::error::bad_chunk_extension;
        // They carry nothing for us, and no limit of the body counts them.
        extensions_ += extension.size();
        if (extensions_ > max_header_)
            ec = http::error::body_limit;
    }

    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, error_code&) override
    {
        begin();
        sink_.body({body.data(), body.size()});
        return body.size();
    }

    void on_finish_impl(error_code&) override
    {
        if (head_.status >= 200)
            begin();
    }

    void begin()
    {
        if (!begun_)
            sink_.begin(head_);
        begun_ = true;
    }

    answer_sink& sink_;
    response_head& head_;
    std::size_t max_header_;
    std::size_t head_size_ = 0;
    std::size_t status_size_ = 0;
    std::size_t extensions_ = 0;
    bool begun_ = false;
    bool is_old_ = false; ///< HTTP/1.0
    bool is_trailer_ = false;
    bool has_coding_ = false;
    bool has_stray_body_ = false;
    bool closes_ = false;
    bool stays_ = false;
};

struct response_reader::parts {
    response_head head;
    std::optional<parser> current;
    answer_sink* sink = nullptr;
    std::size_t max_header = 0;
    std::uint64_t max_body = 0;
    int interim = 0;

    void begin_message()
    {
        head.clear();
        current.emplace(*sink, head, max_header);
        // Its limit has the status line in it or not, as the bytes are cut; `count_head` is exact.
        current->header_limit(static_cast<std::uint32_t>(max_header + most_status));
        current->body_limit(max_body);
    }
};

response_reader::response_reader() : parts_(std::make_unique<parts>()) {}

response_reader::~response_reader() = default;

void response_reader::start(answer_sink& sink, std::size_t max_header, std::uint64_t max_body, bool keep_headers)
{
    parts_->sink = &sink;
    parts_->max_header = max_header;
    parts_->max_body = max_body;
    parts_->head.keep_headers = keep_headers;
    parts_->interim = 0;
    parts_->begin_message();
}

std::size_t response_reader::put(std::string_view bytes, error_code& ec)
{
    ec = {};
    std::size_t used = 0;
    while (used < bytes.size()) {
        auto& p = *parts_->current;
        const bool is_head = !p.is_header_done();
        // With fewer bytes than can end it, a build of Beast that keeps its assertions stops the program.
        if (!is_head && p.chunked() && bytes.size() - used < least_of_chunks)
            return used;
        p.eager(!is_head);
        const auto taken = p.put(boost::asio::const_buffer(bytes.data() + used, bytes.size() - used), ec);
        used += taken;
        if (is_head && !p.count_head(taken)) {
            ec = http::error::header_limit;
            return used;
        }
        if (ec == http::error::need_more) {
            ec = {};
            return used;
        }
        if (ec)
            return used;
        if (!p.is_done()) {
            if (is_head)
                continue;
            return used;
        }
        // 101 would turn the connection into something else, which was never asked for.
        if (parts_->head.status == 101) {
            ec = http::error::bad_status;
            return used;
        }
        // Other 1xx answers announce the final one.
        if (parts_->head.status >= 200)
            return used;
        if (++parts_->interim > most_interim) {
            ec = http::error::header_limit;
            return used;
        }
        parts_->begin_message();
    }
    return used;
}

void response_reader::put_eof(error_code& ec)
{
    ec = {};
    parts_->current->put_eof(ec);
}

bool response_reader::head_done() const noexcept
{
    return parts_->current && parts_->current->is_header_done();
}

bool response_reader::done() const noexcept
{
    return parts_->current && parts_->current->is_done();
}

bool response_reader::keep_alive() const noexcept
{
    return parts_->current->may_follow();
}

bool response_reader::has_stray_body() const noexcept
{
    return parts_->current->has_stray_body();
}

const response_head& response_reader::head() const noexcept
{
    return parts_->head;
}

bool response_reader::is_limit(const error_code& ec) noexcept
{
    return ec == http::error::header_limit || ec == http::error::body_limit;
}

} // namespace usher::detail
