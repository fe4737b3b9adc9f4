// Instances whose organizations have no slugs: the marker alone tells whose one is, and only listings find it. They
// lag, so that a creation of unknown outcome is looked for as long as that may take before it is sent again.
#include "bulk/target/clerk_encode.hpp"
#include "bulk/target/clerk_target.hpp"

#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

constexpr std::int64_t page_size = 500;

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
    auto pause = calls_.options.pause;
    for (int look = 1; slugs_ == slugs::not_known; ++look) {
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
            slugs_ = (*found)->slug.empty() ? slugs::disabled : slugs::enabled;
            co_return co_await adopt(which, std::move(**found), in, answer);
        }
        if (look == calls_.options.attempts) {
            const auto why = first_part_first();
            auto result = calls_.unknown(import_step::create, why);
            result.failure->outcome_unknown = in.any();
            result.hopeless = why;
            co_return result;
        }
        co_await calls_.wait(pause);
        pause *= 2;
    }
    co_return std::nullopt;
}

asio::awaitable<clerk_target::found_organization> clerk_target::find_by_marker(const organization& which,
                                                                               raw_answer& answer)
{
    clerk::list_organizations_params filter;
    filter.query = which.name;
    // To its end, as it is sorted by when the source says that they were created. What is created meanwhile pushes
    // others back, so that one may be seen twice, and none is passed over.
    filter.order_by = std::string("-created_at");
    filter.limit = page_size;
    for (std::int64_t offset = 0;; offset += page_size) {
        filter.offset = offset;
        const auto options = calls_.look(answer);
        auto listed = co_await client_.organizations().list(filter, options);
        if (!listed)
            co_return listed.error();
        calls_.heard();
        for (auto& found : listed->data)
            if (marked_source(found) == which.id)
                co_return std::optional<clerk::organization>(std::move(found));
        if (listed->data.size() < static_cast<std::size_t>(page_size))
            break;
    }
    co_return std::optional<clerk::organization>();
}

/// Nothing: it does not show.
asio::awaitable<std::optional<step_result>> clerk_target::look_for_marker(const organization& which, const doubt& in)
{
    auto pause = calls_.options.pause;
    for (int look = 1; look <= calls_.options.attempts; ++look) {
        if (look > 1) {
            co_await calls_.wait(pause);
            pause *= 2;
        }
        raw_answer answer;
        auto found = co_await find_by_marker(which, answer);
        if (!found)
            co_return calls_.unknown(import_step::create, found.error());
        if (*found)
            co_return co_await adopt(which, std::move(**found), in, answer);
    }
    co_return std::nullopt;
}

asio::awaitable<step_result> clerk_target::create_unnamed(const organization& which, doubt& in)
{
    const auto params = create_params(which, std::string());
    for (int attempt = 1;; ++attempt) {
        // Nothing refuses a second one: what is there is looked for even without a doubt.
        if (in.any()) {
            auto marked = co_await look_for_marker(which, in);
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
        // Another part may be creating it at this very moment.
        if (calls_.options.part > 0) {
            auto marked = co_await look_for_marker(which, in);
            if (marked)
                co_return std::move(*marked);
            auto result = failed_with(import_step::create, "no_slugs",
                                      "organizations have no slugs here, so that the first part alone creates them, "
                                      "and this one is not there yet: retry when the first part has ended");
            result.failure->outcome_unknown = in.any();
            co_return result;
        }
        const auto options = calls_.calls();
        auto made = co_await client_.organizations().create(params, options);
        if (made) {
            calls_.heard();
            co_return co_await complete(which, std::move(*made));
        }
        const error why = made.error();
        if (!may_have_happened(why) && !in.any())
            co_return calls_.failed(import_step::create, why);
        if (!may_have_happened(why) || attempt == calls_.options.attempts)
            co_return calls_.unknown(import_step::create, why);
        in.raise();
        calls_.counters.repeated += 1;
    }
}

} // namespace usher::bulk
