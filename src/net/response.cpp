#include "net/response.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <charconv>

namespace usher::detail {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

void rate_fields::clear()
{
    if (!any)
        return;
    any = false;
    for (auto* text : {&policy, &limit, &triple_limit, &triple_remaining, &triple_reset})
        text->clear();
}

void response_head::clear()
{
    status = 0;
    retry_after.clear();
    date.clear();
    trace_id.clear();
    keep_alive_timeout.reset();
    rate.clear();
    headers.clear();
}

namespace {

std::optional<std::chrono::seconds> timeout_of(std::string_view keep_alive)
{
    constexpr std::string_view name = "timeout=";
    const auto at = keep_alive.find(name);
    if (at == std::string_view::npos)
        return std::nullopt;
    std::int32_t seconds = 0;
    const auto* const begin = keep_alive.data() + at + name.size();
    const auto [end, ec] = std::from_chars(begin, keep_alive.data() + keep_alive.size(), seconds);
    if (ec != std::errc() || end == begin || seconds < 0)
        return std::nullopt;
    return std::chrono::seconds(seconds);
}

/// Takes in a field if it is one of those about limits.
void take_rate(rate_fields& rate, beast::string_view name, std::string_view value)
{
    struct place {
        beast::string_view name;
        std::string rate_fields::*text;
    };
    static constexpr place lists[] = {{"ratelimit", &rate_fields::limit}, {"ratelimit-policy", &rate_fields::policy}};
    static constexpr place triple[] = {{"ratelimit-limit", &rate_fields::triple_limit},
                                       {"ratelimit-remaining", &rate_fields::triple_remaining},
                                       {"ratelimit-reset", &rate_fields::triple_reset}};
    constexpr std::size_t family = lists[0].name.size();
    const bool has_prefix = name.size() > family && beast::iequals(name.substr(0, 2), "x-");
    if (has_prefix)
        name.remove_prefix(2);
    if (name.size() < family || !beast::iequals(name.substr(0, family), lists[0].name))
        return;
    for (const auto& one : triple) {
        auto& text = rate.*one.text;
        if (text.empty() && beast::iequals(name, one.name)) {
            text = value;
            rate.any = true;
        }
    }
    for (const auto& one : lists) {
        auto& text = rate.*one.text;
        if (!has_prefix && beast::iequals(name, one.name)) {
            text.append(text.empty() ? "" : ", ").append(value);
            rate.any = true;
        }
    }
}

} // namespace

class response_reader::parser final : public http::basic_parser<false> {
public:
    parser(answer_sink& sink, response_head& head) : sink_(sink), head_(head) {}

private:
    void on_request_impl(http::verb, beast::string_view, beast::string_view, int, error_code&) override {}

    void on_response_impl(int code, beast::string_view, int, error_code&) override { head_.status = code; }

    void on_field_impl(http::field name, beast::string_view text, beast::string_view value, error_code&) override
    {
        const std::string_view v(value.data(), value.size());
        switch (name) {
        case http::field::retry_after:
            head_.retry_after = v;
            break;
        case http::field::date:
            head_.date = v;
            break;
        case http::field::keep_alive:
            head_.keep_alive_timeout = timeout_of(v);
            break;
        case http::field::unknown:
            if (beast::iequals(text, "cf-ray"))
                head_.trace_id = v;
            else
                take_rate(head_.rate, text, v);
            break;
        default:
            break;
        }
        if (head_.keep_headers)
            head_.headers.emplace_back(std::string(text.data(), text.size()), std::string(v));
    }

    void on_header_impl(error_code&) override {}

    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}

    std::size_t on_body_impl(beast::string_view body, error_code&) override
    {
        begin();
        sink_.body({body.data(), body.size()});
        return body.size();
    }

    void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}

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
    bool begun_ = false;
};

struct response_reader::parts {
    response_head head;
    std::optional<parser> current;
    answer_sink* sink = nullptr;
    std::size_t max_header = 0;
    std::uint64_t max_body = 0;

    void begin_message()
    {
        head.clear();
        current.emplace(*sink, head);
        current->eager(true);
        current->header_limit(static_cast<std::uint32_t>(max_header));
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
    parts_->begin_message();
}

std::size_t response_reader::put(std::string_view bytes, error_code& ec)
{
    ec = {};
    std::size_t used = 0;
    while (used < bytes.size()) {
        auto& p = *parts_->current;
        used += p.put(boost::asio::const_buffer(bytes.data() + used, bytes.size() - used), ec);
        if (ec == http::error::need_more) {
            ec = {};
            return used;
        }
        if (ec || !p.is_done())
            return used;
        // 101 would turn the connection into something else, which was never asked for.
        if (parts_->head.status == 101) {
            ec = http::error::bad_status;
            return used;
        }
        // Other 1xx answers announce the final one.
        if (parts_->head.status >= 200)
            return used;
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
    return parts_->current->keep_alive() && !parts_->current->need_eof();
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
