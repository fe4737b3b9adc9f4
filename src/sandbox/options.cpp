#include "usher/sandbox.hpp"

#include <array>
#include <charconv>
#include <stdexcept>

namespace usher::sandbox {

options::options() = default;

namespace {

[[noreturn]] void fail(std::string_view name, std::string_view value, std::string_view expected)
{
    throw std::invalid_argument("sandbox option " + std::string(name) + ": \"" + std::string(value) + "\" is not " +
                                std::string(expected));
}

std::uint64_t number(std::string_view name, std::string_view text)
{
    std::uint64_t n = 0;
    const auto r = std::from_chars(text.data(), text.data() + text.size(), n);
    if (r.ec != std::errc() || r.ptr != text.data() + text.size() || text.empty())
        fail(name, text, "a whole number");
    return n;
}

bool truth(std::string_view name, std::string_view text)
{
    if (text == "true" || text == "yes" || text == "on" || text == "1")
        return true;
    if (text == "false" || text == "no" || text == "off" || text == "0")
        return false;
    fail(name, text, "true or false");
}

std::chrono::microseconds duration(std::string_view name, std::string_view text)
{
    const auto digits = text.find_first_not_of("0123456789");
    const auto n = static_cast<std::int64_t>(number(name, text.substr(0, digits)));
    const auto unit = digits == std::string_view::npos ? std::string_view("ms") : text.substr(digits);
    if (unit == "us")
        return std::chrono::microseconds(n);
    if (unit == "ms")
        return std::chrono::milliseconds(n);
    if (unit == "s")
        return std::chrono::seconds(n);
    if (unit == "m")
        return std::chrono::minutes(n);
    if (unit == "h")
        return std::chrono::hours(n);
    fail(name, text, "a time such as 80ms, 10s or 1h");
}

std::chrono::milliseconds milliseconds(std::string_view name, std::string_view text)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(duration(name, text));
}

template <class Enum, std::size_t N>
Enum choice(std::string_view name, std::string_view text, const std::array<std::pair<std::string_view, Enum>, N>& of)
{
    std::string names = "one of";
    for (const auto& [word, value] : of) {
        if (word == text)
            return value;
        names.append(" ").append(word);
    }
    fail(name, text, names);
}

template <class F>
void split(std::string_view text, char at, F each)
{
    while (!text.empty()) {
        const auto end = text.find(at);
        each(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
}

constexpr std::array<std::pair<std::string_view, service>, 4> services{{{"clerk", service::clerk},
                                                                        {"clerk-platform", service::clerk_platform},
                                                                        {"clerk_platform", service::clerk_platform},
                                                                        {"scalekit", service::scalekit}}};
constexpr std::array<std::pair<std::string_view, answers>, 5> modes{{{"stateful", answers::stateful},
                                                                     {"full", answers::full},
                                                                     {"required", answers::required},
                                                                     {"nulls", answers::nulls},
                                                                     {"future", answers::future}}};
constexpr std::array<std::pair<std::string_view, algorithm>, 4> algorithms{
    {{"fixed_window", algorithm::fixed_window},
     {"sliding_log", algorithm::sliding_log},
     {"sliding_counter", algorithm::sliding_counter},
     {"gcra", algorithm::gcra}}};
constexpr std::array<std::pair<std::string_view, fault::kind>, 9> kinds{{{"answer", fault::kind::answer},
                                                                         {"late_answer", fault::kind::late_answer},
                                                                         {"drop_request", fault::kind::drop_request},
                                                                         {"drop_answer", fault::kind::drop_answer},
                                                                         {"cut_answer", fault::kind::cut_answer},
                                                                         {"close_after", fault::kind::close_after},
                                                                         {"stray_bytes", fault::kind::stray_bytes},
                                                                         {"drip", fault::kind::drip},
                                                                         {"silence", fault::kind::silence}}};

// "1000/10s"; "production" and "development" are the documented ones.
std::optional<allowance> quota(std::string_view name, std::string_view text)
{
    if (text == "by_key")
        return std::nullopt;
    if (text == "production")
        return allowance(1000, std::chrono::seconds(10));
    if (text == "development")
        return allowance(100, std::chrono::seconds(10));
    const auto slash = text.find('/');
    if (slash == std::string_view::npos)
        fail(name, text, "by_key, production, development, or requests/time such as 1000/10s");
    return allowance(static_cast<std::uint32_t>(number(name, text.substr(0, slash))),
                     milliseconds(name, text.substr(slash + 1)));
}

// "answer:status=503:every=10:retry_after=1"
fault read_fault(std::string_view name, std::string_view text)
{
    fault made;
    bool first = true;
    split(text, ':', [&](std::string_view one) {
        if (std::exchange(first, false)) {
            made.what = choice(name, one, kinds);
            return;
        }
        const auto equals = one.find('=');
        const auto key = one.substr(0, equals),
                   value = equals == std::string_view::npos ? std::string_view() : one.substr(equals + 1);
        if (key == "every")
            made.every = static_cast<std::uint32_t>(number(name, value));
        else if (key == "skip")
            made.skip = static_cast<std::uint32_t>(number(name, value));
        else if (key == "count")
            made.count = static_cast<std::uint32_t>(number(name, value));
        else if (key == "operation")
            made.operation = value;
        else if (key == "status")
            made.status = static_cast<int>(number(name, value));
        else if (key == "retry_after")
            made.retry_after = static_cast<int>(number(name, value));
        else if (key == "body")
            made.body = value;
        else if (key == "bytes")
            made.bytes = number(name, value);
        else if (key == "delay")
            made.delay = milliseconds(name, value);
        else if (key == "reset")
            made.reset = equals == std::string_view::npos || truth(name, value);
        else
            fail(name, one, "every, skip, count, operation, status, retry_after, body, bytes, delay or reset");
    });
    return made;
}

struct setting {
    std::string_view name;
    void (*apply)(options& to, std::string_view name, std::string_view value);
};

using text = std::string_view;

constexpr setting settings[] = {
    {"services",
     [](options& o, text n, text v) {
         o.services.clear();
         if (v == "all")
             o.services = {service::clerk, service::clerk_platform, service::scalekit};
         else
             split(v, ',', [&](text one) { o.services.push_back(choice(n, one, services)); });
     }},
    {"address", [](options& o, text, text v) { o.address = v; }},
    {"port",
     [](options& o, text n, text v) {
         const auto p = number(n, v);
         if (p > 65535)
             fail(n, v, "a port");
         o.port = static_cast<std::uint16_t>(p);
     }},
    {"tls", [](options& o, text n, text v) { o.tls = truth(n, v); }},
    {"keys",
     [](options& o, text, text v) {
         o.keys.clear();
         split(v, ',', [&](text one) { o.keys.emplace_back(one); });
     }},
    {"seed", [](options& o, text n, text v) { o.seed = number(n, v); }},
    {"latency", [](options& o, text n, text v) { o.delay.mean = duration(n, v); }},
    {"jitter", [](options& o, text n, text v) { o.delay.jitter = duration(n, v); }},
    {"limits", [](options& o, text n, text v) { o.quota.enabled = truth(n, v); }},
    {"quota",
     [](options& o, text n, text v) {
         o.quota.instance = quota(n, v);
         o.quota.enabled = true;
     }},
    {"algorithm", [](options& o, text n, text v) { o.quota.how = choice(n, v, algorithms); }},
    {"burst", [](options& o, text n, text v) { o.quota.burst = static_cast<std::uint32_t>(number(n, v)); }},
    {"endpoint_limits", [](options& o, text n, text v) { o.quota.endpoints = truth(n, v); }},
    {"entity_limits", [](options& o, text n, text v) { o.quota.entities = truth(n, v); }},
    {"charge_refused", [](options& o, text n, text v) { o.quota.charge_refused = truth(n, v); }},
    {"phase", [](options& o, text n, text v) { o.quota.phase = milliseconds(n, v); }},
    {"listing_lag", [](options& o, text n, text v) { o.listing_lag = milliseconds(n, v); }},
    {"mode", [](options& o, text n, text v) { o.mode = choice(n, v, modes); }},
    {"max_body", [](options& o, text n, text v) { o.max_body = number(n, v); }},
    {"keep_alive", [](options& o, text n, text v) { o.keep_alive = milliseconds(n, v); }},
    {"max_users", [](options& o, text n, text v) { o.max_users = number(n, v); }},
    {"max_organizations", [](options& o, text n, text v) { o.max_organizations = number(n, v); }},
    {"max_memberships", [](options& o, text n, text v) { o.max_memberships = number(n, v); }},
    {"password_required", [](options& o, text n, text v) { o.password_required = truth(n, v); }},
    {"record", [](options& o, text n, text v) { o.record = truth(n, v); }},
    {"clients",
     [](options& o, text n, text v) {
         o.clients.clear();
         split(v, ',', [&](text one) {
             const auto colon = one.find(':');
             if (colon == 0 || colon == text::npos)
                 fail(n, one, "id:secret");
             o.clients.emplace_back(one.substr(0, colon), one.substr(colon + 1));
         });
     }},
    {"token_lifetime",
     [](options& o, text n, text v) {
         o.token_lifetime = std::chrono::duration_cast<std::chrono::seconds>(duration(n, v));
     }},
    {"fault", [](options& o, text n, text v) { o.faults.push_back(read_fault(n, v)); }},
};

} // namespace

void set_option(options& to, std::string_view name, std::string_view value)
{
    std::string names = "one of";
    for (const auto& one : settings) {
        if (one.name == name)
            return one.apply(to, name, value);
        names.append(" ").append(one.name);
    }
    throw std::invalid_argument("sandbox option " + std::string(name) + " is not " + names);
}

std::string_view option_help()
{
    return "services=clerk,clerk-platform,scalekit|all  which APIs are served (clerk)\n"
           "address=IP  port=N                      where (127.0.0.1, any free port)\n"
           "tls=true|false                          https or http (true)\n"
           "keys=KEY,KEY                            secret keys that are accepted (any well formed one)\n"
           "seed=N                                  of everything that is made up (1)\n"
           "latency=80ms  jitter=40ms               a round trip takes latency ± jitter (0)\n"
           "limits=true|false                       enforce the documented rate limits (false)\n"
           "quota=by_key|production|development|N/TIME   of the instance; turns limits on (by_key)\n"
           "algorithm=fixed_window|sliding_log|sliding_counter|gcra  burst=N   how requests are counted "
           "(fixed_window)\n"
           "endpoint_limits= entity_limits= charge_refused=true|false          (true, true, false)\n"
           "phase=TIME                              when the first fixed window ends (0)\n"
           "listing_lag=TIME                        listings do not show what is younger (0)\n"
           "mode=stateful|full|required|nulls|future     what valid requests are answered with (stateful)\n"
           "max_body=BYTES  keep_alive=TIME         (8388608, 60s)\n"
           "max_users= max_organizations= max_memberships=N      quotas; 0 means none (0)\n"
           "password_required=true|false            refuse new users without one (false)\n"
           "record=true|false                       keep the last request and answer (true)\n"
           "clients=ID:SECRET,ID:SECRET              who gets Scalekit tokens (anybody)\n"
           "token_lifetime=TIME                     of Scalekit's access tokens (86399s)\n"
           "fault=KIND[:NAME=VALUE…]                answer late_answer drop_request drop_answer cut_answer close_after "
           "stray_bytes drip silence;\n"
           "                                        every= skip= count= operation= status= retry_after= body= bytes= "
           "delay= reset\n";
}

} // namespace usher::sandbox
