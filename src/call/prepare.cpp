#include "call/prepared_call.hpp"
#include "call/reconcile.hpp"
#include "call/time_limits.hpp"
#include "core/host_text.hpp"
#include "core/http_text.hpp"
#include "core/utf8.hpp"
#include "json/check.hpp"
#include "json/check_values.hpp"
#include "json/encoder.hpp"
#include "json/query.hpp"

#include <usher/reconcile.hpp>

#include <stdexcept>

namespace usher::detail {

namespace {

constexpr std::size_t usual_body = 2048;

void refuse(prepared_call& call, std::string text)
{
    if (call.failure)
        return;
    call.failure = std::make_unique<error_details>();
    call.failure->kind = error_kind::invalid_request;
    call.failure->stage = call_stage::prepare;
    call.failure->text = std::move(text);
}

// Puts the ids where the template has its names: `/users/{user_id}` and "user_1" make `/users/user_1`.
void encode_path(prepared_call& call, std::span<const std::string_view> values)
{
    auto rest = call.operation.path;
    std::size_t next = 0;
    call.target.reserve(call.client->url.prefix.size() + rest.size() + 64);
    call.target = call.client->url.prefix;
    while (!rest.empty()) {
        const auto open = rest.find('{');
        call.target.append(rest.substr(0, open));
        if (open == std::string_view::npos)
            return;
        const auto close = rest.find('}', open);
        const auto name = rest.substr(open + 1, close - open - 1);
        const auto value = values[next++];
        if (!is_path_segment(value)) {
            refuse(call, std::string(name) + ": an id can't be empty, \".\", \"..\" or hold control characters");
            return;
        }
        const auto& limits = call.operation.path_parameters[next - 1].limits;
        if (const auto wrong = call.options.validate ? check_text(value, limits) : std::string(); !wrong.empty()) {
            refuse(call, std::string(name) + ": " + wrong);
            return;
        }
        percent_encode(value, call.target);
        rest.remove_prefix(close + 1);
    }
}

void add_header(prepared_call& call, std::string_view name, std::string_view value)
{
    if (!is_header_name(name))
        return refuse(call, "header \"" + one_line(name) + "\": this is no header name");
    if (is_own_header(*call.client, name))
        return refuse(call, "header " + std::string(name) + ": the client writes this one itself");
    if (!is_header_value(value))
        return refuse(call, "header " + std::string(name) + ": its value has a character that no header may have");
    call.call_block.append(name).append(": ").append(value).append("\r\n");
    call.has_if_match = call.has_if_match || same_header_name(name, "If-Match");
}

void encode_body(prepared_call& call, const void* params)
{
    if (call.operation.body == body_kind::none)
        return;
    if (call.operation.body != body_kind::json)
        return encode_upload_body(call, params);
    // What grows leaves copies behind, and there may be a password in it. Most bodies are smaller.
    call.body.reserve(usual_body);
    bool any = false;
    try {
        any = params != nullptr && encode_members(*call.operation.params, params, place::body, call.body);
    } catch (const std::length_error&) {
        return refuse(call, "the body is nested too deep");
    }
    if (!any && !call.operation.body_required) {
        call.body.clear();
        return;
    }
    // The checks have seen to it where they ran. Servers differ in what they make of such bytes.
    if (!call.options.validate && !is_utf8(call.body))
        return refuse(call, "the body has a text that is not UTF-8");
    if (call.body.empty())
        call.body = "{}";
    call.content_type = "application/json";
}

void check_options(prepared_call& call)
{
    auto& options = call.options;
    if (options.deadline <= std::chrono::milliseconds(0))
        refuse(call, "call option deadline: it has to be above zero");
    options.deadline = bounded(options.deadline);
    if (options.timeouts)
        if (const auto* problem = make_safe(*options.timeouts))
            refuse(call, std::string("call option ") + problem);
    if (options.retry)
        if (const auto* problem = make_safe(*options.retry))
            refuse(call, std::string("call option ") + problem);
    if (const auto& own = options.reconcile.own(); own && own->finds() != call.operation.result)
        refuse(call, "call option reconcile: it finds " + std::string(own->finds()->name) +
                         ", which is not what the operation answers with");
}

} // namespace

prepared_call::~prepared_call()
{
    for (auto* text : {&body, &call_block, &target})
        if (!text->empty())
            wipe(*text);
}

prepared_call_ptr prepare(const std::shared_ptr<client_state>& client, const operation_info& operation,
                          std::span<const std::string_view> path, const void* params, const call_options& options)
{
    prepared_call_ptr made(new prepared_call(client, operation, options), [](prepared_call* call) { delete call; });
    auto& call = *made;
    encode_path(call, path);
    call.demand = schedule::demand(operation.index, client->limits->rules().draws(operation.index, path),
                                   options.priority, client->tenant);
    if (params != nullptr && operation.params != nullptr) {
        if (options.validate)
            if (const auto violation = check(*operation.params, params))
                refuse(call, violation->message());
        encode_query(*operation.params, params, call.target);
        encode_header_members(*operation.params, params, [&call](std::string_view name, std::string_view value) {
            add_header(call, name, value);
        });
    }
    for (const auto& [name, value] : options.headers)
        add_header(call, name, value);
    if (!call.failure && !is_target(call.target))
        refuse(call, "the request target has a character that HTTP does not allow");
    check_options(call);
    if (params != nullptr && operation.params != nullptr)
        call.external_id = looked_for_id(call, params);
    call.block = options.key ? client->block_with(*options.key) : client->fixed_block(operation.credentials);
    if (options.key && !call.block)
        refuse(call, "call option key: it is empty, or has a space or a character that no header may have");
    if (!call.failure)
        encode_body(call, params);
    return made;
}

} // namespace usher::detail
