#include "call/reconcile.hpp"

#include "call/execute_json.hpp"
#include "core/http_text.hpp"
#include "retry/decide.hpp"
#include "retry/http_date.hpp"

#include <usher/reconcile.hpp>
#include <usher/time.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

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
    std::string_view path;       ///< path parameter that both have, or empty
    std::string_view items;      ///< member of the listing's answer; empty: the answer is the array
    std::string_view wrapped_in; ///< member of the creation's answer that holds the record; empty: it is the record
    std::string_view created;    ///< member of a record: when it was made
    std::string_view next_page;  ///< member of the listing's answer with the next page's token, or empty
};

constexpr ready_made all[] = {
    {"clerk", "CreateUser", "GetUserList", "external_id", true, "", "", "", "created_at", ""},
    {"scalekit", "OrganizationService_CreateOrganization", "OrganizationService_ListOrganization", "external_id", false,
     "", "organizations", "organization", "create_time", ""},
    {"scalekit", "UserService_CreateUserAndMembership", "UserService_SearchOrganizationUsers", "query", false,
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

std::string external_id_of(const prepared_call& call)
{
    boost::system::error_code ec;
    const auto body = json::parse(call.body, ec);
    const auto* object = ec ? nullptr : body.if_object();
    const auto* id = object == nullptr ? nullptr : object->if_contains("external_id");
    return id != nullptr && id->is_string() ? std::string(id->get_string()) : std::string();
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
    const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
    for (std::size_t i = 0; i != rest.size(); ++i) {
        const bool is_encoded = rest[i] == '%' && i + 2 < rest.size();
        value += is_encoded ? static_cast<char>(digit(rest[i + 1]) * 16 + digit(rest[i + 2])) : rest[i];
        i += is_encoded ? 2 : 0;
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

/// Whether a record was there before the call, as the service's clock has it. Without that clock: it was not.
bool is_older(const json::object& record, const ready_made& how, const raw_answer& answered, clock::duration since)
{
    const auto* made = record.if_contains(how.created);
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    std::optional<std::chrono::sys_seconds> date;
    for (const auto& [name, value] : answered.headers)
        if (same_header_name(name, "Date"))
            date = retry::parse_http_date(value, now);
    if (made == nullptr || !date)
        return false;
    std::chrono::sys_time<std::chrono::milliseconds> created;
    if (made->is_int64()) {
        created = std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(made->get_int64()));
    } else {
        const auto text = made->is_string() ? std::string_view(made->get_string()) : std::string_view();
        const auto read = parse_rfc3339(text);
        if (!read)
            return false;
        created = std::chrono::floor<std::chrono::milliseconds>(*read);
    }
    return *date - created > since + clock_tolerance;
}

look_result failure_of(error why)
{
    look_result result;
    result.what = found::failed;
    result.why = std::move(why);
    return result;
}

error failed_with(const prepared_call& call, error_kind kind, const char* text)
{
    error_details details;
    details.kind = kind;
    details.operation = call.operation.id;
    details.text = text;
    return error(std::move(details));
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

/// The record with this id among those of a page.
const json::object* record_of(const json::value& page, const ready_made& how, std::string_view id)
{
    const auto* items = &page;
    if (!how.items.empty())
        items = page.is_object() ? page.get_object().if_contains(how.items) : nullptr;
    if (items == nullptr || !items->is_array())
        return nullptr;
    for (const auto& one : items->get_array()) {
        const auto* record = one.if_object();
        const auto* own = record == nullptr ? nullptr : record->if_contains("external_id");
        if (own != nullptr && own->is_string() && own->get_string() == id)
            return record;
    }
    return nullptr;
}

std::string next_page_of(const json::value& page, const ready_made& how)
{
    if (how.next_page.empty() || !page.is_object())
        return {};
    const auto* token = page.get_object().if_contains(how.next_page);
    return token != nullptr && token->is_string() ? std::string(token->get_string()) : std::string();
}

look_result take(const prepared_call& call, const ready_made& how, const json::object& record, void* target,
                 bool is_older)
{
    look_result result;
    result.what = is_older ? found::older : found::there;
    if (is_older || target == nullptr)
        return result;
    json::value whole = record;
    if (!how.wrapped_in.empty())
        whole = json::object{{how.wrapped_in, record}};
    const auto decoded = usher::json::decode(*call.operation.result, target, json::serialize(whole));
    return decoded ? result : failure_of(decoded.error());
}

asio::awaitable<look_result> look_ready_made(const prepared_call& call, const ready_made& how, void* target,
                                             time_point begun, time_point deadline)
{
    const auto& operations = call.client->service.operations;
    const auto* const* const listing = std::find_if(operations.data(), operations.data() + operations.size(),
                                                    [&how](const auto* o) { return o->id == how.listing; });
    const auto id = external_id_of(call);
    std::string page;
    for (int pages = 0; pages != most_pages; ++pages) {
        raw_answer raw;
        const auto options = look_options(call, deadline, raw);
        auto parameters = parameters_of(call, how, id, page);
        const auto listed = co_await execute_json(call.client, **listing, std::move(parameters), options);
        if (!listed)
            co_return failure_of(listed.error());
        boost::system::error_code ec;
        const auto answer = json::parse(*listed, ec);
        if (const auto* record = ec ? nullptr : record_of(answer, how, id)) {
            co_return take(call, how, *record, target, is_older(*record, how, raw, clock::now() - begun));
        }
        page = ec ? std::string() : next_page_of(answer, how);
        if (page.empty())
            co_return look_result();
    }
    co_return failure_of(failed_with(call, error_kind::decode, "too many records are like the one looked for"));
}

/// The look-up of the caller; what it throws is kept, so that its time limit does not swallow it.
asio::awaitable<look_result> look_own(const look_up& how, void* target, std::exception_ptr& thrown)
{
    look_result result;
    try {
        const auto is_there = co_await how.look(target);
        if (!is_there)
            result = failure_of(is_there.error());
        else
            result.what = *is_there ? found::there : found::absent;
    } catch (...) {
        thrown = std::current_exception();
    }
    co_return result;
}

asio::awaitable<void> until(time_point deadline)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, deadline);
    [[maybe_unused]] auto [ec] = co_await timer.async_wait(asio::as_tuple(asio::deferred));
}

} // namespace

bool can_reconcile(const prepared_call& call) noexcept
{
    const auto& how = call.options.reconcile;
    if (how.is_off() || retry::is_idempotent(call.operation.method))
        return false;
    return how.own() != nullptr ||
           (ready_made_of(call) != nullptr && call.body.find("\"external_id\"") != std::string::npos &&
            !external_id_of(call).empty());
}

asio::awaitable<look_result> look_for_effect(const prepared_call& call, void* target, time_point begun,
                                             time_point deadline)
{
    using namespace asio::experimental::awaitable_operators;
    const auto own = call.options.reconcile.own();
    if (!own) {
        auto found = co_await look_ready_made(call, *ready_made_of(call), target, begun, deadline);
        if (found.why && found.why->is_cancelled())
            found.what = found::cancelled;
        co_return found;
    }
    std::exception_ptr thrown;
    auto ended = co_await (look_own(*own, target, thrown) || until(deadline));
    const auto state = co_await asio::this_coro::cancellation_state;
    look_result result;
    if (state.cancelled() != asio::cancellation_type::none) {
        result.what = found::cancelled;
        co_return result;
    }
    if (ended.index() == 1)
        co_return failure_of(failed_with(call, error_kind::timeout, "the look-up did not end before the deadline"));
    if (thrown)
        std::rethrow_exception(thrown);
    co_return std::get<0>(std::move(ended));
}

} // namespace usher::detail
