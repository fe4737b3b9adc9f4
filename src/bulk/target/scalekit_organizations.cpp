// Creating one organization so that it is there exactly once.
#include "bulk/target/scalekit_encode.hpp"
#include "bulk/target/scalekit_target.hpp"

#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

asio::awaitable<scalekit_target::found_organization> scalekit_target::find_organization(const std::string& external_id,
                                                                                        raw_answer& answer)
{
    using organization_type = scalekit::organizations_organization;
    const auto options = calls_.look(answer);
    auto got = co_await client_.organizations().get_by_external_id(external_id, options);
    if (!got && !got.error().is_not_found())
        co_return got.error();
    calls_.heard();
    if (got && got->organization && got->organization->external_id == external_id)
        co_return std::optional<organization_type>(std::move(*got->organization));
    co_return std::optional<organization_type>();
}

asio::awaitable<step_result> scalekit_target::create_organization(const step_request& request,
                                                                  const organization& which)
{
    const auto params = scalekit_params(which);
    doubt in(request);
    bool look = request.in_doubt;
    std::optional<error> last;
    auto pause = calls_.options.pause;
    for (int attempt = 1;; ++attempt) {
        if (look) {
            raw_answer answer;
            auto found = co_await find_organization(which.id, answer);
            if (!found)
                co_return calls_.unknown(import_step::create, found.error());
            if (*found) {
                const auto created = (*found)->create_time;
                auto done = done_with((*found)->id.value_or(std::string()),
                                      in.explains(std::chrono::floor<std::chrono::milliseconds>(created), answer));
                done.recovered = done.made;
                calls_.counters.recovered += done.recovered ? 1U : 0U;
                co_return done;
            }
            if (last && (!may_have_happened(*last) || attempt > calls_.options.attempts))
                co_return calls_.failed(import_step::create, *last);
            if (attempt > calls_.options.attempts)
                co_return says_nothing(import_step::create);
        }
        const auto options = calls_.calls();
        auto made = co_await client_.organizations().create(params, options);
        if (made && made->organization && made->organization->id) {
            calls_.heard();
            co_return done_with(*made->organization->id, true);
        }
        look = true;
        if (!made) {
            last = made.error();
            if (is_taken(*last))
                in.raise_if_repeated(*last);
            if (!is_taken(*last) && !may_have_happened(*last) && !in.any())
                co_return calls_.failed(import_step::create, *last);
            if (!may_have_happened(*last))
                continue;
        }
        in.raise();
        calls_.counters.repeated += attempt == calls_.options.attempts ? 0U : 1U;
        co_await calls_.wait(pause);
        pause *= 2;
    }
}

} // namespace usher::bulk
