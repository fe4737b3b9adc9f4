#include "sandbox/host.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>

namespace usher::sandbox {

namespace {

std::string_view view(boost::core::string_view text)
{
    return {text.data(), text.size()};
}

void append_number(std::string& to, std::uint64_t number)
{
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    to.append(digits, end);
}

// What the service says when it fails with a status.
std::string body_of_fault(const reply& of)
{
    const auto status = of.status;
    if (of.page == builtin::token) {
        const auto* const error = status == 503 || status == 429 ? "temporarily_unavailable"
                                  : status >= 500                ? "server_error"
                                  : status == 401                ? "invalid_client"
                                                                 : "invalid_request";
        return std::string("{\"error\":\"") + error + "\",\"error_description\":\"Made to fail.\"}";
    }
    const char* const code = status == 429   ? "too_many_requests"
                             : status == 503 ? "service_unavailable"
                             : status == 504 ? "gateway_timeout"
                             : status == 409 ? "resource_locked"
                                             : "internal_clerk_error";
    return error_body(of.of, status, {{status, code, "made to fail", "The sandbox was asked to fail here.", {}}},
                      "fault");
}

} // namespace

host::host(options how)
    : backend_(std::move(how)),
      started_(std::chrono::steady_clock::now()),
      jitter_(backend_.how().seed ^ 0x6a69'7474),
      max_body_(backend_.how().max_body),
      keep_alive_(backend_.how().keep_alive)
{
}

std::int64_t host::wall_clock()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::chrono::microseconds host::draw_delay()
{
    const std::lock_guard hold(mutex_);
    const auto& d = backend_.how().delay;
    if (d.mean.count() == 0 && d.jitter.count() == 0)
        return {};
    const auto spread = static_cast<std::int64_t>(jitter_.below(static_cast<std::uint64_t>(2 * d.jitter.count()) + 1)) -
                        d.jitter.count();
    return std::max(std::chrono::microseconds(0), d.mean + std::chrono::microseconds(spread));
}

void host::arrived(instant now)
{
    const auto slot = static_cast<std::size_t>((now - started_) / std::chrono::milliseconds(100));
    if (counted_.arrivals.size() <= slot)
        counted_.arrivals.resize(slot + 1);
    ++counted_.arrivals[slot];
    ++counted_.requests;
}

void host::record(const message& asked)
{
    last_request_.method = view(asked.method_string());
    last_request_.target = view(asked.target());
    last_request_.body = asked.body();
    last_request_.headers.clear();
    for (const auto& field : asked)
        if (field.name() != http::field::authorization && field.name() != http::field::cookie &&
            field.name() != http::field::proxy_authorization)
            last_request_.headers.emplace_back(view(field.name_string()), view(field.value()));
}

void host::answer(const message& asked, outgoing& to)
{
    const std::lock_guard hold(mutex_);
    const auto now = std::chrono::steady_clock::now();
    arrived(now);
    counted_.bytes_in += asked.body().size() + asked.target().size();
    if (backend_.how().record)
        record(asked);

    request plain;
    plain.method = view(asked.method_string());
    plain.target = view(asked.target());
    plain.authorization = view(asked[http::field::authorization]);
    plain.content_type = view(asked[http::field::content_type]);
    plain.if_match = view(asked[http::field::if_match]);
    plain.body = asked.body();

    reply_.clear();
    try {
        backend_.handle(plain, now, wall_clock(), reply_);
    } catch (const std::exception& e) // a fault of the sandbox itself: say so, and go on serving
    {
        reply_.status = 500;
        reply_.failing = nullptr;
        reply_.body = error_body(
            reply_.of, 500,
            {{500, "sandbox_error", "sandbox error", std::string("The sandbox failed: ") + e.what(), {}}}, "sandbox");
    }

    to.failing.reset();
    if (reply_.failing) {
        to.failing = *reply_.failing;
        const auto& f = *to.failing;
        if (f.what == fault::kind::answer || f.what == fault::kind::late_answer) {
            reply_.status = f.status;
            reply_.retry_after = f.retry_after;
            reply_.headers.clear();
            reply_.body = f.body.empty() ? body_of_fault(reply_) : f.body;
        }
    }
    counted_.refused += reply_.refused ? 1 : 0;
    write(&asked, reply_, asked.keep_alive(), to);
}

void host::reject(int status, outgoing& to)
{
    const std::lock_guard hold(mutex_);
    arrived(std::chrono::steady_clock::now());
    reply plain;
    plain.status = status;
    const char* const code = status == 413   ? "request_body_too_large"
                             : status == 431 ? "request_header_too_large"
                                             : "malformed_request";
    plain.body = error_body(backend_.how().services.front(), status,
                            {{status, code, "cannot be read", "The request cannot be read.", {}}}, "unread");
    to.failing.reset();
    write(nullptr, plain, false, to);
}

void host::date(std::string& to)
{
    const auto second =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    if (second != date_second_) {
        date_second_ = second;
        const auto time = static_cast<std::time_t>(second);
        std::tm parts{};
        gmtime_r(&time, &parts);
        char text[40];
        const auto size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
        date_.assign(text, size);
    }
    to += date_;
}

void host::write(const message* asked, reply& from, bool keep, outgoing& to)
{
    ++counted_.by_status[from.status];
    to.close = !keep;
    auto& out = to.bytes;
    const auto before = out.size();
    out.reserve(before + from.body.size() + 256);
    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::uint64_t>(from.status));
    out += ' ';
    out += view(http::obsolete_reason(http::int_to_status(static_cast<unsigned>(from.status))));
    out += "\r\ndate: ";
    date(out);
    if (!from.body.empty())
        out += "\r\ncontent-type: application/json";
    if (from.status != 204) {
        out += "\r\ncontent-length: ";
        append_number(out, from.body.size());
    }
    if (from.retry_after >= 0) {
        out += "\r\nretry-after: ";
        append_number(out, static_cast<std::uint64_t>(from.retry_after));
    }
    for (const auto& [name, value] : from.headers)
        out.append("\r\n").append(name).append(": ").append(value);
    if (!from.trace_id.empty())
        out.append("\r\ncf-ray: ").append(from.trace_id, 0, 16);
    if (!keep)
        out += "\r\nconnection: close";
    out += "\r\n\r\n";
    if (!asked || asked->method() != http::verb::head)
        out += from.body;
    counted_.bytes_out += out.size() - before;
    if (asked && backend_.how().record)
        last_answer_ = from.body;
}

counters host::stats() const
{
    const std::lock_guard hold(mutex_);
    auto copy = counted_;
    copy.faults = backend_.faults_made();
    copy.tokens = backend_.login().issued();
    copy.running = std::chrono::duration_cast<std::chrono::milliseconds>(
        stopped_.value_or(std::chrono::steady_clock::now()) - started_);
    return copy;
}

recorded_request host::last_request() const
{
    const std::lock_guard hold(mutex_);
    return last_request_;
}

std::string host::last_answer() const
{
    const std::lock_guard hold(mutex_);
    return last_answer_;
}

} // namespace usher::sandbox
