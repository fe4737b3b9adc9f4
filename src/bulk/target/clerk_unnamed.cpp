// Instances whose organizations have no slugs: the marker alone tells whose one is, and only listings find it. They
// lag, and nothing refuses a second one: a creation of unknown outcome is looked for as long as that may take
// (`longest_lag`) before it is sent again. A job that is begun anew finds what another one made before that.
#include "bulk/target/clerk_encode.hpp"
#include "bulk/target/clerk_target.hpp"

#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

constexpr std::int64_t page_size = 500;

/// A part of the name that is in it however the service trims its ends.
std::string trimmed(const std::string& name)
{
    const auto first = name.find_first_not_of(" \t\r\n");
    return first == std::string::npos ? std::string()
                                      : name.substr(first, name.find_last_not_of(" \t\r\n") + 1 - first);
}

error first_part_first()
{
    error_details details;
    details.kind = error_kind::invalid_request;
    details.operation = "CreateOrganization";
    details.text = "organizations are begun by the first part alone, as nothing would refuse a second one where they "
                   "have no slugs: start part 1, then go on with this one";
    service_error why;
    why.code = "first_part_first";
    why.message = details.text;
    details.errors.push_back(std::move(why));
    return error(std::move(details));
}

} // namespace

/// Parts know nothing of each other, and two first creations at once would tell too late that there are no slugs: what
/// the first part made tells the others. Nothing: it is known.
asio::awaitable<std::optional<step_result>> clerk_target::learn_slugs(const organization& which, const doubt& in)
{
    looks each(calls_);
    while (slugs_ == slugs::not_known) {
        const bool more = co_await each.again();
        if (!more) {
            const auto why = first_part_first();
            auto result = calls_.unknown(import_step::create, why);
            result.failure->outcome_unknown = in.any();
            result.hopeless = why;
            co_return result;
        }
        raw_answer answer;
        for (const auto& slug : slug_candidates(which)) {
            auto found = co_await find_by_slug(slug, answer);
            if (!found)
                co_return calls_.unknown(import_step::create, found.error());
            if (!*found || marked_source(**found) != which.id)
                continue;
            slugs_ = slugs::enabled;
            co_return co_await adopt(which, std::move(**found), in, answer);
        }
        auto found = co_await find_by_marker(which, answer);
        if (!found)
            co_return calls_.unknown(import_step::create, found.error());
        if (*found) {
            learn_from(**found);
            co_return co_await adopt(which, std::move(**found), in, answer);
        }
    }
    co_return std::nullopt;
}

asio::awaitable<clerk_target::found_organization> clerk_target::find_by_marker(const organization& which,
                                                                               raw_answer& answer)
{
    clerk::list_organizations_params filter;
    filter.query = trimmed(which.name);
    // To its end, as it is sorted by when the source says that they were created. What is created meanwhile pushes
    // others back, so that one may be seen twice, and none is passed over.
    filter.order_by = std::string("-created_at");
    filter.limit = page_size;
    for (std::int64_t offset = 0;;) {
        filter.offset = offset;
        const auto options = calls_.look(answer);
        auto listed = co_await client_.organizations().list(filter, options);
        if (!listed)
            co_return listed.error();
        calls_.heard();
        for (auto& found : listed->data)
            if (marked_source(found) == which.id)
                co_return std::optional<clerk::organization>(std::move(found));
        // The service may give less than it is asked for.
        offset += static_cast<std::int64_t>(listed->data.size());
        if (listed->data.empty() || offset >= listed->total_count)
            break;
    }
    co_return std::optional<clerk::organization>();
}

/// Looks until a listing that does not show it is proof. `slugs_would_tell`: it was sent with a slug, so that the look
/// is over when another record's creation has told meanwhile that there are slugs. Nothing: it is not there.
asio::awaitable<std::optional<step_result>> clerk_target::look_for_marker(const organization& which, const doubt& in,
                                                                          bool slugs_would_tell)
{
    looks each(calls_, in);
    for (;;) {
        const bool more = co_await each.again();
        if (!more || (slugs_would_tell && slugs_ == slugs::enabled))
            co_return std::nullopt;
        raw_answer answer;
        auto found = co_await find_by_marker(which, answer);
        if (!found)
            co_return calls_.unknown(import_step::create, found.error());
        if (*found)
            co_return co_await adopt(which, std::move(**found), in, answer);
    }
}

/// The first part may be creating it at this very moment, or its listing lag.
asio::awaitable<step_result> clerk_target::take_from_first_part(const organization& which, const doubt& in)
{
    looks each(calls_);
    for (;;) {
        const bool more = co_await each.again();
        if (!more)
            break;
        raw_answer answer;
        auto found = co_await find_by_marker(which, answer);
        if (!found && in.any())
            co_return calls_.unknown(import_step::create, found.error());
        if (!found)
            co_return calls_.failed(import_step::create, found.error());
        if (*found)
            co_return co_await adopt(which, std::move(**found), in, answer);
    }
    auto result =
        failed_with(import_step::create, "no_slugs",
                    "organizations have no slugs here, so that the first part alone creates them, and this one "
                    "is not there yet: retry when the first part has ended");
    result.failure->outcome_unknown = in.any();
    co_return result;
}

asio::awaitable<step_result> clerk_target::create_unnamed(const organization& which, doubt& in)
{
    const auto params = create_params(which, std::string(), this_moment());
    std::optional<error> last;
    for (int attempt = 1;; ++attempt) {
        // Nothing refuses a second one: what is there is looked for even without a doubt.
        if (in.any()) {
            auto marked = co_await look_for_marker(which, in, false);
            if (marked)
                co_return std::move(*marked);
        } else {
            raw_answer answer;
            auto found = co_await find_by_marker(which, answer);
            if (!found)
                co_return calls_.failed(import_step::create, found.error());
            if (*found)
                co_return co_await adopt(which, std::move(**found), in, answer);
        }
        if (last && (!may_have_happened(*last) || attempt > calls_.options.attempts))
            co_return calls_.failed(import_step::create, *last);
        if (calls_.options.part > 0)
            co_return co_await take_from_first_part(which, in);
        const auto options = calls_.unguarded();
        auto made = co_await client_.organizations().create(params, options);
        if (made) {
            calls_.heard();
            learn_from(*made);
            co_return co_await complete(which, std::move(*made));
        }
        last = made.error();
        if (!may_have_happened(*last)) {
            if (!in.any())
                co_return calls_.failed(import_step::create, *last);
            continue;
        }
        in.raise();
        calls_.counters.repeated += attempt == calls_.options.attempts ? 0U : 1U;
    }
}

} // namespace usher::bulk
