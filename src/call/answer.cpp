#include "call/answer.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>

namespace usher::detail {

namespace json = boost::json;

namespace {

constexpr std::size_t most_error_text = 64 * 1024;
constexpr std::size_t most_kept_text = 2 * 1024;
constexpr std::size_t least_token = 6;
constexpr std::size_t raw_reserve = 16 * 1024;

std::string text_at(const json::object& object, std::string_view name)
{
    const auto* value = object.if_contains(name);
    const auto* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

service_error clerk_error(const json::object& object)
{
    service_error error;
    error.code = text_at(object, "code");
    error.message = text_at(object, "message");
    error.long_message = text_at(object, "long_message");
    if (const auto* meta = object.if_contains("meta"); meta != nullptr && meta->is_object())
        error.meta = meta->get_object();
    return error;
}

void hide(std::string_view hidden, std::string& text)
{
    constexpr std::string_view shown = "…";
    for (auto at = text.find(hidden); at != std::string::npos; at = text.find(hidden, at + shown.size()))
        text.replace(at, hidden.size(), shown);
}

void hide(std::string_view hidden, json::object& object);

void hide(std::string_view hidden, json::value& value)
{
    if (auto* text = value.if_string(); text != nullptr && text->find(hidden) != json::string::npos) {
        std::string changed(*text);
        hide(hidden, changed);
        *text = changed;
    } else if (auto* array = value.if_array()) {
        for (auto& one : *array)
            hide(hidden, one);
    } else if (auto* object = value.if_object()) {
        hide(hidden, *object);
    }
}

void hide(std::string_view hidden, json::object& object)
{
    for (auto& one : object)
        hide(hidden, one.value());
}

// The bearer token of header lines; empty when there is none that could be told from any other text.
std::string_view token_of(std::string_view header_lines) noexcept
{
    constexpr std::string_view before = "\r\nAuthorization: Bearer ";
    const auto at = header_lines.find(before);
    if (at == std::string_view::npos)
        return {};
    const auto rest = header_lines.substr(at + before.size());
    const auto token = rest.substr(0, rest.find('\r'));
    return token.size() < least_token ? std::string_view() : token;
}

// The error_code of the first ErrorInfo among the details, which says more than the gRPC code.
std::string scalekit_code(const json::object& body)
{
    if (const auto* details = body.if_contains("details"); details != nullptr && details->is_array())
        for (const auto& detail : details->get_array())
            if (detail.is_object())
                if (auto code = text_at(detail.get_object(), "error_code"); !code.empty())
                    return code;
    const auto* code = body.if_contains("code");
    return code != nullptr && code->is_int64() ? std::to_string(code->get_int64()) : text_at(body, "code");
}

} // namespace

void answer::begin(const response_head& head)
{
    status_ = head.status;
    is_coded_ = head.is_coded;
    if (raw_ != nullptr) {
        raw_->status = head.status;
        raw_->headers = head.headers;
        raw_->body.clear();
        // In one piece from the start: what grows leaves copies behind, and it may be a secret.
        raw_->body.reserve(raw_reserve);
    }
    decoding_ = is_success() && !is_coded_ && type_ != nullptr && target_ != nullptr;
    if (decoding_)
        decode_.start(*type_, target_, limits_);
}

void answer::body(std::string_view piece)
{
    has_body_ = has_body_ || !piece.empty();
    if (raw_ != nullptr)
        raw_->body.append(piece);
    if (decoding_)
        // After a failure the rest is only read, so that the connection can be used again.
        failed_ = failed_ || !decode_.write(piece);
    else if (!is_success() && !is_coded_)
        text_.append(piece.substr(0, most_error_text - std::min(most_error_text, text_.size())));
}

bool answer::finish()
{
    if (is_coded_ && has_body_) {
        decode_error_ = "the answer is compressed, which was not asked for";
        return false;
    }
    if (!decoding_)
        return true;
    if (!has_body_) {
        decode_error_ = "the answer has no body where " + std::string(type_->name) + " was expected";
        return false;
    }
    if (!failed_ && decode_.finish())
        return true;
    decode_error_ = "the answer is not what was expected: " + decode_.failure().message();
    return false;
}

bool has_credentials(std::string_view header_lines, std::string_view text) noexcept
{
    const auto token = token_of(header_lines);
    return !token.empty() && text.find(token) != std::string_view::npos;
}

void hide_credentials(std::string_view header_lines, error_details& details)
{
    const auto token = token_of(header_lines);
    if (token.empty())
        return;
    for (auto* text : {&details.text, &details.body, &details.trace_id})
        hide(token, *text);
    for (auto& one : details.errors) {
        for (auto* text : {&one.code, &one.message, &one.long_message})
            hide(token, *text);
        hide(token, one.meta);
    }
    // The body was cut, and the token with it.
    for (auto part = token.substr(0, token.size() - 1); part.size() >= least_token; part.remove_suffix(1))
        if (details.body.ends_with(part))
            details.body.resize(details.body.size() - part.size());
}

void read_service_error(std::string_view body, error_details& details)
{
    boost::system::error_code ec;
    const auto parsed = json::parse(body, ec);
    if (!ec && parsed.is_object()) {
        const auto& object = parsed.get_object();
        if (auto trace = text_at(object, "clerk_trace_id"); !trace.empty())
            details.trace_id = std::move(trace);
        if (const auto* errors = object.if_contains("errors"); errors != nullptr && errors->is_array())
            for (const auto& entry : errors->get_array())
                if (entry.is_object())
                    details.errors.push_back(clerk_error(entry.get_object()));
        // OAuth (RFC 6749 §5.2).
        if (auto code = text_at(object, "error"); details.errors.empty() && !code.empty()) {
            service_error error;
            error.code = std::move(code);
            error.message = text_at(object, "error_description");
            details.errors.push_back(std::move(error));
        }
        if (details.errors.empty() && object.contains("message")) {
            if (const auto* code = object.if_contains("code");
                code != nullptr && code->is_int64() && code->get_int64() >= 0 && code->get_int64() < 1000)
                details.rpc_code = static_cast<int>(code->get_int64());
            service_error error;
            error.code = scalekit_code(object);
            error.message = text_at(object, "message");
            if (const auto* more = object.if_contains("details"))
                error.meta["details"] = *more;
            details.errors.push_back(std::move(error));
        }
    }
    if (details.errors.empty())
        details.body = body.substr(0, most_kept_text);
}

} // namespace usher::detail
