#include "call/metric_text.hpp"

#include <array>
#include <charconv>
#include <vector>

namespace usher::detail {

namespace {

using label = std::pair<std::string_view, std::string_view>;

/// One metric after the other: its head, then its samples.
class writer {
public:
    explicit writer(std::string& out) : out_(out) {}

    void family(std::string_view name, std::string_view type, std::string_view help)
    {
        name_ = name;
        out_.append("# HELP ").append(name).append(" ").append(help).append("\n");
        out_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
    }
    void sample(std::string_view labels, std::uint64_t value, std::string_view suffix = {})
    {
        begin(labels, suffix);
        out_.append(std::to_string(value)).append("\n");
    }
    void sample(std::string_view labels, double value, std::string_view suffix = {})
    {
        begin(labels, suffix);
        number(value, out_);
        out_ += '\n';
    }
    void buckets(const std::string& labels, const histogram& of)
    {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i != of.counts().size(); ++i) {
            sum += of.counts()[i];
            std::string bound = "+Inf";
            if (i != histogram::bounds_us.size()) {
                bound.clear();
                number(static_cast<double>(histogram::bounds_us[i]) / 1e6, bound);
            }
            sample(labels + ",le=\"" + bound + "\"", sum, "_bucket");
        }
        sample(labels, of.sum_seconds(), "_sum");
        sample(labels, of.count(), "_count");
    }

    static void number(double value, std::string& to)
    {
        std::array<char, 32> text{};
        const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
        to.append(text.data(), end);
    }

private:
    void begin(std::string_view labels, std::string_view suffix)
    {
        out_.append(name_).append(suffix);
        if (!labels.empty())
            out_.append("{").append(labels).append("}");
        out_ += ' ';
    }

    std::string& out_;
    std::string_view name_;
};

std::string labels_of(std::initializer_list<label> labels)
{
    std::string text;
    for (const auto& [name, value] : labels) {
        text.append(text.empty() ? "" : ",").append(name).append("=\"");
        for (const char one : value) {
            if (one == '\\' || one == '"')
                (text += '\\') += one;
            else if (one == '\n')
                text += "\\n";
            else
                text += one;
        }
        text += '"';
    }
    return text;
}

struct named_operation {
    std::string labels;
    const operation_figures* figures;
};

std::vector<named_operation> in_order(const all_operations& operations)
{
    std::vector<named_operation> all;
    for (const auto& [name, figures] : operations)
        all.push_back({labels_of({{"service", name.service}, {"operation", name.operation}}), &figures});
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.labels < b.labels; });
    return all;
}

/// `ok`, or the kind of the error as one word.
std::string result_name(std::size_t kind)
{
    std::string name(kind == 0 ? "ok" : to_string(static_cast<error_kind>(kind)));
    std::replace(name.begin(), name.end(), ' ', '_');
    return name;
}

constexpr std::array<std::string_view, 6> class_names{"none", "1xx", "2xx", "3xx", "4xx", "5xx"};

struct counter_of {
    std::string_view name;
    std::string_view help;
    std::uint64_t operation_figures::*member;
};
constexpr counter_of counters[] = {
    {"usher_retries_total", "Attempts that were followed by another one.", &operation_figures::retries},
    {"usher_hedges_total", "Second requests of calls whose first one took long.", &operation_figures::hedges},
    {"usher_rate_limited_total", "Answers with status 429.", &operation_figures::rate_limited},
    {"usher_reconciled_total", "Calls whose outcome was unknown and then found out.", &operation_figures::reconciled},
    {"usher_sent_bytes_total", "Bytes of requests.", &operation_figures::bytes_sent},
    {"usher_received_bytes_total", "Bytes of answers.", &operation_figures::bytes_received},
};

struct histogram_of {
    std::string_view name;
    std::string_view help;
    histogram operation_figures::*member;
};
constexpr histogram_of histograms[] = {
    {"usher_call_duration_seconds", "Whole calls, waits and all attempts included.", &operation_figures::duration},
    {"usher_admission_wait_seconds", "Waits of an attempt for the quota, or for a service that fails to recover.",
     &operation_figures::admission},
    {"usher_pool_wait_seconds", "Waits of an attempt for a connection, setting one up included.",
     &operation_figures::pool},
    {"usher_handshake_seconds", "TLS handshakes of new connections.", &operation_figures::handshake},
    {"usher_first_byte_seconds", "From the start of an exchange to the first byte of the answer.",
     &operation_figures::first_byte},
    {"usher_exchange_seconds", "From the first byte sent to the last received.", &operation_figures::exchange},
    {"usher_backoff_seconds", "Planned waits between attempts.", &operation_figures::backoff},
};

} // namespace

void write_calls(const all_operations& operations, std::string& out)
{
    writer to(out);
    const auto all = in_order(operations);
    to.family("usher_calls_total", "counter", "Calls that have ended, by result: ok, or the kind of the error.");
    for (const auto& one : all)
        for (std::size_t kind = 0; kind != one.figures->calls.size(); ++kind)
            if (const auto count = one.figures->calls[kind]; count != 0)
                to.sample(one.labels + "," + labels_of({{"result", result_name(kind)}}), count);
    to.family("usher_attempts_total", "counter",
              "Attempts that the quota let go, by class of status; none: no answer.");
    for (const auto& one : all)
        for (std::size_t i = 0; i != class_names.size(); ++i)
            if (const auto count = one.figures->attempts[i]; count != 0)
                to.sample(one.labels + "," + labels_of({{"status", class_names[i]}}), count);
    for (const auto& each : counters) {
        to.family(each.name, "counter", each.help);
        for (const auto& one : all)
            to.sample(one.labels, one.figures->*each.member);
    }
    for (const auto& each : histograms) {
        to.family(each.name, "histogram", each.help);
        for (const auto& one : all)
            if ((one.figures->*each.member).count() != 0)
                to.buckets(one.labels, one.figures->*each.member);
    }
}

void write_engines(const std::map<std::string, engine_counters>& engines, std::string& out)
{
    if (engines.empty())
        return;
    writer to(out);
    const auto each = [&](std::string_view name, std::string_view type, std::string_view help, auto member) {
        to.family(name, type, help);
        for (const auto& [engine, counters_of_it] : engines)
            to.sample(labels_of({{"engine", engine}}), static_cast<std::uint64_t>(counters_of_it.*member));
    };
    each("usher_connections", "gauge", "Connections that are open or being set up.", &engine_counters::connections);
    each("usher_idle_connections", "gauge", "Connections that no call uses.", &engine_counters::idle_connections);
    each("usher_in_flight_calls", "gauge", "Calls that have begun and not ended.", &engine_counters::in_flight);
    each("usher_connections_opened_total", "counter", "Connections set up.", &engine_counters::connections_opened);
    each("usher_connections_reused_total", "counter", "Attempts on a connection that was there.",
         &engine_counters::connections_reused);
    each("usher_tls_resumed_total", "counter", "Handshakes that took up an earlier session.",
         &engine_counters::tls_resumed);
    each("usher_unavailable_total", "counter", "Times that a call was held or refused after failures.",
         &engine_counters::unavailable);
}

void write_quotas(const std::map<std::string, quota_usage>& quotas, std::string& out)
{
    if (quotas.empty())
        return;
    writer to(out);
    const auto whole = [&](std::string_view name, std::string_view type, std::string_view help, auto value) {
        to.family(name, type, help);
        for (const auto& [client, usage] : quotas)
            to.sample(labels_of({{"client", client}}), value(usage));
    };
    const auto seconds = [](std::chrono::milliseconds time) { return static_cast<double>(time.count()) / 1000; };
    whole("usher_quota_admitted_total", "counter", "Attempts that the quota let go.",
          [](const quota_usage& of) { return of.admitted; });
    whole("usher_quota_refused_total", "counter", "Answers with status 429.",
          [](const quota_usage& of) { return of.refused; });
    whole("usher_quota_waiting_calls", "gauge", "Calls that wait for the quota.",
          [](const quota_usage& of) { return static_cast<std::uint64_t>(of.waiting); });
    whole("usher_quota_in_flight_attempts", "gauge", "Attempts that the quota let go and that have not ended.",
          [](const quota_usage& of) { return static_cast<std::uint64_t>(of.in_flight); });
    whole("usher_quota_predicted_wait_seconds", "gauge", "What a call that came now would wait, at least.",
          [&](const quota_usage& of) { return seconds(of.predicted_wait); });

    const auto by_limit = [&](std::string_view name, std::string_view type, std::string_view help, auto value) {
        to.family(name, type, help);
        for (const auto& [client, usage] : quotas)
            for (const auto& limit : usage.limits)
                to.sample(labels_of({{"client", client}, {"limit", limit.rule}}), value(limit));
    };
    by_limit("usher_limit_admitted_total", "counter", "Attempts that drew on this limit.",
             [](const bucket_usage& of) { return of.admitted; });
    by_limit("usher_limit_refused_total", "counter", "Answers with status 429 put down to this limit.",
             [](const bucket_usage& of) { return of.refused; });
    by_limit("usher_limit_waiting_calls", "gauge", "Calls that wait for this limit.",
             [](const bucket_usage& of) { return static_cast<std::uint64_t>(of.waiting); });
    by_limit("usher_limit_requests", "gauge", "Requests that this limit allows per window; 0: not known yet.",
             [](const bucket_usage& of) { return static_cast<std::uint64_t>(of.requests); });
    by_limit("usher_limit_window_seconds", "gauge", "Window of this limit.",
             [&](const bucket_usage& of) { return seconds(of.window); });
    by_limit("usher_limit_utilisation_ratio", "gauge", "Requests of the last window, of what the limit allows.",
             [](const bucket_usage& of) { return of.utilisation; });
}

} // namespace usher::detail
