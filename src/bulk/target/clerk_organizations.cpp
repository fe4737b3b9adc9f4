// Creating one organization so that it is there exactly once. Clerk has no external_id for them: the slug, which is
// unique, is made from what the source has, and a marker in the metadata tells whose it is.
#include "bulk/target/clerk_encode.hpp"
#include "bulk/target/clerk_target.hpp"

#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

asio::awaitable<clerk_target::found_organization> clerk_target::find_by_slug(const std::string& slug,
                                                                             raw_answer& answer)
{
    const auto options = calls_.look(answer);
    auto got = co_await client_.organizations().get(slug, options);
    if (got) {
        calls_.heard();
        co_return std::optional<clerk::organization>(std::move(*got));
    }
    if (!got.error().is_not_found())
        co_return got.error();
    calls_.heard();
    co_return std::optional<clerk::organization>();
}

/// A creation just made this one.
void clerk_target::learn_from(const clerk::organization& made) noexcept
{
    slugs_ = made.slug.empty() ? slugs::disabled : slugs::enabled;
}

/// What a creation does not take is set after it.
asio::awaitable<step_result> clerk_target::complete(const organization& which, clerk::organization made)
{
    auto done = done_with(made.id, true);
    if (made.slug.empty() && !which.slug.empty())
        done.notes.emplace_back("slug", "the instance has no slugs for organizations");
    if (!which.admin_delete_enabled || *which.admin_delete_enabled == made.admin_delete_enabled)
        co_return done;
    clerk::update_organization_params change;
    change.admin_delete_enabled = *which.admin_delete_enabled;
    const auto options = calls_.repeated();
    auto changed = co_await client_.organizations().update(made.id, change, options);
    if (changed)
        co_return done;
    co_return calls_.incomplete(import_step::create, std::move(done), changed.error());
}

asio::awaitable<step_result> clerk_target::adopt(const organization& which, clerk::organization found, const doubt& in,
                                                 const raw_answer& answer)
{
    // A resumption has nothing else to learn it from where all that it begins is in doubt.
    if (slugs_ == slugs::not_known && !found.slug.empty())
        slugs_ = slugs::enabled;
    // `created_at` may be what a source said, and what changes `updated_at` may be anybody: what tells is what was
    // sent.
    const auto sent = marked_time(found);
    const bool ours = sent ? in.explains_sent(*sent) : !which.created_at && in.explains(found.created_at, answer);
    if (!ours)
        co_return done_with(found.id, false);
    auto done = co_await complete(which, std::move(found));
    done.recovered = true;
    calls_.counters.recovered += 1;
    co_return done;
}

/// Creates an organization under one slug. Nothing: the slug is somebody else's.
asio::awaitable<std::optional<step_result>> clerk_target::try_slug(const organization& which, const std::string& slug,
                                                                   doubt& in)
{
    const auto params = create_params(which, slug, this_moment());
    std::optional<error> last;
    auto pause = calls_.options.pause;
    for (int attempt = 1;; ++attempt) {
        if (last) {
            raw_answer answer;
            auto found = co_await find_by_slug(slug, answer);
            if (!found)
                co_return calls_.unknown(import_step::create, found.error());
            if (*found && marked_source(**found) == which.id)
                co_return co_await adopt(which, std::move(**found), in, answer);
            if (*found || is_taken(*last))
                co_return std::nullopt;
            // That no slug shows this one proves nothing where there are none.
            if (slugs_ == slugs::not_known) {
                auto marked = co_await look_for_marker(which, in, true);
                if (marked)
                    co_return marked;
            }
            if (slugs_ == slugs::disabled)
                co_return co_await create_unnamed(which, in);
            if (!may_have_happened(*last) || attempt > calls_.options.attempts)
                co_return calls_.failed(import_step::create, *last);
        }
        const auto options = slugs_ == slugs::enabled ? calls_.calls() : calls_.unguarded();
        auto made = co_await client_.organizations().create(params, options);
        if (made) {
            calls_.heard();
            learn_from(*made);
            co_return co_await complete(which, std::move(*made));
        }
        last = made.error();
        if (is_taken(*last)) {
            in.raise_if_repeated(*last);
            continue;
        }
        if (!may_have_happened(*last)) {
            // No slug is taken at all, or not this one: what is made without tells.
            if (names_member(*last, "slug"))
                co_return co_await create_unnamed(which, in);
            if (!in.any())
                co_return calls_.failed(import_step::create, *last);
            continue;
        }
        in.raise();
        calls_.counters.repeated += attempt == calls_.options.attempts ? 0U : 1U;
        co_await calls_.wait(pause);
        pause *= 2;
    }
}

/// What an earlier run may have made. Nothing: it is not there.
asio::awaitable<std::optional<step_result>> clerk_target::find_lost(const organization& which,
                                                                    const std::vector<std::string>& slugs_of_it,
                                                                    const doubt& in)
{
    // The first one may have been somebody's then, and free now.
    for (const auto& slug : slugs_of_it) {
        raw_answer answer;
        auto found = co_await find_by_slug(slug, answer);
        if (!found)
            co_return calls_.unknown(import_step::create, found.error());
        if (*found && marked_source(**found) == which.id)
            co_return co_await adopt(which, std::move(**found), in, answer);
    }
    if (slugs_ == slugs::enabled)
        co_return std::nullopt;
    const bool slugs_would_tell = slugs_ == slugs::not_known;
    auto marked = co_await look_for_marker(which, in, slugs_would_tell);
    co_return marked;
}

asio::awaitable<step_result> clerk_target::create_organization(const step_request& request, const organization& which)
{
    doubt in(request);
    if (request.made_entity && !request.target_id.empty()) {
        // Made before, and not complete.
        raw_answer answer;
        auto found = co_await find_by_slug(request.target_id, answer);
        if (!found)
            co_return calls_.unknown(import_step::create, found.error());
        if (*found)
            co_return co_await complete(which, std::move(**found));
    }
    if (slugs_ == slugs::not_known && calls_.options.part > 0) {
        auto refused = co_await learn_slugs(which, in);
        if (refused)
            co_return std::move(*refused);
    }
    if (slugs_ == slugs::disabled)
        co_return co_await create_unnamed(which, in);
    const auto candidates = slug_candidates(which);
    if (in.any()) {
        auto lost = co_await find_lost(which, candidates, in);
        if (lost)
            co_return std::move(*lost);
        if (slugs_ == slugs::disabled)
            co_return co_await create_unnamed(which, in);
    }
    for (const auto& slug : candidates) {
        auto done = co_await try_slug(which, slug, in);
        if (done)
            co_return std::move(*done);
    }
    co_return failed_with(import_step::create, "identifier_taken", "other organizations have every slug made for it",
                          "slug");
}

} // namespace usher::bulk
