// The look-ups that creations have ready-made, by the external_id of their records.
#include "call/execute_json.hpp"
#include "call/page_members.hpp"
#include "call/reconcile.hpp"
#include "core/http_text.hpp"
#include "retry/http_date.hpp"

#include <usher/time.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <limits>

namespace usher::detail {

namespace asio = boost::asio;
namespace json = boost::json;
using clock = std::chrono::steady_clock;

namespace {

/// A creation whose records have an external_id, and the listing that finds them by it.
struct ready_made {
    std::string_view service;
    std::string_view operation;
    std::string_view listing;
    std::string_view parameter;  ///< of the listing: takes the external_id
    bool is_list;                ///< … in an array, with a sign that says "include"
    std::size_t shortest;        ///< external_id that it takes
    std::size_t longest;         ///< … and the longest one
    std::string_view path;       ///< path parameter that both have, or empty
    std::string_view items;      ///< member of the listing's answer; empty: the answer is the array
    std::string_view wrapped_in; ///< member of the creation's answer that holds the record; empty: it is the record
    std::string_view created;    ///< member of a record: when it was made
    std::string_view next_page;  ///< member of the listing's answer with the next page's token, or empty
};

constexpr auto any_length = std::numeric_limits<std::size_t>::max();
constexpr ready_made all[] = {
    {"clerk", "CreateUser", "GetUserList", "external_id", true, 1, any_length, "", "", "", "created_at", ""},
    {"scalekit", "OrganizationService_CreateOrganization", "OrganizationService_ListOrganization", "external_id", false,
     1, any_length, "", "organizations", "organization", "create_time", ""},
    {"scalekit", "UserService_CreateUserAndMembership", "UserService_SearchOrganizationUsers", "query", false, 3, 100,
     "organization_id", "users", "user", "create_time", "next_page_token"},
};
constexpr int most_pages = 20;
// A Date has whole seconds, and the clocks of a service's machines are not quite one.
constexpr std::chrono::seconds clock_tolerance{2};

const ready_made* ready_made_of(const prepared_call& call) noexcept
{
    const auto* const own = std::find_if(std::begin(all), std::end(all), [&call](const ready_made& one) {
        return one.operation == call.operation.id && one.service == call.client->service.name;
    });
    return own == std::end(all) ? nullptr : own;
}

/// The text that stands in the target where the template has this name, decoded.
std::string path_value(const prepared_call& call, std::string_view name)
{
    const auto pattern = call.operation.path;
    const auto at = pattern.find('{' + std::string(name) + '}');
    const auto segment = std::count(pattern.begin(), pattern.begin() + static_cast<std::ptrdiff_t>(at), '/');
    auto rest = std::string_view(call.target).substr(call.client->url.prefix.size());
    for (std::ptrdiff_t i = 0; i != segment; ++i)
        rest.remove_prefix(rest.find('/', 0) + 1);
    rest = rest.substr(0, rest.find_first_of("/?"));
    std::string value;
    while (!rest.empty()) {
        const auto escaped = escaped_byte(rest);
        value += escaped.value_or(rest.front());
        rest.remove_prefix(escaped ? escape_size : 1);
    }
    return value;
}

std::string parameters_of(const prepared_call& call, const ready_made& how, const std::string& id,
                          const std::string& page)
{
    json::object parameters;
    if (how.is_list)
        parameters[how.parameter] = json::array{"+" + id};
    else
        parameters[how.parameter] = id;
    if (!how.path.empty())
        parameters[how.path] = path_value(call, how.path);
    if (!page.empty())
        parameters["page_token"] = page;
    return json::serialize(parameters);
}

using milliseconds = std::chrono::milliseconds;

/// When a record was made, by the service's clock; nothing for what no record says.
std::optional<std::chrono::sys_time<milliseconds>> creation_of(const json::object& record, const ready_made& how)
{
    constexpr std::int64_t end_of_9999 = 253'402'300'800'000;
    const auto* made = record.if_contains(how.created);
    if (made == nullptr)
        return std::nullopt;
    if (made->is_int64()) {
        const auto count = made->get_int64();
        if (count <= 0 || count >= end_of_9999)
            return std::nullopt;
        return std::chrono::sys_time<milliseconds>(milliseconds(count));
    }
    const auto read = made->is_string() ? parse_rfc3339(std::string_view(made->get_string())) : std::nullopt;
    if (!read)
        return std::nullopt;
    return std::chrono::floor<milliseconds>(*read);
}

/// Whether a record was there before the call, as the service's clock has it. Without that clock: it was not.
bool is_older(const json::object& record, const ready_made& how, const raw_answer& answered, clock::duration since)
{
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    std::optional<std::chrono::sys_seconds> date;
    for (const auto& [name, value] : answered.headers)
        if (same_header_name(name, "Date"))
            date = retry::parse_http_date(value, now);
    const auto created = creation_of(record, how);
    return date && created && *date - *created > since + clock_tolerance;
}

call_options look_options(const prepared_call& call, time_point deadline, raw_answer& raw)
{
    call_options options;
    options.deadline = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - clock::now());
    options.priority = call.options.priority;
    options.retry = call.options.retry;
    options.timeouts = call.options.timeouts;
    options.key = call.options.key;
    options.keep_raw = &raw;
    return options;
}

/// The records of a page; null when the answer is none.
const json::array* items_of(const json::value& page, const ready_made& how)
{
    static const json::array none;
    if (how.items.empty())
        return page.if_array();
    if (!page.is_object())
        return nullptr;
    // An empty list may be left out.
    const auto* items = page.get_object().if_contains(how.items);
    return items == nullptr || items->is_null() ? &none : items->if_array();
}

bool has_id(const json::value& record, std::string_view id)
{
    const auto* own = record.is_object() ? record.get_object().if_contains("external_id") : nullptr;
    return own != nullptr && own->is_string() && own->get_string() == id;
}

std::string next_page_of(const json::value& page, const ready_made& how)
{
    if (how.next_page.empty() || !page.is_object())
        return {};
    const auto* token = page.get_object().if_contains(how.next_page);
    return token != nullptr && token->is_string() ? std::string(token->get_string()) : std::string();
}

look_result take(const prepared_call& call, const ready_made& how, const json::object& record, void* target)
{
    look_result result;
    result.what = found::there;
    if (target == nullptr)
        return result;
    json::value whole = record;
    if (!how.wrapped_in.empty())
        whole = json::object{{how.wrapped_in, record}};
    const auto decoded = usher::json::decode(*call.operation.result, target, json::serialize(whole));
    return decoded ? result : failure_of(decoded.error());
}

} // namespace

asio::awaitable<look_result> look_ready_made(const prepared_call& call, void* target, time_point sent,
                                             time_point deadline)
{
    const auto& how = *ready_made_of(call);
    const auto& operations = call.client->service.operations;
    const auto* const* const listing = std::find_if(operations.data(), operations.data() + operations.size(),
                                                    [&how](const auto* o) { return o->id == how.listing; });
    json::parse_options reading;
    reading.max_depth = call.client->engine->options.max_depth + 1;
    look_result result;
    std::string page;
    for (int pages = 0; pages != most_pages; ++pages) {
        raw_answer raw;
        const auto options = look_options(call, deadline, raw);
        auto parameters = parameters_of(call, how, call.external_id, page);
        const auto listed = co_await execute_json(call.client, **listing, std::move(parameters), options);
        if (!listed)
            co_return failure_of(listed.error());
        boost::system::error_code ec;
        const auto answer = json::parse(*listed, ec, {}, reading);
        const auto* items = ec ? nullptr : items_of(answer, how);
        if (items == nullptr)
            co_return failure_of(call, error_kind::decode, "the listing can't be read");
        for (const auto& one : *items) {
            if (!has_id(one, call.external_id))
                continue;
            // Where ids need not be unique, somebody's older record says nothing of a younger one.
            if (!is_older(one.get_object(), how, raw, clock::now() - sent))
                co_return take(call, how, one.get_object(), target);
            result.what = found::older;
        }
        page = next_page_of(answer, how);
        if (page.empty())
            co_return result;
    }
    co_return failure_of(call, error_kind::decode, "too many records are like the one looked for");
}

std::string looked_for_id(const prepared_call& call, const void* params)
{
    const auto& how = call.options.reconcile;
    const auto* const own =
        how.is_off() || how.own() != nullptr || call.operation.method != "POST" ? nullptr : ready_made_of(call);
    if (own == nullptr)
        return {};
    auto id = text_member(*call.operation.params, params, "external_id");
    return id.size() >= own->shortest && id.size() <= own->longest ? id : std::string();
}

bool may_be_its_own(const prepared_call& call, const std::vector<service_error>& errors)
{
    if (call.external_id.empty())
        return true;
    bool names_others = false;
    for (const auto& one : errors)
        if (const auto* name = one.meta.if_contains("param_name"); name != nullptr && name->is_string()) {
            if (name->get_string() == "external_id")
                return true;
            names_others = true;
        }
    return !names_others;
}

} // namespace usher::detail
