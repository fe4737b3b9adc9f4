#include "call/fetch.hpp"

#include "call/prepared_call.hpp"
#include "call/time_limits.hpp"
#include "core/http_text.hpp"
#include "json/query.hpp"

#include <openssl/crypto.h>

#include <charconv>

namespace usher::detail {

namespace asio = boost::asio;

namespace {

void wipe(std::string& text) noexcept
{
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

/// What a fetch keeps until it ends, wiped however it ends.
class kept {
public:
    explicit kept(std::string_view name, std::string_view method) : operation{}
    {
        operation.id = name;
        operation.method = method;
        operation.path = "/";
        operation.group = "fetch";
        operation.name = name;
    }
    kept(const kept&) = delete;
    kept& operator=(const kept&) = delete;
    ~kept() { wipe(raw.body); }

    operation_info operation;
    raw_answer raw;
};

void delete_and_wipe(prepared_call* call)
{
    wipe(call->body);
    delete call;
}

/// Path and query as they stand in the address: a slash at the end may matter to its server.
std::string target_of(std::string_view url)
{
    url.remove_prefix(url.find("://") + 3);
    const auto path = url.find_first_of("/?");
    if (path == std::string_view::npos)
        return "/";
    return (url[path] == '?' ? "/" : "") + std::string(url.substr(path));
}

void hide(std::string& text, const secret& hidden)
{
    if (hidden.empty())
        return;
    for (auto at = text.find(hidden.reveal()); at != std::string::npos; at = text.find(hidden.reveal(), at))
        text.replace(at, hidden.reveal().size(), "…");
}

/// An error without what a server may have repeated of a secret request.
error without_secrets(const error& failed, const fetch_request& request)
{
    if (request.body.empty())
        return failed;
    auto details = failed.details();
    details.body.clear();
    for (auto& one : details.errors) {
        hide(one.code, request.hidden);
        hide(one.message, request.hidden);
        hide(one.long_message, request.hidden);
        one.meta.clear();
    }
    return error(std::move(details));
}

prepared_call_ptr make_call(const std::shared_ptr<engine_state>& engine, const fetch_request& request, kept& own)
{
    static constexpr service_info service{"fetch", "", "", {}};
    check_fetch_url(request.url);
    client_options options;
    options.base_url = request.url.substr(0, request.url.find('?'));
    options.quota = usher::quota::unlimited();
    options.retry = request.retry;
    options.watcher = request.watcher;
    call_options own_options;
    own_options.deadline = bounded(request.deadline);
    // One phase that hangs leaves time for another attempt.
    const auto part = std::max(own_options.deadline / 3, std::chrono::milliseconds(1));
    for (auto* phase :
         {&options.timeouts.pool, &options.timeouts.connect, &options.timeouts.handshake, &options.timeouts.first_byte})
        *phase = std::min(*phase, part);
    own_options.keep_raw = &own.raw;
    const auto client = std::make_shared<client_state>(
        engine, service, request.key ? credentials(*request.key) : credentials(), std::move(options));
    own.operation.credentials = credential_use::client;

    prepared_call_ptr made(new prepared_call(client, own.operation, own_options), delete_and_wipe);
    made->target = target_of(request.url);
    made->is_secret = !request.body.empty();
    made->block = client->fixed_block(credential_use::client);
    made->body = request.body.reveal();
    made->content_type = request.content_type;
    made->max_answer = request.max_answer;
    return made;
}

/// RFC 9111 §5.2.2, as far as it says how long an answer is fresh.
std::optional<std::chrono::seconds> max_age_of(const raw_answer& raw)
{
    std::optional<std::chrono::seconds> found;
    for (const auto& [name, value] : raw.headers) {
        if (!same_header_name(name, "Cache-Control"))
            continue;
        std::string_view rest = value;
        while (!rest.empty()) {
            auto one = rest.substr(0, rest.find(','));
            rest.remove_prefix(std::min(rest.size(), one.size() + 1));
            one.remove_prefix(std::min(one.find_first_not_of(" \t"), one.size()));
            one = one.substr(0, one.find_last_not_of(" \t") + 1);
            if (same_header_name(one, "no-store") || same_header_name(one, "no-cache"))
                return std::chrono::seconds(0);
            constexpr std::string_view max_age = "max-age=";
            std::uint32_t seconds = 0;
            if (same_header_name(one.substr(0, max_age.size()), max_age))
                if (std::from_chars(one.data() + max_age.size(), one.data() + one.size(), seconds).ec == std::errc())
                    found = std::chrono::seconds(seconds);
        }
    }
    return found;
}

error invalid(std::string_view name, const char* text)
{
    error_details details;
    details.kind = error_kind::invalid_request;
    details.operation = name;
    details.text = text;
    return error(std::move(details));
}

} // namespace

fetch_answer::fetch_answer(fetch_answer&& other) noexcept
    : status(other.status), body(std::move(other.body)), max_age(other.max_age)
{
    wipe(other.body);
}

fetch_answer& fetch_answer::operator=(fetch_answer&& other) noexcept
{
    if (this != &other) {
        wipe(body);
        status = other.status;
        body = std::move(other.body);
        max_age = other.max_age;
        wipe(other.body);
    }
    return *this;
}

fetch_answer::~fetch_answer()
{
    wipe(body);
}

void check_fetch_url(std::string_view url)
{
    parse_base_url(url.substr(0, url.find('?')));
    if (!is_target(target_of(url)))
        throw std::invalid_argument("base URL: its path or query has a character that no URL may have");
}

asio::awaitable<result<fetch_answer>> fetch(std::shared_ptr<engine_state> engine, fetch_request request)
{
    kept own(request.name, request.method);
    prepared_call_ptr call(nullptr, delete_and_wipe);
    std::optional<error> unusable;
    try {
        call = make_call(engine, request, own);
    } catch (const std::invalid_argument& problem) {
        unusable = invalid(request.name, problem.what());
    }
    if (unusable)
        co_return *unusable;
    const auto done = co_await execute(std::move(call), nullptr);
    if (!done)
        co_return without_secrets(done.error(), request);
    fetch_answer answer;
    answer.status = own.raw.status;
    answer.max_age = max_age_of(own.raw);
    answer.body = std::move(own.raw.body);
    co_return answer;
}

void add_form_member(std::string& form, std::string_view name, std::string_view value)
{
    if (!form.empty())
        form += '&';
    percent_encode(name, form);
    form += '=';
    percent_encode(value, form);
}

} // namespace usher::detail
