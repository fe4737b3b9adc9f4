#include "bulk/target/service_calls.hpp"

#include "call/client_state.hpp"
#include "core/http_text.hpp"
#include "retry/http_date.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

constexpr std::chrono::milliseconds until_first_heard{30'000};
// A Date has whole seconds, and the clocks of a service's machines are not quite one.
constexpr std::chrono::seconds clock_tolerance{2};
// This machine's clock said when something was made, the service's says when somebody signed in.
constexpr std::chrono::seconds clocks_apart{60};
// Between looks that go on until a time.
constexpr std::chrono::milliseconds shortest_pause{10};
constexpr std::chrono::seconds longest_pause{5};

/// The service's clock as an answer has it.
std::optional<journal_clock> date_of(const raw_answer& answer)
{
    const auto now = std::chrono::floor<std::chrono::seconds>(this_moment());
    for (const auto& [name, value] : answer.headers)
        if (detail::same_header_name(name, "Date"))
            return retry::parse_http_date(value, now);
    return std::nullopt;
}

/// Further records would end the same way.
bool is_pointless(import_step step, const error& why)
{
    if (why.is_unauthorized())
        return true;
    // What a plan has no ban or lock for concerns those users only, and so does a full organization.
    if (step == import_step::ban || step == import_step::lock)
        return false;
    if (why.has_code("organization_membership_quota_exceeded"))
        return false;
    return why.is_forbidden() || why.status() == 402;
}

} // namespace

journal_clock this_moment()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

bool may_have_happened(const error& why) noexcept
{
    const int status = why.status();
    const bool unreadable = why.kind() == error_kind::decode && status >= 200 && status < 300;
    return why.is_outcome_unknown() || unreadable || status == 408 || status == 425 || status >= 500;
}

bool is_taken(const error& why) noexcept
{
    return why.has_code("form_identifier_exists") || why.has_code("form_already_exists") ||
           why.has_code("already_a_member_in_organization") || why.is_already_exists();
}

bool names_member(const error& why, std::string_view member)
{
    return std::any_of(why.errors().begin(), why.errors().end(), [&](const auto& each) {
        const auto* name = each.meta.if_contains("param_name");
        return name && name->is_string() && name->get_string() == member;
    });
}

std::string conflicting_member(const error& why)
{
    for (const auto& each : why.errors())
        if (const auto* name = each.meta.if_contains("param_name");
            name && name->is_string() && name->get_string() != "external_id")
            return std::string(name->get_string());
    return {};
}

doubt::doubt(const step_request& request)
    : any_(request.in_doubt),
      since_(request.in_doubt ? request.in_doubt_since : this_moment()),
      // Of several earlier attempts only the first is dated: the last one may have been a moment ago.
      last_attempt_(std::chrono::steady_clock::now())
{
}

void doubt::raise() noexcept
{
    any_ = true;
    last_attempt_ = std::chrono::steady_clock::now();
}

void doubt::raise_if_repeated(const error& taken) noexcept
{
    if (taken.attempts() > 1)
        raise();
}

bool doubt::explains_sent(journal_clock sent) const
{
    return any_ && sent + clock_tolerance >= since_;
}

bool doubt::explains(journal_clock written, const raw_answer& answer) const
{
    if (!any_)
        return false;
    const auto now = date_of(answer);
    if (!now)
        return written + clock_tolerance >= since_;
    return *now - written <= this_moment() - since_ + clock_tolerance;
}

service_calls::service_calls(asio::any_io_executor executor, std::shared_ptr<detail::client_state> client,
                             target_options options_)
    : options(std::move(options_)), executor_(std::move(executor)), client_(std::move(client))
{
    if (options.attempts < 1 || options.most_lost < 1 || options.deadline.count() <= 0 || options.pause.count() < 0 ||
        options.longest_lag.count() < 0)
        throw std::invalid_argument("target_options: attempts and most_lost are at least 1, times are not negative");
}

call_options service_calls::calls() const
{
    call_options calls;
    // An outage is waited out: while the breaker is open, calls of this lane wait for their turn as a probe. A service
    // that nobody ever heard is more likely a wrong address.
    calls.deadline = was_heard_ ? options.deadline : std::min(options.deadline, until_first_heard);
    calls.priority = lane::bulk;
    // What the breaker lets through is little, and giving a record up costs more than a request.
    calls.retry = client_->options.retry;
    calls.retry->budgeted = false;
    // Whether a thing is there, the target finds out itself: it waits for listings that lag, and counts.
    calls.reconcile = reconciler::none();
    return calls;
}

call_options service_calls::question() const
{
    auto options_of_call = calls();
    options_of_call.deadline = std::min(options.deadline, until_first_heard);
    return options_of_call;
}

call_options service_calls::repeated() const
{
    auto options_of_call = calls();
    options_of_call.retry->repeat_unsafe = true;
    return options_of_call;
}

call_options service_calls::unguarded() const
{
    auto options_of_call = calls();
    options_of_call.retry->repeat_unavailable = false;
    return options_of_call;
}

call_options service_calls::look(raw_answer& answer)
{
    counters.lookups += 1;
    auto options_of_call = calls();
    options_of_call.keep_raw = &answer;
    return options_of_call;
}

void service_calls::heard() noexcept
{
    lost_in_a_row_ = 0;
    was_heard_ = true;
}

step_result service_calls::failed(import_step step, const error& why)
{
    step_result result;
    result.failure.emplace(step, why);
    const auto kind = why.kind();
    if (why.status() != 0)
        heard();
    else if (kind != error_kind::invalid_request && kind != error_kind::decode && kind != error_kind::cancelled)
        lost_in_a_row_ += 1;
    if (is_pointless(step, why) || lost_in_a_row_ >= options.most_lost)
        result.hopeless = why;
    return result;
}

step_result service_calls::unknown(import_step step, const error& why)
{
    auto result = failed(step, why);
    result.failure->outcome_unknown = true;
    return result;
}

step_result service_calls::incomplete(import_step step, step_result there, const error& why)
{
    const bool refused = why.status() != 0 && !may_have_happened(why);
    auto result = refused ? failed(step, why) : unknown(step, why);
    if (refused && !why.is_unauthorized())
        result.hopeless.reset();
    result.id = std::move(there.id);
    result.made = there.made;
    result.recovered = there.recovered;
    return result;
}

asio::awaitable<void> service_calls::wait(std::chrono::steady_clock::duration time) const
{
    asio::steady_timer timer(executor_, time);
    auto ended = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    (void)ended;
}

looks::looks(const service_calls& calls) : calls_(calls), pause_(calls.options.pause), left_(calls.options.attempts) {}

looks::looks(const service_calls& calls, const doubt& in)
    : calls_(calls),
      pause_(std::max<std::chrono::milliseconds>(calls.options.pause, shortest_pause)),
      end_(in.last_attempt() + calls.options.longest_lag)
{
}

asio::awaitable<bool> looks::again()
{
    using clock = std::chrono::steady_clock;
    const bool has_end = end_ != clock::time_point();
    if (!is_first_) {
        if (has_end ? last_began_ >= end_ : left_ == 0)
            co_return false;
        const auto rest = has_end ? std::max(end_ - clock::now(), clock::duration::zero()) : pause_;
        co_await calls_.wait(std::min(pause_, rest));
        pause_ *= 2;
        if (has_end)
            pause_ = std::min<clock::duration>(pause_, longest_pause);
    }
    is_first_ = false;
    left_ -= has_end ? 0 : 1;
    last_began_ = clock::now();
    co_return true;
}

bool has_signed_in_since(const made_thing& what, std::chrono::system_clock::time_point last)
{
    return what.kind == import_step::create || last + clocks_apart >= what.made_at;
}

error no_such_role(std::string operation, const std::string& name)
{
    error_details details;
    details.kind = error_kind::invalid_request;
    details.operation = std::move(operation);
    details.text = "there is no role " + name;
    service_error why;
    why.code = "role_unknown";
    why.message = details.text;
    details.errors.push_back(std::move(why));
    return error(std::move(details));
}

step_result failed_with(import_step step, std::string code, std::string message, std::string param)
{
    step_result result;
    result.failure.emplace(step, refusal(std::move(code), std::move(param), std::move(message)));
    return result;
}

step_result says_nothing(import_step step)
{
    auto result =
        failed_with(step, "empty_answer", "the service says that it was done, and not what, and it is not found");
    result.failure->outcome_unknown = true;
    return result;
}

step_result done_with(std::string id, bool made)
{
    step_result result;
    result.id = std::move(id);
    result.made = made;
    return result;
}

} // namespace usher::bulk
